"""Handing mails over: to an SMTP server, or into a folder as .eml files."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

_TIMEOUT_SECONDS: Final = 20


class MailRefusedError(Exception):
    """The mail server will not take this mail, ever (5xx, bad address)."""


class MailDelayedError(Exception):
    """It is not taken now; another try may work. is_server_gone: the server does not answer to any mail."""

    def __init__(self, message: str, *, is_server_gone: bool = False) -> None:
        super().__init__(message)
        self.is_server_gone = is_server_gone


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A mail that was taken and did not arrive. mail_id: of its row in the outbox, as text."""

    mail_id: str
    why: str


class Mailer(Protocol):
    """Hands mails over."""

    def send(self, message: EmailMessage) -> None:
        """Hand one mail over. Raises MailRefusedError, MailDelayedError."""
        ...

    def rest(self) -> None:
        """Let go of a connection that was kept for the next mail."""
        ...

    def check(self) -> str:
        """Return in a sentence where mails go. Raises MailDelayedError when they go nowhere."""
        ...

    def undelivered(self) -> Sequence[Undelivered]:
        """Return mails that were taken and did not arrive, where it is known. Raises MailDelayedError."""
        ...


class FolderMailer:
    """Writes each mail as an .eml file, for trying out and for tests: nothing leaves the machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write one file; its name starts with the time, so that files sort. Raises MailDelayedError."""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        path = self._folder / f"{stamp}-{os.getpid()}.eml"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.write_bytes(message.as_bytes(policy=SMTP if str(message["To"]).isascii() else SMTPUTF8))
            fresh.replace(path)
        except OSError as problem:
            raise MailDelayedError(f"The folder {self._folder} cannot be written: {problem.strerror}.") from problem

    def rest(self) -> None:
        """There is nothing to let go of."""

    def check(self) -> str:
        """Return where mails are written. Raises MailDelayedError when the folder cannot be made."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as problem:
            raise MailDelayedError(f"The folder {self._folder} cannot be made: {problem.strerror}.") from problem
        return f"Mails are written into {self._folder}; set BADGES_SMTP_URL to send them."

    def undelivered(self) -> Sequence[Undelivered]:
        """Nothing is known."""
        return ()


class SmtpMailer:
    """Sends through a mail server: smtp:// (with STARTTLS where it is offered, always when there is a password)."""

    def __init__(self, url: str) -> None:
        """url: smtp://user:password@host:587 or smtps://user:password@host:465."""
        parts = urlsplit(url)
        self._secure = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._secure else 587 if parts.username else 25)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._kept: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        """Send one mail; the connection is kept for the next one until `rest`. Not for several threads at a time.

        Raises MailRefusedError, MailDelayedError.
        """
        # Servers close a connection that was idle, or has brought enough mails: then once more. At worst it goes twice.
        for is_last in (True,) if self._kept is None else (False, True):
            try:
                self._send(message)
            except smtplib.SMTPServerDisconnected as problem:
                self.rest()
                if is_last:
                    raise self._gone(problem) from problem
            else:
                return

    def _send(self, message: EmailMessage) -> None:
        try:
            self._kept = self._kept or self._connect()
            self._kept.send_message(message)
        except smtplib.SMTPServerDisconnected:
            raise
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as problem:
            self._raise_by_code(problem)
        except (smtplib.SMTPException, OSError) as problem:
            self.rest()
            raise self._gone(problem) from problem

    def rest(self) -> None:
        """Say goodbye to the server, if it still listens."""
        kept, self._kept = self._kept, None
        if kept is not None:
            try:
                kept.quit()
            except (smtplib.SMTPException, OSError):
                kept.close()

    def check(self) -> str:
        """Open a connection and close it. Raises MailDelayedError."""
        try:
            with self._connect() as server:
                server.noop()
        except (smtplib.SMTPException, OSError) as problem:
            raise self._gone(problem) from problem
        return "The mail server answers."

    def undelivered(self) -> Sequence[Undelivered]:
        """Nothing is known: bounces go to a mailbox that this service does not read."""
        return ()

    def _gone(self, problem: Exception) -> MailDelayedError:
        message = f"The mail server {self._host} does not answer as it should: {problem}"
        return MailDelayedError(message, is_server_gone=isinstance(problem, OSError))

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._secure:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=_TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=_TIMEOUT_SECONDS)
        try:
            server.ehlo()
            if not self._secure and (self._user or server.has_extn("starttls")):
                server.starttls(context=context)
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server

    @staticmethod
    def _raise_by_code(
        problem: smtplib.SMTPRecipientsRefused | smtplib.SMTPSenderRefused | smtplib.SMTPDataError,
    ) -> None:
        if isinstance(problem, smtplib.SMTPRecipientsRefused):
            codes = [answer[0] for answer in problem.recipients.values()]
        else:
            codes = [problem.smtp_code]
        kind = MailRefusedError if all(500 <= code < 600 for code in codes) else MailDelayedError
        raise kind(f"The mail server said {', '.join(map(str, codes))}.") from problem
