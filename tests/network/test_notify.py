"""GOV.UK Notify, with a server of this machine in its place that answers as its documentation says."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import jwt
import pytest

from badges.bootstrap import make_mailer
from badges.errors import ConfigurationError
from badges.jobs.tasks import deliver_due_mail, note_bounces
from badges.network.mailers import FolderMailer, MailDelayedError, MailRefusedError, SmtpMailer, Undelivered
from badges.network.notify import NotifyMailer
from badges.storage.records import MailState, OutboxMailRecord
from tests.instances import Bench, Folders

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"my_test_key-{SERVICE}-{SECRET}"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
GOOD_TEMPLATE = {"subject": "((subject))", "body": "((body))"}


class Notify:
    """What the server answers, by method and path, and what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], tuple[int, Any]] = {}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.url = ""


@contextmanager
def notify() -> Iterator[Notify]:
    state = Notify()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._answer()

        def do_GET(self) -> None:
            self._answer()

        def _answer(self) -> None:
            token = self.headers["Authorization"].removeprefix("Bearer ")
            assert jwt.decode(token, SECRET, algorithms=["HS256"])["iss"] == SERVICE
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = self.path.partition("?")[0]
            state.asked.append((self.path, json.loads(body) if body else {}))
            status, answer = state.answers[(self.command, path)]
            data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def there() -> Iterator[Notify]:
    with notify() as state:
        state.answers[("POST", "/v2/notifications/email")] = (201, {})
        yield state


def mail() -> EmailMessage:
    message = EmailMessage()
    message["To"] = "Sam <sam@example.org>"
    message["Subject"] = "Your badge"
    message["Message-ID"] = "<6f1c2a9e-0d5b-4a57-9e37-2f8d3b6c1a00@badges.example.org>"
    message.set_content("The text.\n")
    message.add_alternative("<p>The HTML.</p>", subtype="html")
    return message


def problem(status: int, message: str) -> tuple[int, Any]:
    return status, {"status_code": status, "errors": [{"error": "Error", "message": message}]}


def test_mail_goes_as_text_under_its_own_number(there: Notify) -> None:
    NotifyMailer(KEY, TEMPLATE, there.url).send(mail())
    [(_, body)] = there.asked
    assert body == {
        "email_address": "sam@example.org",
        "template_id": TEMPLATE,
        "reference": "6f1c2a9e-0d5b-4a57-9e37-2f8d3b6c1a00",
        "personalisation": {"subject": "Your badge", "body": "The text.\n"},
    }


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (problem(400, "email_address Not a valid email address"), MailRefusedError),
        (problem(400, "Missing personalisation: body"), MailDelayedError),
        (problem(403, "Invalid token: API key not found"), MailDelayedError),
        (problem(429, "Exceeded rate limit"), MailDelayedError),
        ((500, b"<html>"), MailDelayedError),
        ((200, b"[]"), MailDelayedError),
    ],
)
def test_what_is_not_taken(there: Notify, answer: Any, error: type[Exception]) -> None:
    there.answers[("POST", "/v2/notifications/email")] = answer
    with pytest.raises(error) as raised:
        NotifyMailer(KEY, TEMPLATE, there.url).send(mail())
    assert SECRET not in str(raised.value)
    assert getattr(raised.value, "is_server_gone", True)


def test_server_that_is_gone(there: Notify) -> None:
    with pytest.raises(MailDelayedError) as raised:
        NotifyMailer(KEY, TEMPLATE, "http://127.0.0.1:1").send(mail())
    assert raised.value.is_server_gone


def test_check_looks_at_the_template(there: Notify) -> None:
    mailer = NotifyMailer(KEY, TEMPLATE, there.url)
    there.answers[("GET", f"/v2/template/{TEMPLATE}")] = (200, GOOD_TEMPLATE)
    assert mailer.check() == "GOV.UK Notify answers."
    there.answers[("GET", f"/v2/template/{TEMPLATE}")] = (200, {"subject": "Badge", "body": "((body))"})
    with pytest.raises(MailDelayedError, match=r"\(\(subject\)\)"):
        mailer.check()
    there.answers[("GET", f"/v2/template/{TEMPLATE}")] = problem(404, "No result found")
    with pytest.raises(MailDelayedError, match="No result found"):
        mailer.check()


def test_mails_that_came_back_are_marked_once(there: Notify, bench: Bench) -> None:
    bench.award()
    bench.award(email="kim@example.org")
    bench.deliver()
    with bench.service.database.read() as session:
        first = session.query(OutboxMailRecord).order_by(OutboxMailRecord.created_at).first()
        assert first is not None
        number = str(first.id)
    there.answers[("GET", "/v2/notifications")] = (
        200,
        {
            "notifications": [
                {"reference": number, "status": "permanent-failure"},
                {"reference": "somebody else's", "status": "temporary-failure"},
                {"reference": None, "status": "permanent-failure"},
            ]
        },
    )
    service = bench.again()
    object.__setattr__(service, "mailer", NotifyMailer(KEY, TEMPLATE, there.url))
    assert note_bounces(service) == 1
    assert note_bounces(service) == 0
    with bench.service.database.read() as session:
        found = session.get_one(OutboxMailRecord, UUID(number))
        assert (found.state, found.problem) == (MailState.BOUNCED, "There is no such mailbox.")
        assert session.query(OutboxMailRecord).filter_by(state="sent").count() == 1


def test_bounces_that_cannot_be_asked_wait(there: Notify, bench: Bench) -> None:
    there.answers[("GET", "/v2/notifications")] = problem(403, "Invalid token")
    service = bench.again()
    object.__setattr__(service, "mailer", NotifyMailer(KEY, TEMPLATE, there.url))
    assert note_bounces(service) == 0
    assert note_bounces(bench.service) == 0


def test_whole_way_from_an_award(there: Notify, folders: Folders, bench: Bench) -> None:
    bench.award()
    service = bench.again()
    object.__setattr__(service, "mailer", NotifyMailer(KEY, TEMPLATE, there.url))
    assert deliver_due_mail(service) == 1
    [(_, body)] = there.asked
    assert "/mine/" in body["personalisation"]["body"]
    assert not list(folders.outbox.glob("*.eml"))


def test_settings_choose_the_mailer(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(make_mailer(folders.settings()), FolderMailer)
    assert isinstance(make_mailer(folders.settings(smtp_url="smtp://localhost")), SmtpMailer)
    both = {"notify_key": KEY, "notify_template": TEMPLATE}
    assert isinstance(make_mailer(folders.settings(**both)), NotifyMailer)
    assert list(folders.outbox.glob("*")) == []


@pytest.mark.parametrize(
    "variables",
    [
        {"notify_key": KEY},
        {"notify_key": KEY, "notify_template": TEMPLATE, "notify_url": "no address"},
        {"notify_template": TEMPLATE},
        {"notify_key": "short", "notify_template": TEMPLATE},
        {"notify_key": KEY, "notify_template": "no id"},
        {"notify_key": KEY, "notify_template": TEMPLATE, "smtp_url": "smtp://localhost"},
    ],
)
def test_settings_that_cannot_be_are_refused_without_the_key(folders: Folders, variables: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError) as raised:
        folders.settings(**variables)
    assert SECRET not in str(raised.value)


def test_nothing_is_known_of_what_others_sent(bench: Bench) -> None:
    nothing: tuple[Undelivered, ...] = ()
    assert FolderMailer(bench.folders.outbox).undelivered() == SmtpMailer("smtp://localhost").undelivered() == nothing
