"""Two at the same moment: what happens once happens once, on both databases."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

import pytest
from sqlalchemy import select, text

from badges.bootstrap import Service
from badges.errors import AlreadyHeldError, BadgesError, ConflictError
from badges.ids import SystemRandom
from badges.services.award_values import find_award
from badges.services.awards import AwardRequest, award_badge
from badges.services.compromise import Compromise, compromise_key
from badges.services.credentials import credential_text
from badges.services.endorsements import EndorsementRequest, endorse
from badges.services.key_changes import rotate_keys
from badges.services.locks import lock_organisations
from badges.services.notices import take_due_mail
from badges.services.organisations import find_organisation, list_organisations
from badges.services.revocation import revoke_award
from badges.services.signing_keys import find_key, key_fragment, signing_hand
from badges.services.status_lists import VALIDITY
from badges.standards.signer import KeyAlgorithm
from badges.storage.records import (
    AwardRecord,
    CredentialForm,
    CredentialTextRecord,
    KeyState,
    OutboxMailRecord,
    PersonRecord,
    StatusListRecord,
)
from badges.vocab.endorsement import EndorsedKind
from tests.instances import ORGANISATION, Bench
from tests.service import command

PATIENCE_SECONDS: Final = 30
Use = Callable[[Service], Any]


def at_once(bench: Bench, *uses: Use) -> list[Any]:
    """Run every use in a thread of its own, each with a service of its own; return results and errors of ours."""
    services = [bench.again() for _ in uses]
    gate = threading.Barrier(len(uses))

    def run(use: Use, service: Service) -> Any:
        gate.wait()
        try:
            return use(service)
        except BadgesError as problem:
            return problem

    with ThreadPoolExecutor(len(uses)) as pool:
        return list(pool.map(run, uses, services))


def award(email: str = "sam@example.org") -> Use:
    def use(service: Service) -> AwardRecord:
        with service.database.write() as session:
            return award_badge(session, service.installation, AwardRequest("supporter", email))

    return use


def compromise(key_id: str) -> Use:
    def use(service: Service) -> Compromise:
        with service.database.write() as session:
            return compromise_key(session, service.installation, key_id, service.installation.clock())

    return use


def signing_key(bench: Bench) -> str:
    """Return the key with which the first organisation signs its lists."""
    with bench.service.database.read() as session:
        organisation = find_organisation(session, ORGANISATION)
        return signing_hand(session, bench.service.installation, organisation, KeyAlgorithm.EDDSA).key_id


def wait_until_blocked(bench: Bench, second: Future[Any]) -> None:
    """Return when the second waits for a lock of the first (PostgreSQL), or at once: SQLite has one writer."""
    if bench.service.database.engine.dialect.name == "sqlite":
        return
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    with bench.service.database.engine.connect() as connection:
        while connection.execute(waiting).scalar() == 0:
            assert not second.done(), "the second did not wait"
            assert time.monotonic() < deadline
            connection.rollback()


class TestAwarding:
    def test_same_award_by_many_is_made_once(self, either_bench: Bench) -> None:
        results = at_once(either_bench, *[award()] * 4)
        made = [result for result in results if isinstance(result, AwardRecord)]
        refused = [result for result in results if isinstance(result, AlreadyHeldError)]
        assert (len(made), len(refused)) == (1, 3), results
        assert {problem.award_id for problem in refused} == {str(made[0].id)}
        assert either_bench.count(AwardRecord) == 1
        assert either_bench.count(PersonRecord) == 1
        assert either_bench.count(OutboxMailRecord) == 1
        assert either_bench.count(CredentialTextRecord) == 1

    @pytest.mark.parametrize("is_first", [True, False], ids=["the very first award", "a later one"])
    def test_second_waits_for_the_first_and_is_refused(self, either_bench: Bench, is_first: bool) -> None:
        """The first is not finished when the second begins: the moment at which a check before writing sees nothing."""
        if not is_first:
            either_bench.award("career-explorer")
        slow = either_bench.service
        fast = either_bench.again()
        with ThreadPoolExecutor(1) as pool:
            with slow.database.write() as session:
                first = award_badge(session, slow.installation, AwardRequest("supporter", "sam@example.org"))
                second = pool.submit(award(), fast)
                wait_until_blocked(either_bench, second)
            with pytest.raises(AlreadyHeldError) as refusal:
                second.result(PATIENCE_SECONDS)
        assert refusal.value.award_id == str(first.id)
        assert either_bench.count(AwardRecord) == (1 if is_first else 2)

    def test_second_is_made_when_the_first_fails(self, either_bench: Bench) -> None:
        fast = either_bench.again()
        slow = either_bench.service

        def fail_at_the_end(pool: ThreadPoolExecutor) -> Future[Any]:
            with slow.database.write() as session:
                award_badge(session, slow.installation, AwardRequest("supporter", "sam@example.org"))
                second = pool.submit(award(), fast)
                wait_until_blocked(either_bench, second)
                session.rollback()
                return second

        with ThreadPoolExecutor(1) as pool:
            second = fail_at_the_end(pool).result(PATIENCE_SECONDS)
        assert either_bench.count(AwardRecord) == 1
        assert either_bench.form(second)

    def test_different_people_all_get_theirs_with_places_of_their_own(self, either_bench: Bench) -> None:
        results = at_once(either_bench, *[award(f"{number}@example.org") for number in range(6)])
        assert [type(result) for result in results] == [AwardRecord] * 6, results
        with either_bench.service.database.read() as session:
            places = session.execute(select(AwardRecord.status_list_number, AwardRecord.status_index)).all()
        assert len(set(places)) == 6

    def test_key_that_is_stolen_meanwhile_harms_nobody(self, either_bench: Bench) -> None:
        """Each is signed with the old key and in its ledger, or with the new one; no list keeps the old signature."""
        first = either_bench.award(email="first@example.org")
        either_bench.form(first, CredentialForm.OB3)
        with either_bench.service.database.read() as session:
            old = session.get_one(CredentialTextRecord, (first.id, CredentialForm.OB3)).signing_key_id
        assert old is not None

        people = [award(f"{number}@example.org") for number in range(5)]
        *awards, done = at_once(either_bench, *people, compromise(old))
        assert isinstance(done, Compromise), done
        assert [type(each) for each in awards] == [AwardRecord] * 5, awards
        either_bench.clock.advance(minutes=1)
        for each in (first, *awards):
            assert either_bench.verify(either_bench.form(each)).verdict == "valid"
        with either_bench.service.database.read() as session:
            for status_list in session.scalars(select(StatusListRecord)):
                assert key_fragment(done.key) not in status_list.signed_text

    def test_first_list_of_all_is_not_left_with_a_key_that_is_stolen_meanwhile(self, either_bench: Bench) -> None:
        """The list is not there for others yet when the key is declared stolen."""
        bench, other = either_bench, either_bench.again()
        key = signing_key(bench)
        with ThreadPoolExecutor(1) as pool:
            with bench.service.database.write() as session:
                award_badge(session, bench.service.installation, AwardRequest("supporter", "sam@example.org"))
                second = pool.submit(compromise(key), other)
                wait_until_blocked(bench, second)
            done = second.result(PATIENCE_SECONDS)
        assert done.lists_signed == 1
        with bench.service.database.read() as session:
            (text,) = session.scalars(select(StatusListRecord.signed_text))
        assert key_fragment(done.key) not in text

    def test_first_list_of_all_is_signed_with_the_new_key_when_the_old_one_was_stolen_just_before(
        self, either_bench: Bench
    ) -> None:
        bench, other = either_bench, either_bench.again()
        with ThreadPoolExecutor(1) as pool:
            with bench.service.database.write() as session:
                done = compromise_key(session, bench.service.installation, signing_key(bench), bench.clock())
                second = pool.submit(award(), other)
                wait_until_blocked(bench, second)
            made = second.result(PATIENCE_SECONDS)
        with bench.service.database.read() as session:
            (text,) = session.scalars(select(StatusListRecord.signed_text))
        assert key_fragment(done.key) not in text
        bench.clock.advance(minutes=1)
        assert bench.verify(bench.form(made)).verdict == "valid"

    def test_key_that_is_rotated_and_stolen_at_the_same_moment_stays_stolen(self, either_bench: Bench) -> None:
        bench, other = either_bench, either_bench.again()
        key = signing_key(bench)

        def rotate(service: Service) -> object:
            with service.database.write() as session:
                return rotate_keys(session, service.installation, find_organisation(session, ORGANISATION))

        with ThreadPoolExecutor(1) as pool:
            with bench.service.database.write() as session:
                compromise_key(session, bench.service.installation, key, bench.clock())
                second = pool.submit(rotate, other)
                wait_until_blocked(bench, second)
            second.result(PATIENCE_SECONDS)
        with bench.service.database.read() as session:
            assert find_key(session, key).state == KeyState.COMPROMISED

    def test_rotation_of_all_keys_and_an_endorsement_never_wait_for_each_other_for_ever(
        self, postgres_bench: Bench
    ) -> None:
        """One holds both organisations in the order of their numbers, the other goes through them by name."""
        bench, other = postgres_bench, postgres_bench.again()
        later = bench.add_organisation("a-library")

        def rotate(service: Service) -> object:
            with service.database.write() as session:
                return rotate_keys(session, service.installation, None, *list_organisations(session))

        with ThreadPoolExecutor(1) as pool:
            with bench.service.database.write() as session:
                first = find_organisation(session, ORGANISATION)
                assert first.id < later.id
                lock_organisations(session, [first.id])
                second = pool.submit(rotate, other)
                wait_until_blocked(bench, second)
                lock_organisations(session, [later.id])
            assert second.result(PATIENCE_SECONDS)

    def test_two_organisations_that_carry_words_of_each_other_never_wait_for_ever(self, either_bench: Bench) -> None:
        """Each needs its own list and the other's, which both run out soon: no worker was there."""
        bench = either_bench
        bench.add_organisation("county-library")
        pairs = ((ORGANISATION, "county-library"), ("county-library", ORGANISATION))
        for by, of in pairs:
            request = EndorsementRequest(EndorsedKind.CLASS, f"{of}/supporter", by, "Well made.")
            with bench.service.database.write() as session:
                endorse(session, bench.service.installation, request)
        bench.clock.now += VALIDITY
        meeting = threading.Barrier(2)

        class Meeting(SystemRandom):
            """Draws a place when the other one is about to draw one too, or evidently waits."""

            def below(self, limit: int) -> int:
                with suppress(threading.BrokenBarrierError):
                    meeting.wait(1)
                return super().below(limit)

        def award_of(organisation: str) -> Use:
            def use(service: Service) -> AwardRecord:
                service = replace(service, installation=replace(service.installation, random=Meeting()))
                request = AwardRequest("supporter", f"sam@{organisation}.example", organisation=organisation)
                with service.database.write() as session:
                    return award_badge(session, service.installation, request)

            return use

        results = at_once(bench, *[award_of(organisation) for organisation, _ in pairs])
        assert [type(result) for result in results] == [AwardRecord] * 2, results
        for made in results:
            assert bench.verify(bench.form(made)).verdict == "valid"

    def test_two_processes_award_once(self, either_bench: Bench) -> None:
        environment = either_bench.folders.environment | {
            "PATH": "/usr/bin:/bin",
            "BADGES_DATABASE_URL": either_bench.service.settings.database_url,
        }
        running = [
            subprocess.Popen(
                [*command(), "award", "supporter", "--email", "sam@example.org"],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        answers = [process.communicate(timeout=120) for process in running]
        assert sorted(process.returncode for process in running) == [0, 1], answers
        (refused,) = [answer for process, answer in zip(running, answers, strict=True) if process.returncode]
        assert "already" in refused[1]
        assert either_bench.count(AwardRecord) == 1


class TestTheRest:
    @pytest.mark.parametrize("form", [CredentialForm.OB3_JWT, CredentialForm.OB2_JWS, CredentialForm.OB2_HOSTED])
    def test_form_asked_for_by_many_is_made_once(self, either_bench: Bench, form: CredentialForm) -> None:
        made = either_bench.award()

        def ask(service: Service) -> str:
            with service.database.write() as session:
                return credential_text(session, service.installation, find_award(session, made.id), form)

        texts = at_once(either_bench, *[ask] * 3)
        assert all(isinstance(found, str) for found in texts), texts
        assert set(texts) == {either_bench.form(made, form)}

    def test_withdrawn_by_two_is_withdrawn_once(self, either_bench: Bench) -> None:
        made = either_bench.award()

        def withdraw(service: Service) -> AwardRecord:
            with service.database.write() as session:
                return revoke_award(session, service.installation, find_award(session, made.id), "mistake")

        results = at_once(either_bench, *[withdraw] * 3)
        assert sorted(type(result).__name__ for result in results) == ["AwardRecord", *["ConflictError"] * 2], results
        assert any(isinstance(result, ConflictError) for result in results)
        assert either_bench.count(OutboxMailRecord) == 2

    def test_mail_that_a_worker_is_taking_is_passed_over_by_others(self, postgres_bench: Bench) -> None:
        """SQLite has one writer at a time; on PostgreSQL the second neither waits nor takes the same."""
        postgres_bench.award()
        postgres_bench.award("career-explorer")
        other = postgres_bench.again()
        service = postgres_bench.service
        with service.database.write() as first, other.database.write() as second, other.database.write() as third:
            taken = [take_due_mail(session, service.installation) for session in (first, second, third)]
        assert None not in taken[:2]
        assert taken[0] != taken[1]
        assert taken[2] is None

    def test_mail_is_taken_by_one_worker(self, either_bench: Bench) -> None:
        either_bench.award()

        def take(service: Service) -> object:
            with service.database.write() as session:
                return take_due_mail(session, service.installation)

        results = at_once(either_bench, *[take] * 3)
        assert len([result for result in results if result is not None]) == 1, results
