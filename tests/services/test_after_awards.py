"""After the award: put right, renewed, reminded of its end."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from badges.errors import ConflictError
from badges.jobs.tasks import remind, renew_status_lists
from badges.services.award_values import find_award
from badges.services.correcting import correct_name, renew_award
from badges.storage.records import AchievementVersionRecord, AuditLineRecord, AwardRecord, Notice, OutboxMailRecord
from badges.verifying.report import Verdict
from tests.instances import Bench


def award_for_a_year(bench: Bench, email: str = "sam@example.org") -> AwardRecord:
    with bench.service.database.write() as session:
        for version in session.scalars(select(AchievementVersionRecord)):
            version.validity_months = 12
    return bench.award(email=email)


def again(bench: Bench, award: AwardRecord) -> AwardRecord:
    with bench.service.database.read() as session:
        return find_award(session, award.id)


def renew(bench: Bench, award: AwardRecord) -> None:
    with bench.service.database.write() as session:
        renew_award(session, bench.service.installation, find_award(session, award.id))


def notices(bench: Bench) -> list[str]:
    with bench.service.database.read() as session:
        return list(session.scalars(select(OutboxMailRecord.notice).order_by(OutboxMailRecord.created_at)))


def test_name_is_put_right_outside_the_signed_bytes(bench: Bench) -> None:
    award = bench.award(name="Smaantha")
    before = bench.form(award)
    with bench.service.database.write() as session:
        found = find_award(session, award.id)
        assert correct_name(session, bench.service.installation, found, " Samantha ")
        assert not correct_name(session, bench.service.installation, found, "Samantha")
    assert again(bench, award).name == "Samantha"
    assert bench.form(award) == before
    with bench.service.database.read() as session:
        actions = list(session.scalars(select(AuditLineRecord.action)))
    assert actions.count("award.name-corrected") == 1


class TestRenewing:
    def test_counts_from_its_end_under_the_same_address(self, bench: Bench) -> None:
        award = award_for_a_year(bench)
        bench.clock.advance(days=340)
        renew(bench, award)
        fresh = again(bench, award)
        assert award.valid_until is not None
        assert fresh.valid_until == award.valid_until.replace(year=award.valid_until.year + 1)
        bench.clock.advance(days=30)  # past the first end
        renew_status_lists(bench.service)
        assert bench.verify(bench.form(award)).verdict is Verdict.VALID
        assert notices(bench)[-1] == Notice.BADGE_REISSUED

    def test_after_its_end_it_counts_from_now(self, bench: Bench) -> None:
        award = award_for_a_year(bench)
        bench.clock.advance(days=400)
        renew(bench, award)
        fresh = again(bench, award)
        assert fresh.valid_until == bench.clock().replace(year=bench.clock().year + 1)

    def test_twice_is_once(self, bench: Bench) -> None:
        award = award_for_a_year(bench)
        bench.clock.advance(days=340)
        renew(bench, award)
        with pytest.raises(ConflictError):
            renew(bench, award)

    @pytest.mark.parametrize("case", ["early", "endless", "withdrawn"])
    def test_not_now(self, bench: Bench, case: str) -> None:
        award = bench.award() if case == "endless" else award_for_a_year(bench)
        bench.clock.advance(days=10 if case == "early" else 350)
        if case == "withdrawn":
            bench.revoke(award)
        with pytest.raises(ConflictError):
            renew(bench, award)


class TestReminders:
    def test_two_each_once_however_often_it_is_looked_at(self, bench: Bench) -> None:
        award_for_a_year(bench)
        told = []
        for day in range(400):
            for _ in range(2):
                if remind(bench.service):
                    told.append(day)
            bench.clock.advance(days=1)
        assert told == [335, 358]
        bench.deliver()

    def test_says_the_day_and_goes_to_the_holder(self, bench: Bench) -> None:
        award = award_for_a_year(bench)
        bench.deliver()
        bench.clock.advance(days=336)
        assert remind(bench.service) == 1
        bench.deliver()
        mail = bench.mails()[-1]
        assert mail["To"] == "sam@example.org"
        body = mail.get_body(("plain",))
        assert body is not None
        assert award.valid_until is not None
        assert f"counts until {award.valid_until.day} {award.valid_until:%B %Y}" in body.get_content()

    def test_renewed_withdrawn_and_endless_ones_get_none(self, bench: Bench) -> None:
        bench.award("impact-story", "endless@example.org")
        renewed, withdrawn = (award_for_a_year(bench, f"{name}@example.org") for name in ("renewed", "withdrawn"))
        bench.clock.advance(days=340)
        bench.revoke(withdrawn)
        renew(bench, renewed)
        assert remind(bench.service) == 0

    def test_reminder_that_waited_until_it_was_renewed_is_not_sent(self, bench: Bench) -> None:
        award = award_for_a_year(bench)
        bench.deliver()
        bench.clock.advance(days=340)
        remind(bench.service)
        renew(bench, award)
        bench.deliver()
        assert [mail["Subject"] for mail in bench.mails()[1:]] == [
            "A newer version of your badge: A Million Decisions Supporter"
        ]


def test_reminder_that_waited_until_the_end_is_not_sent(bench: Bench) -> None:
    award_for_a_year(bench)
    bench.deliver()
    bench.clock.advance(days=360)
    assert remind(bench.service) == 1
    bench.clock.advance(days=20)
    assert bench.deliver() == 0


def test_more_than_at_a_time_are_all_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("badges.services.reminders._AT_ONCE", 2)
    for number in range(5):
        award_for_a_year(bench, f"person{number}@example.org")
    bench.clock.advance(days=340)
    assert remind(bench.service) == 5
