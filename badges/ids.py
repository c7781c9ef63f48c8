"""New identifiers and random numbers. Everything that needs one takes a `RandomSource`, so that a test can fix it."""

from __future__ import annotations

import secrets
import uuid
from typing import Protocol


class RandomSource(Protocol):
    """Where randomness comes from."""

    def uuid(self) -> uuid.UUID:
        """Return a new random UUID (version 4)."""
        ...

    def below(self, limit: int) -> int:
        """Return a number from 0 to limit - 1, each equally likely."""
        ...

    def token(self, size_bytes: int) -> str:
        """Return lower-case hexadecimal text of that many random bytes."""
        ...


class SystemRandom:
    """The operating system's cryptographic randomness."""

    def uuid(self) -> uuid.UUID:
        return uuid.uuid4()

    def below(self, limit: int) -> int:
        return secrets.randbelow(limit)

    def token(self, size_bytes: int) -> str:
        return secrets.token_hex(size_bytes)


def read_id(text: str) -> uuid.UUID:
    """Return an identifier that somebody typed, given as such or as the address of the thing. Raises ValueError."""
    return uuid.UUID(text.rstrip("/").rsplit("/", 1)[-1].split(".")[0])
