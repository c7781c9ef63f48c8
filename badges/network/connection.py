"""One HTTP connection to one vetted numeric address, with a deadline for all of it together.

A timeout on a socket is a timeout for each read: a server that sends one byte every nine seconds never meets
it. Here every read gets only what is left until the deadline, and the bytes of the answer are counted.
"""

from __future__ import annotations

import io
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

Connect = Callable[[str, int, float], socket.socket]


class DeadlineError(OSError):
    """The whole exchange took longer than it may."""


class TooManyBytesError(OSError):
    """The answer (with its headers) is longer than it may be."""


@dataclass(slots=True)
class Deadline:
    """A moment on a monotonic clock. monotonic: seconds, never going back."""

    ends_at: float
    monotonic: Callable[[], float]

    def remaining_seconds(self) -> float:
        """Return what is left, more than nothing. Raises DeadlineError when nothing is left."""
        remaining = self.ends_at - self.monotonic()
        if remaining <= 0:
            raise DeadlineError("the deadline has passed")
        return remaining


def open_socket(address: str, port: int, timeout_seconds: float) -> socket.socket:
    """Open a TCP connection to a numeric address. Raises OSError."""
    return socket.create_connection((address, port), timeout=timeout_seconds)


class _BoundedReader(io.RawIOBase):
    """Reads a socket until the deadline, and never more than `limit_bytes`."""

    def __init__(self, sock: socket.socket, deadline: Deadline, limit_bytes: int) -> None:
        super().__init__()
        self._sock = sock
        self._deadline = deadline
        self._left_bytes = limit_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._deadline.remaining_seconds())
        count = self._sock.recv_into(buffer)
        self._left_bytes -= count
        if self._left_bytes < 0:
            raise TooManyBytesError("the answer is too long")
        return count


class _BoundedSocket:
    """The part of a socket that `http.client` uses, with bounded reading."""

    def __init__(self, sock: socket.socket, deadline: Deadline, limit_bytes: int) -> None:
        self._sock = sock
        self._deadline = deadline
        self._limit_bytes = limit_bytes

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self._deadline.remaining_seconds())
        self._sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:  # noqa: ARG002
        return io.BufferedReader(_BoundedReader(self._sock, self._deadline, self._limit_bytes))

    def close(self) -> None:
        """Do nothing: `http.client` calls this when only the headers are read. `shut` does it."""


class VettedConnection(HTTPConnection):
    """Speaks HTTP with the host `host`, but connects to `address` and to nothing else.

    address: numeric, checked by the caller. context: TLS settings, or None for plain HTTP. The certificate
    is checked for `host`, the name in the URL.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        address: str,
        context: ssl.SSLContext | None,
        deadline: Deadline,
        limit_bytes: int,
        connect: Connect,
    ) -> None:
        super().__init__(host, port)
        # The port is left out of the Host header when it is the scheme's own.
        self.default_port = 443 if context is not None else 80
        self._address = address
        self._context = context
        self._deadline = deadline
        self._limit_bytes = limit_bytes
        self._connect = connect
        self._raw: socket.socket | None = None

    def connect(self) -> None:
        """Open the connection, with TLS when there is a context. Raises OSError, ssl.SSLError."""
        sock = self._connect(self._address, self.port, self._deadline.remaining_seconds())
        try:
            sock.settimeout(self._deadline.remaining_seconds())
            if self._context is not None:
                sock = self._context.wrap_socket(sock, server_hostname=self.host)
        except BaseException:
            sock.close()
            raise
        self._raw = sock
        self.sock = _BoundedSocket(sock, self._deadline, self._limit_bytes)

    def shut(self) -> None:
        """Close the connection, whatever state it is in."""
        self.close()
        if self._raw is not None:
            self._raw.close()
