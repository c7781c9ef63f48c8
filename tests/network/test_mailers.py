"""Handing mails over: into a folder, and to a real mail server on this machine."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as default_policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from badges.network.mailers import (
    FolderMailer,
    MailDelayedError,
    MailRefusedError,
    SmtpMailer,
)
from tests.service import free_port


def mail(to: str = "sam@example.org") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Your badge: Zoë’s"
    message["From"] = "Library <badges@example.org>"
    message["To"] = to
    message.set_content("Open it: http://localhost:8000/mine/abc\n")
    return message


class TestFolder:
    def test_writes_one_file_that_a_mail_program_reads(self, tmp_path: Path) -> None:
        FolderMailer(tmp_path / "outbox").send(mail())
        (path,) = (tmp_path / "outbox").iterdir()
        assert path.suffix == ".eml"
        read = message_from_bytes(path.read_bytes(), policy=default_policy)
        assert read["Subject"] == "Your badge: Zoë’s"
        assert "/mine/abc" in read.get_content()

    def test_files_sort_in_the_order_of_sending(self, tmp_path: Path) -> None:
        mailer = FolderMailer(tmp_path)
        for number in range(5):
            mailer.send(mail(f"{number}@example.org"))
        read = [message_from_bytes(path.read_bytes(), policy=default_policy) for path in sorted(tmp_path.iterdir())]
        assert [message["To"] for message in read] == [f"{number}@example.org" for number in range(5)]

    def test_folder_that_cannot_be_written_delays_the_mail(self, tmp_path: Path) -> None:
        (tmp_path / "outbox").write_text("in the way")
        with pytest.raises(MailDelayedError, match="outbox cannot be written"):
            FolderMailer(tmp_path / "outbox").send(mail())


@dataclass
class Handler:
    """What the server says to a recipient and to a message, and what it got."""

    recipient_answer: str = "250 OK"
    data_answer: str = "250 OK"
    got: list[bytes] = field(default_factory=list)
    sessions: list[object] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.data_answer.startswith("250"):
            self.got.append(envelope.content)
            self.sessions.append(session)
            self.secure.append(session.ssl is not None)
        return self.data_answer


@dataclass
class Passwords:
    """The one password that the server takes, and those that it was told."""

    told: list[tuple[bytes, bytes]] = field(default_factory=list)

    def __call__(self, server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
        self.told.append((data.login, data.password))
        return AuthResult(success=data.password == b"p@ss:word", handled=False)


@contextmanager
def serving(handler: Handler, **options: Any) -> Iterator[int]:
    """Run a mail server until the block ends; yields its port."""
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for "localhost" that nobody but a test trusts, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "localhost.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@pytest.fixture
def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have this process trust the certificate, as a machine trusts those of its administrator."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


class TestSmtp:
    def test_hands_the_mail_over(self) -> None:
        handler = Handler()
        with serving(handler) as port:
            SmtpMailer(f"smtp://127.0.0.1:{port}").send(mail())
        (content,) = handler.got
        read = message_from_bytes(content, policy=default_policy)
        assert read["Subject"] == "Your badge: Zoë’s"
        assert read["To"] == "sam@example.org"

    @pytest.mark.parametrize("place", ["recipient_answer", "data_answer"])
    @pytest.mark.parametrize(
        ("answer", "error"),
        [("550 No such user", MailRefusedError), ("552 Full", MailRefusedError), ("451 Later", MailDelayedError)],
    )
    def test_server_s_word_decides_between_later_and_never(
        self, place: str, answer: str, error: type[Exception]
    ) -> None:
        handler = replace(Handler(), **{place: answer})  # type: ignore[arg-type]
        with serving(handler) as port, pytest.raises(error, match=answer[:3]):
            SmtpMailer(f"smtp://127.0.0.1:{port}").send(mail())
        assert handler.got == []

    def test_server_that_is_not_there_delays_the_mail(self) -> None:
        mailer = SmtpMailer(f"smtp://127.0.0.1:{free_port()}")
        with pytest.raises(MailDelayedError, match=r"127\.0\.0\.1 does not answer"):
            mailer.send(mail())
        with pytest.raises(MailDelayedError):
            mailer.check()

    def test_address_in_another_alphabet_waits_for_a_server_that_can(self) -> None:
        handler = Handler()
        with serving(handler, enable_SMTPUTF8=True) as port:
            SmtpMailer(f"smtp://127.0.0.1:{port}").send(mail("zoë@example.org"))
        assert len(handler.got) == 1
        with serving(handler, enable_SMTPUTF8=False) as port, pytest.raises(MailDelayedError):
            SmtpMailer(f"smtp://127.0.0.1:{port}").send(mail("zoë@example.org"))

    def test_mails_of_one_round_go_over_one_connection(self) -> None:
        handler = Handler()
        with serving(handler) as port:
            mailer = SmtpMailer(f"smtp://127.0.0.1:{port}")
            for number in range(3):
                mailer.send(mail(f"person{number}@example.org"))
            mailer.rest()
            mailer.send(mail())
            mailer.rest()
        assert len(handler.got) == 4
        assert len({id(session) for session in handler.sessions}) == 2

    def test_a_refused_mail_does_not_spoil_the_connection(self) -> None:
        handler = Handler(recipient_answer="550 No such user")
        with serving(handler) as port:
            mailer = SmtpMailer(f"smtp://127.0.0.1:{port}")
            with pytest.raises(MailRefusedError):
                mailer.send(mail())
            handler.recipient_answer = "250 OK"
            mailer.send(mail())
            mailer.rest()
        assert len(handler.got) == 1

    def test_a_connection_that_the_server_has_closed_is_opened_again(self) -> None:
        handler = Handler()
        port = free_port()
        mailer = SmtpMailer(f"smtp://127.0.0.1:{port}")
        for _ in range(2):
            controller = Controller(handler, hostname="127.0.0.1", port=port)
            controller.start()
            mailer.send(mail())
            controller.stop()
        with pytest.raises(MailDelayedError):
            mailer.send(mail())
        assert len(handler.got) == 2

    def test_check_finds_a_server(self) -> None:
        with serving(Handler()) as port:
            SmtpMailer(f"smtp://127.0.0.1:{port}").check()


class TestSecurity:
    def test_tls_is_used_where_it_is_offered(self, server_context: ssl.SSLContext, trusted: None) -> None:
        handler = Handler()
        with serving(handler, tls_context=server_context) as port:
            SmtpMailer(f"smtp://localhost:{port}").send(mail())
        assert handler.secure == [True]

    def test_server_that_is_not_who_it_says_gets_nothing(self, server_context: ssl.SSLContext) -> None:
        handler = Handler()
        with serving(handler, tls_context=server_context) as port, pytest.raises(MailDelayedError, match="certificate"):
            SmtpMailer(f"smtp://localhost:{port}").send(mail())
        assert handler.got == []

    def test_password_goes_over_tls_only(self) -> None:
        handler, passwords = Handler(), Passwords()
        with (
            serving(handler, authenticator=passwords, auth_require_tls=False) as port,
            pytest.raises(MailDelayedError) as delay,
        ):
            SmtpMailer(f"smtp://user:p%40ss%3Aword@127.0.0.1:{port}").send(mail())
        assert passwords.told == []
        assert handler.got == []
        assert "p@ss" not in str(delay.value)

    def test_user_and_password_are_decoded(self, server_context: ssl.SSLContext, trusted: None) -> None:
        handler, passwords = Handler(), Passwords()
        with serving(handler, tls_context=server_context, authenticator=passwords) as port:
            SmtpMailer(f"smtp://us%40er:p%40ss%3Aword@localhost:{port}").send(mail())
        assert passwords.told == [(b"us@er", b"p@ss:word")]
        assert len(handler.got) == 1

    def test_wrong_password_delays_the_mail(self, server_context: ssl.SSLContext, trusted: None) -> None:
        handler, passwords = Handler(), Passwords()
        with (
            serving(handler, tls_context=server_context, authenticator=passwords) as port,
            pytest.raises(MailDelayedError) as delay,
        ):
            SmtpMailer(f"smtp://user:geheim@localhost:{port}").send(mail())
        assert handler.got == []
        assert "geheim" not in str(delay.value)

    def test_smtps_is_secure_from_the_first_byte(self, server_context: ssl.SSLContext, trusted: None) -> None:
        handler = Handler()
        with serving(handler, ssl_context=server_context, server_hostname="localhost") as port:
            SmtpMailer(f"smtps://localhost:{port}").send(mail())
        assert len(handler.got) == 1
