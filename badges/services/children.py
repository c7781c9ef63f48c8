"""Child processes that open what comes from outside: each may fail without harm to this one."""

from __future__ import annotations

import subprocess
import sys
from threading import BoundedSemaphore

from badges.errors import UnavailableError
from badges.wording import Wording


class Child:
    """One kind of work that is done in a child process of its own each time."""

    def __init__(self, module: str, *, patience_seconds: int, busy: Wording, at_once: int = 2) -> None:
        """module: of ours; it confines itself, reads standard input, and answers on standard output.

        busy: what is said when too many are at work. at_once: each may take the memory of one child.
        """
        self._module, self._patience, self._busy = module, patience_seconds, busy
        self._places = BoundedSemaphore(at_once)

    def ask(self, data: bytes) -> bytes | None:
        """Return the answer; None when the child died or took too long. Raises UnavailableError when all are busy."""
        if not self._places.acquire(timeout=self._patience):
            raise UnavailableError(self._busy)
        try:
            done = subprocess.run(  # noqa: S603 — our own module, and what comes from outside only on its input
                [sys.executable, "-m", self._module],
                input=data,
                capture_output=True,
                timeout=self._patience,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
        finally:
            self._places.release()
        return done.stdout if done.returncode == 0 else None
