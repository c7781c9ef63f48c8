"""How often something was tried, counted for all serving processes together, in a small SQLite file of its own.

The file knows no visitor: what is counted is kept under a keyed hash, and a count is gone at the first try after its
time is over. A new server begins with an empty file.
"""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from limits.storage import Storage

SCHEME: Final = "badges-tries"
_FILE: Final = "tries.sqlite"
_TABLE: Final = "CREATE TABLE IF NOT EXISTS tries (name BLOB PRIMARY KEY, count INTEGER NOT NULL, ends REAL NOT NULL)"
_COUNT: Final = (
    "INSERT INTO tries (name, count, ends) VALUES (?, ?, ?) "
    "ON CONFLICT (name) DO UPDATE SET count = count + excluded.count RETURNING count"
)


def tries_file(instance_folder: Path) -> Path:
    """Return where the counts of an instance are."""
    return instance_folder / _FILE


def forget_tries(instance_folder: Path) -> None:
    """Begin anew: a file that a power cut has damaged goes with it."""
    path = tries_file(instance_folder)
    for each in (path, path.with_name(f"{_FILE}-journal")):
        each.unlink(missing_ok=True)


class SharedTries(Storage):
    """The counters behind Flask-Limiter.

    filename: the file. secret: hex, of the keyed hash. clock: seconds since 1970.
    """

    STORAGE_SCHEME: list[str] | None = [SCHEME]  # noqa: RUF012 — as its base class has it

    def __init__(
        self,
        uri: str | None = None,
        wrap_exceptions: bool = False,
        *,
        filename: str,
        secret: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(uri, wrap_exceptions)
        self._filename = filename
        self._secret = bytes.fromhex(secret)
        self._clock = clock
        Path(filename).parent.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count one more, and forget all whose time is over."""
        now = self._clock()
        with self._opened() as file:
            file.execute("BEGIN IMMEDIATE")
            file.execute("DELETE FROM tries WHERE ends <= ?", (now,))
            (count,) = file.execute(_COUNT, (self._name(key), amount, now + expiry)).fetchone()
            file.execute("COMMIT")
        return int(count)

    def get(self, key: str) -> int:
        """Return the count as it is."""
        return int(self._row(key)[0])

    def get_expiry(self, key: str) -> float:
        """Return when the count begins anew, in seconds since 1970."""
        return float(self._row(key)[1])

    def check(self) -> bool:
        """Return whether the file can be read."""
        return self.get("") == 0

    def reset(self) -> int | None:
        """Forget everything; return how many counts there were."""
        with self._opened() as file:
            return file.execute("DELETE FROM tries").rowcount

    def clear(self, key: str) -> None:
        """Forget one count."""
        with self._opened() as file:
            file.execute("DELETE FROM tries WHERE name = ?", (self._name(key),))

    def _row(self, key: str) -> tuple[int, float]:
        now = self._clock()
        with self._opened() as file:
            found = file.execute(
                "SELECT count, ends FROM tries WHERE name = ? AND ends > ?", (self._name(key), now)
            ).fetchone()
        return found or (0, now)

    def _name(self, key: str) -> bytes:
        return hmac.digest(self._secret, key.encode(), hashlib.sha256)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        # A connection for each count costs less than a thousandth of a second and needs no care of threads and forks.
        file = sqlite3.connect(self._filename, timeout=5, isolation_level=None)
        try:
            file.execute("PRAGMA synchronous = OFF")
            file.execute(_TABLE)
            yield file
        finally:
            file.close()
