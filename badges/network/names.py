"""Host names into numeric addresses, in bounded time."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable

Resolve = Callable[[str, int, float], list[str]]


def resolve_name(host: str, port: int, timeout_seconds: float) -> list[str]:
    """Return the numeric addresses of a host, in the system's order; none if there is no such host.

    The system's resolver has no time limit of its own, so it is asked in a thread that is left behind when it
    takes too long.

    Raises TimeoutError.
    """
    answers: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
    threading.Thread(target=lambda: answers.put(_ask_system(host, port)), daemon=True).start()
    try:
        return answers.get(timeout=timeout_seconds)
    except queue.Empty as error:
        raise TimeoutError(f"no answer about the name {host}") from error


def _ask_system(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(sockaddr[0]) for _, _, _, _, sockaddr in found))
