"""The signing agent's socket: who may speak, how much, how long. What it does is the desk's matter."""

from __future__ import annotations

import logging
import os
import socket
import socketserver
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from badges.errors import BadgesError, ConfigurationError
from badges.keyring.wire import Letter, address_of, receive_letter, send_letter

_log = logging.getLogger(__name__)
_PATIENCE_SECONDS: Final = 10
_MOST_AT_A_TIME: Final = 64
_CREDENTIALS: Final = struct.Struct("3i")  # process, user, group: unix(7), SO_PEERCRED
Desk = Callable[[Letter], Letter]


class SigningAgent:
    """Answers questions at a socket, each in a thread of its own, until it is stopped."""

    def __init__(self, path: Path, desk: Desk, users: frozenset[int]) -> None:
        """desk: answers a question; what it raises is sent back. users: the numbers of the accounts that may ask."""
        self._path = path
        self._desk = desk
        self._users = users
        self._server: _Server | None = None

    def start(self) -> None:
        """Listen from now on. An agent that listened there before gets no more questions. Raises ConfigurationError."""
        fresh = address_of(f"{self._path}.new")
        try:
            Path(fresh).unlink(missing_ok=True)
            server = _Server(fresh, self._desk, self._users)
            # Others than our own account get through the file's mode first, then by name.
            Path(fresh).chmod(0o600 if self._users <= {0, os.getuid()} else 0o660)
            Path(fresh).replace(self._path)
        except OSError as problem:
            raise ConfigurationError(
                "The signing socket %(path)s cannot be made: %(problem)s. See BADGES_SIGNING_SOCKET.",
                path=self._path,
                problem=problem.strerror,
            ) from problem
        self._server = server
        threading.Thread(target=server.serve_forever, args=(0.5,), name="signing agent", daemon=True).start()

    def stop(self) -> None:
        """Listen no more."""
        if self._server is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._server = None


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, path: str, desk: Desk, users: frozenset[int]) -> None:
        self.desk = desk
        self.users = users
        self.room = threading.BoundedSemaphore(_MOST_AT_A_TIME)
        super().__init__(path, _Conversation)

    def process_request(self, request: object, client_address: object) -> None:
        """Begin a thread. Who comes when all are busy waits in the queue of the socket."""
        self.room.acquire()
        super().process_request(request, client_address)  # type: ignore[arg-type]

    def process_request_thread(self, request: object, client_address: object) -> None:
        try:
            super().process_request_thread(request, client_address)  # type: ignore[arg-type]
        finally:
            self.room.release()

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        _log.exception("A question to the signing agent was not answered")


class _Conversation(socketserver.BaseRequestHandler):
    server: _Server
    request: socket.socket

    def handle(self) -> None:
        user = user_of(self.request)
        if user is not None and user not in self.server.users:
            _log.warning("The account %s asked for a signature and may not", user)
            return
        self.request.settimeout(_PATIENCE_SECONDS)
        try:
            send_letter(self.request, self._answer())
        except OSError:
            _log.info("Who asked for a signature is gone")

    def _answer(self) -> Letter:
        try:
            return self.server.desk(receive_letter(self.request))
        except BadgesError as problem:
            _log.warning("Not signed: %s", problem)
            return Letter({"problem": type(problem).__name__, "message": str(problem)})


def user_of(connection: socket.socket) -> int | None:
    """Return the number of the account on the other side, as the kernel says; None on systems that do not say."""
    if not hasattr(socket, "SO_PEERCRED"):
        return None
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return int(_CREDENTIALS.unpack(credentials)[1])
