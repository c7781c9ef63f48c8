"""How the web process and the signing agent talk: one question and one answer, each a JSON head and bytes."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from typing import Final

from badges.errors import ConfigurationError, RefusedError
from badges.vocab.json import JsonObject

HEAD_LIMIT_BYTES: Final = 4096
# A token with everything inside that may be in a badge of ours, and room.
DATA_LIMIT_BYTES: Final = 8 * 1024 * 1024
# What an address of this kind may be long, on every system that we know.
_PATH_LIMIT_BYTES: Final = 100
_LENGTH_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class Letter:
    """A question or an answer."""

    head: JsonObject
    data: bytes = b""


def address_of(path: object) -> str:
    """Return the socket's address. Raises ConfigurationError when the path is too long for one."""
    text = str(path)
    if len(text.encode()) > _PATH_LIMIT_BYTES:
        raise ConfigurationError(
            "The path of the signing socket is too long: %(path)s. Set BADGES_SIGNING_SOCKET to a shorter one, such as "
            "/run/badges/signing.sock.",
            path=text,
        )
    return text


def send_letter(connection: socket.socket, letter: Letter) -> None:
    """Send all of it. Raises OSError."""
    head = json.dumps(letter.head).encode()
    for part in (head, letter.data):
        connection.sendall(len(part).to_bytes(_LENGTH_BYTES, "big") + part)


def receive_letter(connection: socket.socket) -> Letter:
    """Return what the other side sends.

    Raises OSError, also for an end in the middle; RefusedError for what is too large or no letter.
    """
    head = _receive_part(connection, HEAD_LIMIT_BYTES)
    data = _receive_part(connection, DATA_LIMIT_BYTES)
    try:
        read = json.loads(head)
    except (ValueError, RecursionError) as problem:
        raise RefusedError("This is no question to the signing agent.") from problem
    if not isinstance(read, dict):
        raise RefusedError("This is no question to the signing agent.")
    return Letter(read, data)


def _receive_part(connection: socket.socket, limit: int) -> bytes:
    length = int.from_bytes(_receive_exactly(connection, _LENGTH_BYTES), "big")
    if length > limit:
        raise RefusedError("This is more than the signing agent takes.")
    return _receive_exactly(connection, length)


def _receive_exactly(connection: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = connection.recv(min(length - len(parts), 65536))
        if not part:
            raise ConnectionResetError("The other side ended in the middle.")
        parts += part
    return bytes(parts)
