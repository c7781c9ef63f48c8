"""The outbox: every mail has a state; what cannot be sent now is tried again, and one bad mail never stops the rest."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any, cast

import pytest
from sqlalchemy import select, update

from badges.errors import ConflictError, UnavailableError
from badges.jobs.file_queue import FileQueue
from badges.jobs.tasks import deliver_due_mail, renew_status_lists
from badges.network.mailers import FolderMailer, MailDelayedError, MailRefusedError
from badges.services.award_values import find_award
from badges.services.links import LinkPurpose
from badges.services.notices import RETRY_PAUSES, resend_award_mail, take_due_mail
from badges.services.signing_in import LINK_LIFETIME_MINUTES, mail_sign_in_link, use_sign_in_link
from badges.storage.records import MailState, OutboxMailRecord, PersonRecord, SigningKeyRecord, StatusListRecord
from tests.instances import ADMIN, Bench, text_of


@dataclass
class ScriptedMailer:
    """A mail server that refuses whom it is told to. failures: by address, what to raise."""

    failures: dict[str, Exception] = field(default_factory=dict)
    sent: list[EmailMessage] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def rest(self) -> None:
        """There is no connection."""

    def send(self, message: EmailMessage) -> None:
        address = str(message["To"])
        self.asked.append(address)
        if address in self.failures:
            raise self.failures[address]
        self.sent.append(message)


def with_mailer(bench: Bench, **failures: Exception) -> ScriptedMailer:
    """Put a scripted mail server into the service. failures: by the part of the address before the @."""
    mailer = ScriptedMailer({f"{name}@example.org": problem for name, problem in failures.items()})
    bench.service = replace(bench.service, mailer=cast(FolderMailer, mailer))
    return mailer


def mails(bench: Bench) -> list[OutboxMailRecord]:
    with bench.service.database.read() as session:
        return list(session.scalars(select(OutboxMailRecord).order_by(OutboxMailRecord.created_at)))


def the_mail(bench: Bench) -> OutboxMailRecord:
    (mail,) = mails(bench)
    return mail


class TestDelivery:
    def test_waiting_mail_is_sent_once(self, either_bench: Bench) -> None:
        mailer = with_mailer(either_bench)
        either_bench.award()
        assert the_mail(either_bench).state == MailState.WAITING
        assert either_bench.deliver() == 1
        mail = the_mail(either_bench)
        assert (mail.state, mail.attempts, mail.problem) == (MailState.SENT, 1, "")
        assert mail.sent_at == either_bench.clock.now
        assert either_bench.deliver() == 0
        assert len(mailer.sent) == 1

    def test_award_that_fails_queues_nothing(self, bench: Bench) -> None:
        """The mail is written in the transaction of what it tells about."""
        award = bench.award()

        def fail() -> None:
            with bench.service.database.write() as session:
                resend_award_mail(session, bench.service.installation, find_award(session, award.id))
                raise ZeroDivisionError

        bench.deliver()
        with pytest.raises(ZeroDivisionError):
            fail()
        assert len(mails(bench)) == 1

    def test_one_bad_mail_never_stops_the_rest(self, either_bench: Bench) -> None:
        mailer = with_mailer(
            either_bench,
            refused=MailRefusedError("The mail server said 550."),
            later=MailDelayedError("The mail server said 451."),
            odd=RuntimeError("nobody thought of this"),
        )
        for name in ("first", "refused", "later", "odd", "last"):
            either_bench.award(email=f"{name}@example.org")
        assert either_bench.deliver() == 2
        assert {str(message["To"]) for message in mailer.sent} == {"first@example.org", "last@example.org"}
        states = sorted(mail.state for mail in mails(either_bench))
        assert states == [MailState.REFUSED, MailState.SENT, MailState.SENT, MailState.WAITING, MailState.WAITING]

    def test_mail_that_cannot_be_composed_never_stops_the_rest(self, bench: Bench) -> None:
        """A damaged row: the kind of mail has no templates."""
        bench.award(email="first@example.org")
        with bench.service.database.write() as session:
            session.execute(update(OutboxMailRecord).values(notice="nonsense"))
        bench.award(email="second@example.org")
        assert bench.deliver() == 1
        damaged = next(mail for mail in mails(bench) if mail.notice == "nonsense")
        assert damaged.state == MailState.WAITING
        assert "log says why" in damaged.problem

    def test_problem_is_kept_without_what_the_code_said(self, bench: Bench) -> None:
        with_mailer(bench, sam=RuntimeError("secret detail"))
        bench.award()
        bench.deliver()
        assert "secret detail" not in the_mail(bench).problem


class TestRetries:
    def test_pauses_grow_until_it_is_given_up(self, bench: Bench) -> None:
        mailer = with_mailer(bench, sam=MailDelayedError("The mail server said 451."))
        bench.award()
        for attempt, pause in enumerate(RETRY_PAUSES, start=1):
            assert bench.deliver() == 0
            mail = the_mail(bench)
            assert (mail.state, mail.attempts) == (MailState.WAITING, attempt)
            assert mail.next_attempt_at == bench.clock.now + pause
            bench.clock.now += pause - timedelta(seconds=1)
            bench.deliver()
            assert len(mailer.asked) == attempt
            bench.clock.advance(seconds=1)
        bench.deliver()
        mail = the_mail(bench)
        assert (mail.state, mail.attempts) == (MailState.REFUSED, len(RETRY_PAUSES) + 1)
        assert mail.problem == "The mail server said 451."
        assert list(RETRY_PAUSES) == sorted(RETRY_PAUSES)

    def test_what_was_delayed_is_sent_when_the_server_is_back(self, bench: Bench) -> None:
        mailer = with_mailer(bench, sam=MailDelayedError("The mail server said 451."))
        bench.award()
        bench.deliver()
        mailer.failures.clear()
        bench.clock.now += RETRY_PAUSES[0]
        assert bench.deliver() == 1
        assert the_mail(bench).problem == ""

    def test_refused_for_good_is_never_tried_again(self, bench: Bench) -> None:
        mailer = with_mailer(bench, sam=MailRefusedError("The mail server said 550."))
        bench.award()
        bench.deliver()
        bench.clock.advance(days=30)
        bench.deliver()
        assert the_mail(bench).state == MailState.REFUSED
        assert len(mailer.asked) == 1

    def test_mail_that_a_dead_worker_took_is_sent_after_its_lease(self, either_bench: Bench) -> None:
        mailer = with_mailer(either_bench)
        either_bench.award()
        with either_bench.service.database.write() as session:
            taken = take_due_mail(session, either_bench.service.installation)
        assert taken is not None
        assert either_bench.deliver() == 0
        either_bench.clock.advance(minutes=5)
        assert either_bench.deliver() == 1
        assert len(mailer.sent) == 1
        assert the_mail(either_bench).attempts == 2

    def test_repeat_can_be_recognised_by_its_message_id(self, bench: Bench) -> None:
        mailer = with_mailer(bench, sam=MailDelayedError("later"))
        bench.award()
        bench.deliver()
        mailer.failures.clear()
        bench.clock.now += RETRY_PAUSES[0]
        bench.deliver()
        (message,) = mailer.sent
        assert message["Message-ID"] == f"<{the_mail(bench).id}@localhost>"

    def test_two_workers_send_each_mail_once(self, either_bench: Bench) -> None:
        mailer = with_mailer(either_bench)
        for number in range(6):
            either_bench.award(email=f"{number}@example.org")
        other = replace(either_bench.again(), mailer=either_bench.service.mailer)
        threads = [
            threading.Thread(target=deliver_due_mail, args=(service,)) for service in (either_bench.service, other)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(mailer.asked) == [f"{number}@example.org" for number in range(6)]


class TestWhatMailsSay:
    def test_award_s_mail_has_the_link_of_its_holder(self, bench: Bench) -> None:
        award = bench.award(name="Sam Jones", narrative="You led the search.")
        bench.deliver()
        (mail,) = bench.mails()
        assert mail["To"] == "sam@example.org"
        assert "Supporter" in mail["Subject"]
        assert "Anytown Hospitals Library" in mail["From"]
        assert mail["Reply-To"] == ADMIN
        assert mail["Auto-Submitted"] == "auto-generated"
        text = text_of(mail)
        for part in ("Sam Jones", "You led the search.", "http://localhost:8000/mine/"):
            assert part in text
        html = mail.get_body(("html",))
        assert html is not None
        assert "http://localhost:8000/mine/" in html.get_content()
        assert str(award.id) not in mail["Subject"]

    def test_html_of_a_mail_escapes_what_was_typed(self, bench: Bench) -> None:
        bench.award(name="<script>alert(1)</script>", narrative="<img src=x onerror=alert(1)>")
        bench.deliver()
        (mail,) = bench.mails()
        html = mail.get_body(("html",))
        assert html is not None
        assert "<script>alert" not in html.get_content()
        assert "<img src=x" not in html.get_content()

    @pytest.mark.parametrize(
        ("email", "written"),
        [
            ("zoë@example.org", "zoë@example.org"),
            ("sam@bücher.example", "sam@xn--bcher-kva.example"),
            ("o'neil+badges@example.org", "o'neil+badges@example.org"),
        ],
    )
    def test_any_address_can_be_written_to(self, bench: Bench, email: str, written: str) -> None:
        bench.award(email=email)
        assert bench.deliver() == 1
        (mail,) = bench.mails()
        assert mail["To"] == written

    def test_withdrawal_s_mail_says_why(self, bench: Bench) -> None:
        bench.revoke(bench.award(), "twice", note="Only for us")
        bench.deliver()
        mail = bench.mails()[-1]
        assert "awarded twice" in text_of(mail)
        assert "Only for us" not in mail.as_string()

    def test_sign_in_mail_has_link_and_code(self, bench: Bench) -> None:
        with bench.service.database.write() as session:
            mail_sign_in_link(session, bench.service.installation, ADMIN, "mark")
        bench.deliver()
        (mail,) = bench.mails()
        text = text_of(mail)
        assert mail["To"] == ADMIN
        assert "http://localhost:8000/sign-in/" in text
        assert str(LINK_LIFETIME_MINUTES) in text

    def test_sign_in_mail_that_comes_too_late_is_not_sent(self, bench: Bench) -> None:
        mailer = with_mailer(bench)
        with bench.service.database.write() as session:
            mail_sign_in_link(session, bench.service.installation, ADMIN, "mark")
        bench.clock.advance(minutes=LINK_LIFETIME_MINUTES)
        assert bench.deliver() == 0
        assert the_mail(bench).state == MailState.DROPPED
        assert mailer.asked == []

    def test_sign_in_mail_of_a_used_link_is_not_sent(self, bench: Bench) -> None:
        mailer = with_mailer(bench)
        installation = bench.service.installation
        with bench.service.database.write() as session:
            link_id = mail_sign_in_link(session, installation, ADMIN, "mark")
            use_sign_in_link(session, installation, installation.links.token(LinkPurpose.SIGN_IN, link_id), "mark")
        assert bench.deliver() == 0
        assert mailer.asked == []


class TestResending:
    def resend(self, bench: Bench, award_id: Any) -> None:
        with bench.service.database.write() as session:
            resend_award_mail(session, bench.service.installation, find_award(session, award_id))

    def test_sends_the_same_link_again(self, bench: Bench) -> None:
        award = bench.award()
        bench.deliver()
        bench.clock.advance(days=1)
        self.resend(bench, award.id)
        bench.deliver()
        first, second = (text_of(mail) for mail in bench.mails())
        assert first == second

    def test_is_refused_while_one_is_waiting(self, bench: Bench) -> None:
        award = bench.award()
        with pytest.raises(ConflictError, match="waiting"):
            self.resend(bench, award.id)

    def test_is_refused_when_there_is_nobody_to_write_to(self, bench: Bench) -> None:
        award = bench.award(email=None)
        with pytest.raises(ConflictError, match="nobody to write to"):
            self.resend(bench, award.id)


class TestRenewing:
    def test_list_that_cannot_be_signed_stays_and_is_tried_again(
        self, bench: Bench, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The worker logs it and comes back in ten minutes."""
        bench.award()
        fresh = bench.again()
        bench.clock.advance(days=10)
        for path in bench.folders.keys.glob("*.pem"):
            path.rename(path.with_suffix(".away"))
        before = bench.dump()
        assert renew_status_lists(fresh) == 0
        assert "missing" in caplog.text
        assert bench.dump() == before
        for path in bench.folders.keys.glob("*.away"):
            path.rename(path.with_suffix(".pem"))
        assert renew_status_lists(fresh) == 1

    def test_one_that_cannot_be_signed_holds_up_no_other(self, bench: Bench) -> None:
        bench.award()
        bench.add_organisation("elsewhere")
        bench.award("elsewhere/supporter")
        with bench.service.database.read() as session:
            keys = session.scalars(select(SigningKeyRecord.id).where(SigningKeyRecord.organisation_id == 1)).all()
        for key in keys:
            (bench.folders.keys / f"{key}.pem").unlink()
        bench.clock.advance(days=10)
        assert renew_status_lists(bench.again()) == 1

    def test_nothing_is_done_where_there_is_nothing(self, bench: Bench) -> None:
        assert renew_status_lists(bench.service) == 0
        assert deliver_due_mail(bench.service) == 0
        assert bench.count(StatusListRecord) == 0
        assert bench.count(PersonRecord) == 0


class TestQueue:
    def test_task_that_was_queued_sends_what_is_due(self, bench: Bench) -> None:
        bench.award()
        queue = FileQueue(bench.service)
        queue.send_mail()
        task = queue.huey.dequeue()
        assert task is not None
        queue.huey.execute(task)
        assert the_mail(bench).state == MailState.SENT

    def test_other_process_of_the_instance_finds_the_task(self, bench: Bench) -> None:
        FileQueue(bench.service).send_mail()
        assert FileQueue(bench.again()).huey.dequeue() is not None

    def test_task_that_was_not_signed_by_us_is_not_run(self, bench: Bench) -> None:
        """The queue's file may be written by somebody else: its content is code to be."""
        FileQueue(bench.service).send_mail()
        (bench.folders.keys / "jobs.secret").write_text("0" * 64)
        other = FileQueue(bench.again()).huey
        with pytest.raises(ValueError, match="ignature"):
            other.dequeue()


def test_full_folder_delays_the_mail(bench: Bench) -> None:
    """The outbox folder is in the way of a file: the mail waits, and the next try works."""
    bench.award()
    bench.folders.outbox.write_text("a file where the folder should be")
    assert bench.deliver() == 0
    mail = the_mail(bench)
    assert mail.state == MailState.WAITING
    assert "cannot be written" in mail.problem
    bench.folders.outbox.unlink()
    bench.clock.now += RETRY_PAUSES[0]
    assert bench.deliver() == 1


def test_locked_database_is_an_error_that_the_worker_s_loop_survives(bench: Bench) -> None:
    bench.award()
    url = f"sqlite:///{bench.folders.database}?timeout=0.05"
    impatient = bench.again(database_url=url)
    holder = sqlite3.connect(bench.folders.database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(UnavailableError):
        deliver_due_mail(impatient)
    holder.close()
    assert deliver_due_mail(impatient) == 1
