"""`python -m badges.web HOST PORT PARENT`: the pages alone, without keys. `badges serve` starts it.

Standard input: what to print once pages are served. It has a one-time link in it, so it is no argument.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from badges.config import read_settings
from badges.web.server import serve_pages


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    host, port, parent = sys.argv[1:]
    welcome = sys.stdin.read()
    threading.Thread(target=_end_with, args=(int(parent),), daemon=True).start()
    serve_pages(read_settings(), host, int(port), welcome)
