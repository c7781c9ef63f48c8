"""Status lists: a random place for every award, always signed in time, a new list when one is half full."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from badges.addresses import Addresses
from badges.bootstrap import Service, make_service
from badges.errors import NotFoundError
from badges.ids import SystemRandom
from badges.jobs.tasks import renew_status_lists
from badges.services import status_lists
from badges.services.award_values import find_award
from badges.services.status_lists import RENEW_BEFORE_END, VALIDITY, find_list
from badges.services.superseding import supersede_award
from badges.standards.moments import read_moment
from badges.standards.status.bitstring import MINIMUM_LENGTH
from badges.standards.status.status_list import read_status
from badges.storage.records import AwardRecord, StatusListRecord
from badges.verifying.report import Verdict
from badges.vocab.award import Evidence
from badges.vocab.status import SupersessionReason
from tests.instances import Bench


def lists(bench: Bench) -> list[StatusListRecord]:
    with bench.service.database.read() as session:
        return list(session.scalars(select(StatusListRecord).order_by(StatusListRecord.number)))


class TestPlaces:
    def test_place_is_within_the_list_and_nobody_else_s(self, bench: Bench) -> None:
        awards = [bench.award(email=f"{number}@example.org") for number in range(12)]
        places = {(award.status_list_number, award.status_index) for award in awards}
        assert len(places) == 12
        assert all(0 <= award.status_index < MINIMUM_LENGTH for award in awards)
        assert [award.status_index for award in awards] != sorted(award.status_index for award in awards)

    def test_place_that_is_taken_is_not_given_again(self, bench: Bench) -> None:
        first = bench.award(email="first@example.org")

        class SameNumberFirst(SystemRandom):
            """Draws the place of the first award, then others."""

            drawn = 0

            def below(self, limit: int) -> int:
                self.drawn += 1
                return first.status_index if self.drawn == 1 else super().below(limit)

        random = SameNumberFirst()
        bench.service = with_random(bench, random)
        second = bench.award(email="second@example.org")
        assert random.drawn > 1
        assert second.status_index != first.status_index

    def test_place_of_an_older_version_is_not_given_again(self, bench: Bench) -> None:
        first = bench.award(email="first@example.org")
        bench.clock.advance(minutes=1)
        with bench.service.database.write() as session:
            record = find_award(session, first.id)
            supersede_award(
                session, bench.service.installation, record, SupersessionReason.EMAIL, email="other@example.org"
            )

        class OldPlaceFirst(SystemRandom):
            """Draws the place of the older version, then others."""

            drawn = 0

            def below(self, limit: int) -> int:
                self.drawn += 1
                return first.status_index if self.drawn == 1 else super().below(limit)

        random = OldPlaceFirst()
        bench.service = with_random(bench, random)
        assert bench.award(email="second@example.org").status_index != first.status_index
        assert random.drawn > 1

    def test_list_has_the_length_that_hides_whose_badge_is_checked(self, bench: Bench) -> None:
        """Source: Bitstring Status List v1.0, section 6.1: at least 131,072 places."""
        bench.award()
        (status_list,) = lists(bench)
        assert status_list.length >= 131_072
        assert status_list.used == 1
        subject = bench.json("status_list", number=1)["credentialSubject"]
        assert subject["statusPurpose"] == "revocation"


def with_random(bench: Bench, random: SystemRandom) -> Service:
    return make_service(bench.folders.settings(), clock=bench.clock, random=random)


def entry_of(document: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = document["credentialStatus"]
    return found


class TestRollingOver:
    def test_everything_that_is_signed_counts_and_moves_on_to_new_lists(
        self, either_bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Lists that are full after four places, filled by awards and their newer versions."""
        monkeypatch.setattr(status_lists, "FILL_LIMIT", 4 / MINIMUM_LENGTH)
        awards = [either_bench.award(email=f"{number}@example.org") for number in range(3)]
        old = [json.loads(either_bench.form(award)) for award in awards]
        for award in awards:
            either_bench.clock.advance(minutes=1)
            with either_bench.service.database.write() as session:
                record, installation = find_award(session, award.id), either_bench.service.installation
                assert supersede_award(
                    session, installation, record, SupersessionReason.DETAILS, evidence=[Evidence("Led it")]
                )
        more = [either_bench.award(email=f"{number}@example.org") for number in range(3, 6)]
        assert [(one.used, one.is_open) for one in lists(either_bench)] == [(4, False), (4, False), (1, True)]
        for document in old:
            entry = entry_of(document)
            number = entry["statusListCredential"].rsplit("/", 1)[1]
            assert read_status(either_bench.json("status_list", number=number), entry).is_set
        for award in [*awards, *more]:
            assert either_bench.verify(either_bench.form(award)).verdict is Verdict.VALID
        places = {(entry["statusListCredential"], entry["statusListIndex"]) for entry in map(entry_of, old)}
        texts = [json.loads(either_bench.form(award)) for award in [*awards, *more]]
        places |= {(entry["statusListCredential"], entry["statusListIndex"]) for entry in map(entry_of, texts)}
        assert len(places) == 9

    def test_list_that_is_half_full_is_closed_and_the_next_one_opened(self, either_bench: Bench) -> None:
        first = either_bench.award(email="first@example.org")
        with either_bench.service.database.write() as session:
            session.execute(update(StatusListRecord).values(used=MINIMUM_LENGTH // 2 - 1))
        last = either_bench.award(email="last@example.org")
        assert last.status_list_number == first.status_list_number
        (closed,) = lists(either_bench)
        assert not closed.is_open
        following = either_bench.award(email="next@example.org")
        assert following.status_list_number != first.status_list_number
        assert [one.is_open for one in lists(either_bench)] == [False, True]
        for award in (first, last, following):
            assert either_bench.verify(either_bench.form(award)).verdict is Verdict.VALID

    def test_badge_of_a_closed_list_can_be_withdrawn(self, bench: Bench) -> None:
        award = bench.award()
        with bench.service.database.write() as session:
            session.execute(update(StatusListRecord).values(is_open=False))
        other = bench.award(email="kim@example.org")
        assert other.status_list_number != award.status_list_number
        bench.revoke(award)
        assert bench.verify(bench.form(award)).verdict is Verdict.INVALID
        assert bench.verify(bench.form(other)).verdict is Verdict.VALID


class TestRenewal:
    def test_is_signed_again_before_it_runs_out_although_nothing_happened(self, bench: Bench) -> None:
        award = bench.award()
        text = bench.form(award)
        end = bench.clock.now + timedelta(days=60)
        while bench.clock.now < end:
            renew_status_lists(bench.service)
            valid_until = read_moment(bench.json("status_list", number=1)["validUntil"])
            assert valid_until is not None
            assert valid_until > bench.clock.now + timedelta(days=6)
            assert bench.verify(text).verdict is Verdict.VALID
            bench.clock.advance(days=1)

    def test_only_those_that_run_out_soon_are_signed(self, bench: Bench) -> None:
        bench.award()
        assert renew_status_lists(bench.service) == 0
        bench.clock.now += VALIDITY - RENEW_BEFORE_END
        assert renew_status_lists(bench.service) == 0
        bench.clock.advance(seconds=1)
        assert renew_status_lists(bench.service) == 1
        assert renew_status_lists(bench.service) == 0

    def test_closed_lists_are_renewed_too(self, bench: Bench) -> None:
        bench.award()
        with bench.service.database.write() as session:
            session.execute(update(StatusListRecord).values(is_open=False))
        bench.award(email="kim@example.org")
        bench.clock.now += VALIDITY
        assert renew_status_lists(bench.service) == 2

    def test_without_renewal_the_badge_is_not_known_any_more(self, bench: Bench) -> None:
        """What the renewal is there for."""
        text = bench.form(bench.award())
        bench.clock.now += VALIDITY + timedelta(seconds=1)
        assert bench.verify(text).verdict is not Verdict.VALID

    def test_award_after_a_long_time_without_a_worker_signs_its_list_again(self, bench: Bench) -> None:
        """From the shell, without `badges serve`."""
        first = bench.award()
        bench.clock.now += VALIDITY + timedelta(days=100)
        second = bench.award(email="kim@example.org")
        for award in (first, second):
            assert bench.verify(bench.form(award)).verdict is Verdict.VALID

    def test_renewal_keeps_who_was_withdrawn(self, bench: Bench) -> None:
        award, other = bench.award(), bench.award(email="kim@example.org")
        bench.revoke(award)
        bench.clock.now += VALIDITY
        renew_status_lists(bench.service)
        assert bench.verify(bench.form(award)).verdict is Verdict.INVALID
        assert bench.verify(bench.form(other)).verdict is Verdict.VALID

    def test_new_list_is_signed_with_the_new_key_after_a_rotation(self, bench: Bench) -> None:
        award = bench.award()
        old = bench.json("status_list", number=1)["proof"][0]["verificationMethod"]
        bench.clock.now += VALIDITY
        bench.rotate()
        renew_status_lists(bench.service)
        assert bench.json("status_list", number=1)["proof"][0]["verificationMethod"] != old
        assert bench.verify(bench.form(award)).verdict is Verdict.VALID


def test_unknown_list_is_not_found(bench: Bench) -> None:
    with bench.service.database.read() as session, pytest.raises(NotFoundError, match="no status list 7"):
        find_list(session, 7)
    assert bench.count(AwardRecord) == 0


def test_entry_in_the_badge_points_into_the_list(bench: Bench) -> None:
    award = bench.award()
    entry = json.loads(bench.form(award))["credentialStatus"]
    assert entry["type"] == "BitstringStatusListEntry"
    assert entry["statusListIndex"] == str(award.status_index)
    assert Addresses.match(Addresses.path_of(entry["statusListCredential"])) == ("status_list", {"number": "1"})
    assert bench.json("status_list", number=1)["id"] == entry["statusListCredential"]
