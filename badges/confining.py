"""What a child process does first that opens something from outside: little memory, little time, no files."""

from __future__ import annotations

import contextlib
import resource


def confine(memory_bytes: int, cpu_seconds: int) -> None:
    """Let this process have no more than that, and write no file, for the rest of its life."""
    for what, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # a lower limit is set already
            resource.setrlimit(what, (most, most))
