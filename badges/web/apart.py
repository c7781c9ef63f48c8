"""Serving without keys (BADGES_SIGN_IN_WEB=0): web process and worker as two children, only one with the passphrase.

The environment that a process is started with can be read from its memory for as long as it runs, and from that of all
that it forks. So the web process is a new program with an environment of its own, and not a fork of this one.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from typing import Any, Final

from badges.bootstrap import Service
from badges.jobs.signing import hide_memory
from badges.web.server import WorkerProcess, require_free_port

_WEB: Final = (sys.executable, "-m", "badges.web")
_SECRET: Final = ("BADGES_KEY_PASSPHRASE", "BADGES_KEY_PASSPHRASE_FILE")
# Who may sign with a key in AWS KMS: profiles and roles too.
_SECRET_PREFIX: Final = "AWS_"  # noqa: S105 — the beginning of a name


def run_apart(service: Service, host: str, port: int, welcome: str, *, with_worker: bool = True) -> None:
    """Serve until stopped by a signal. As `run_server`; ends with the exit code of the web process."""
    require_free_port(host, port)
    service.database.close()
    hide_memory()
    worker = WorkerProcess()
    if with_worker:
        worker.start()
    web = subprocess.Popen(  # noqa: S603 — our own program
        [*_WEB, host, str(port), str(os.getpid())], env=without_secrets(os.environ), stdin=subprocess.PIPE
    )

    def end(*_: Any) -> None:
        web.terminate()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, end)
    web.communicate(welcome.encode())
    worker.stop()
    raise SystemExit(max(web.returncode, 0))


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without anything that opens a key."""
    return {
        name: value
        for name, value in environment.items()
        if name not in _SECRET and not name.startswith(_SECRET_PREFIX)
    }
