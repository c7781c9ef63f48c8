"""What an admin does after an award: put it right, renew it, look after its mail."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from badges.jobs.tasks import deliver_due_mail
from badges.storage.records import AchievementVersionRecord, MailState, OutboxMailRecord
from badges.verifying.report import Verdict
from tests.instances import Bench
from tests.web.browsing import PageClient


class TestPuttingRight:
    def test_name_alone_signs_nothing(self, bench: Bench, signed_in_client: PageClient) -> None:
        award = bench.award(name="Smaantha")
        path = f"/admin/awards/{award.id}"
        before = bench.form(award)
        assert f"{path}/correct" in signed_in_client.page(path).links
        response = signed_in_client.send(f"{path}/correct", "", name="Samantha", email="sam@example.org")
        assert (response.status_code, response.location) == (303, path)
        assert "Samantha" in signed_in_client.page(path).text
        assert bench.form(award) == before
        assert bench.count(OutboxMailRecord) == 1

    def test_address_is_signed_anew_and_mailed_there(self, bench: Bench, signed_in_client: PageClient) -> None:
        award = bench.award()
        bench.deliver()
        path = f"/admin/awards/{award.id}"
        before = bench.form(award)
        signed_in_client.send(f"{path}/correct", "", name="", email="Sam.Jones@example.org")
        bench.deliver()
        assert [mail["To"] for mail in bench.mails()] == ["sam@example.org", "sam.jones@example.org"]
        assert "sam.jones@example.org" in signed_in_client.page(path).text
        assert bench.form(award) != before
        assert bench.verify(bench.form(award)).verdict is Verdict.VALID

    @pytest.mark.parametrize(("email", "status"), [("sam", 400), ("", 400), ("kim@example.org", 409)])
    def test_what_cannot_be_is_said_and_nothing_is_lost(
        self, bench: Bench, signed_in_client: PageClient, email: str, status: int
    ) -> None:
        bench.award(email="kim@example.org")
        award = bench.award(name="Before")
        response = signed_in_client.send(f"/admin/awards/{award.id}/correct", "", name="After", email=email)
        assert response.status_code == status
        assert "After" in response.text
        assert "Before" in signed_in_client.page(f"/admin/awards/{award.id}").text

    def test_withdrawn_one_is_left_alone(self, bench: Bench, signed_in_client: PageClient) -> None:
        award = bench.award()
        bench.revoke(award)
        path = f"/admin/awards/{award.id}"
        assert not [link for link in signed_in_client.page(path).links if link.endswith("/correct")]
        assert signed_in_client.get(f"{path}/correct").location == path


class TestRenewing:
    def test_one_click(self, bench: Bench, signed_in_client: PageClient) -> None:
        with bench.service.database.write() as session:
            session.execute(update(AchievementVersionRecord).values(validity_months=1))
        award = bench.award()
        path = f"/admin/awards/{award.id}"
        signed_in_client.send(path, "/renew")
        page = signed_in_client.page(path)
        assert "Renewed" in page.text
        assert award.valid_until is not None
        assert bench.count(OutboxMailRecord) == 2

    def test_no_button_where_it_has_no_end(self, bench: Bench, signed_in_client: PageClient) -> None:
        award = bench.award()
        page = signed_in_client.page(f"/admin/awards/{award.id}")
        assert not [form for form in page.forms if "renew" in form.action]


class TestOutbox:
    def test_shows_what_waits_then_what_was_sent(self, bench: Bench, signed_in_client: PageClient) -> None:
        assert "no such mail" in signed_in_client.page("/admin/outbox").text
        bench.award(name="Sam")
        assert "Waiting 1" in signed_in_client.page("/admin/outbox").text
        bench.deliver()
        page = signed_in_client.page("/admin/outbox")
        assert "Waiting 0" in page.text
        assert "Sent 1" in page.text
        assert [form for form in page.forms if form.action.endswith("/resend")]

    def test_refused_one_says_why_and_goes_again(self, bench: Bench, signed_in_client: PageClient) -> None:
        bench.award()
        with bench.service.database.write() as session:
            session.execute(
                update(OutboxMailRecord).values(state=MailState.REFUSED, problem="The mail server said 550.")
            )
        page = signed_in_client.page("/admin/outbox")
        assert "550" in page.text
        signed_in_client.send("/admin/outbox", "/resend")
        assert bench.deliver() == 1

    def test_is_paged(self, bench: Bench, signed_in_client: PageClient) -> None:
        award = bench.award()
        with bench.service.database.write() as session:
            mail = session.scalars(select(OutboxMailRecord)).one()
            for _ in range(60):
                session.add(
                    OutboxMailRecord(
                        id=bench.service.installation.random.uuid(),
                        notice=mail.notice,
                        award_id=award.id,
                        state=MailState.SENT,
                        attempts=1,
                        next_attempt_at=bench.clock(),
                        problem="",
                        created_at=bench.clock(),
                    )
                )
        assert "page=2" in str(signed_in_client.page("/admin/outbox?state=sent").links)
        assert signed_in_client.get("/admin/outbox?state=sent&page=999").status_code == 200
        assert signed_in_client.get("/admin/outbox?state=nothing").status_code == 200


class TestRate:
    def test_no_more_in_a_minute_than_allowed(self, bench: Bench) -> None:
        limited = bench.again(mail_per_minute="2")
        for number in range(5):
            bench.award(email=f"person{number}@example.org")
        assert deliver_due_mail(limited) == 2
        assert deliver_due_mail(limited) == 0
        bench.clock.advance(seconds=30)
        assert deliver_due_mail(limited) == 0
        bench.clock.advance(seconds=31)
        assert deliver_due_mail(limited) == 2
        bench.clock.advance(minutes=2)
        assert deliver_due_mail(limited) == 1
