"""Status lists: a random place for every award, always signed in time, a new list when one is full."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from badges.addresses import Addresses
from badges.errors import NotFoundError
from badges.jobs.tasks import renew_status_lists
from badges.services import status_lists
from badges.services.award_values import find_award
from badges.services.status_lists import (
    RENEW_BEFORE_END,
    VALIDITY,
    ListPlace,
    find_list,
    reserve_places,
    reserved_places,
)
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

    def test_place_of_an_older_version_is_not_given_again(self, bench: Bench) -> None:
        first = bench.award(email="first@example.org")
        bench.clock.advance(minutes=1)
        with bench.service.database.write() as session:
            record = find_award(session, first.id)
            supersede_award(
                session, bench.service.installation, record, SupersessionReason.EMAIL, email="other@example.org"
            )
            newer = record.status_index
        others = {bench.award(email=f"{number}@example.org").status_index for number in range(3)}
        assert len({first.status_index, newer, *others}) == 5

    def test_reserved_places_are_nobody_else_s(self, either_bench: Bench) -> None:
        installation = either_bench.service.installation
        first = either_bench.award(email="first@example.org")
        with either_bench.service.database.write() as session:
            organisation = find_award(session, first.id).organisation
            reserved = reserve_places(session, installation, organisation, 500)
        second = either_bench.award(email="second@example.org")
        with either_bench.service.database.read() as session:
            assert reserved_places(session, reserved.number, reserved.first) == reserved
        places = {reserved.place(which) for which in range(500)}
        places |= {ListPlace(award.status_list_number, award.status_index) for award in (first, second)}
        assert len(places) == 502

    def test_more_places_than_a_list_has_left_are_of_the_next_list(self, bench: Bench) -> None:
        installation = bench.service.installation
        first = bench.award()
        with bench.service.database.write() as session:
            organisation = find_award(session, first.id).organisation
            reserved = reserve_places(session, installation, organisation, MINIMUM_LENGTH)
        assert (reserved.number, reserved.first) == (first.status_list_number + 1, 0)
        assert [(one.used, one.is_open) for one in lists(bench)] == [(1, False), (MINIMUM_LENGTH, False)]

    def test_list_has_the_length_that_hides_whose_badge_is_checked(self, bench: Bench) -> None:
        """Source: Bitstring Status List v1.0, section 6.1: at least 131,072 places."""
        bench.award()
        (status_list,) = lists(bench)
        assert status_list.length >= 131_072
        assert status_list.used == 1
        subject = bench.json("status_list", number=1)["credentialSubject"]
        assert subject["statusPurpose"] == "revocation"


def nearly_full(open_list: Callable[..., StatusListRecord]) -> Callable[..., StatusListRecord]:
    """Open lists of which all but four places were given out."""

    def open_nearly_full(*arguments: Any) -> StatusListRecord:
        record = open_list(*arguments)
        record.used = max(record.used, MINIMUM_LENGTH - 4)
        return record

    return open_nearly_full


def entry_of(document: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = document["credentialStatus"]
    return found


class TestRollingOver:
    def test_everything_that_is_signed_counts_and_moves_on_to_new_lists(
        self, either_bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Lists with four places left, filled by awards and their newer versions."""
        monkeypatch.setattr(status_lists, "_open_list", nearly_full(status_lists._open_list))
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
        assert [(one.used, one.is_open) for one in lists(either_bench)] == [
            (MINIMUM_LENGTH, False),
            (MINIMUM_LENGTH, False),
            (MINIMUM_LENGTH - 3, True),
        ]
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

    def test_list_that_is_full_is_closed_and_the_next_one_opened(self, either_bench: Bench) -> None:
        first = either_bench.award(email="first@example.org")
        with either_bench.service.database.write() as session:
            session.execute(update(StatusListRecord).values(used=MINIMUM_LENGTH - 1))
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
