"""Awarding a batch: once, to the byte as one by one, whatever happens in between; and withdrawing it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from badges.errors import ConflictError, InvalidInputError
from badges.jobs.batches import award_batch, award_chunks, work_on_due_batches
from badges.services import batch_chunks
from badges.services.award_signing import unsigned_credential
from badges.services.award_values import find_award
from badges.services.batch_chunks import begin_batch, take_chunk
from badges.services.batch_ids import BatchIds
from badges.services.batch_signing import ChunkSigner
from badges.services.batch_storing import store_chunk
from badges.services.batch_withdrawing import count_standing, withdraw_batch
from badges.services.batches import (
    find_batch,
)
from badges.services.endorsements import carriers
from badges.services.ledger import complete_ledger
from badges.services.organisations import list_organisations
from badges.standards.ledger import issued_hash
from badges.storage.queries.batches import BatchCounts
from badges.storage.records import (
    BatchChunkRecord,
    CredentialTextRecord,
    LedgerEntryRecord,
    OutboxMailRecord,
    RowState,
    SigningKeyRecord,
)
from badges.verifying.report import Verdict
from badges.vocab.audit import WORKER
from tests.instances import Bench
from tests.services.batching import LIST, award, awards, counts, draft, start, states


class TestAwarding:
    def test_every_row_gives_a_badge_that_verifies_in_every_form(self, either_bench: Bench) -> None:
        batch_id = draft(either_bench, LIST + "Ren\u00e9,rene@example.org\n")
        start(either_bench, batch_id)
        assert award(either_bench, batch_id)
        assert states(either_bench, batch_id) == [RowState.AWARDED] * 9
        stored = awards(either_bench)
        assert {each.person.email for each in stored if each.person} == {
            *(f"person{n}@example.org" for n in range(1, 9)),
            "rene@example.org",
        }
        assert {each.name for each in stored} >= {"Person 1", "Ren\u00e9"}
        for each in stored:
            assert either_bench.verify(either_bench.form(each)).verdict is Verdict.VALID
        document = either_bench.document("credential_png", award_id=str(stored[0].id))
        assert either_bench.verify(document.body).verdict is Verdict.VALID
        with either_bench.service.database.read() as session:
            mails = session.scalars(select(OutboxMailRecord)).all()
            assert {mail.award_id for mail in mails} == {each.id for each in stored}
            assert len(mails) == 9

    def test_says_to_the_byte_what_a_single_award_of_the_same_record_would(self, bench: Bench) -> None:
        text = (
            "Email,Note,Link,Date\nann@example.org,Led 100% of it,https://example.org/a?b=%20c,2026-01-31\n"
            "bob@example.org,,,\ncat@example.org,Ran it,,\ndan@example.org,,https://example.org/d,\n"
        )
        batch_id = draft(bench, text)
        start(bench, batch_id)
        award(bench, batch_id)
        stored = awards(bench)
        assert len(stored) == 4
        with bench.service.database.read() as session:
            assert session.scalars(select(CredentialTextRecord.content)).all() == [None] * 4  # packed, all of them
            for each in stored:
                signed = json.loads(bench.form(each))
                signed.pop("proof")
                assert signed == unsigned_credential(session, bench.service.installation, find_award(session, each.id))
        dated = next(each for each in stored if each.valid_from.year == 2026 and each.valid_from.month == 1)
        assert dated.valid_from.isoformat() == "2026-01-31T12:00:00+00:00"

    def test_a_second_try_gives_the_same_badges(self, bench: Bench) -> None:
        """Signed, and the transaction lost: what is signed the next time is the same to the byte."""
        batch_id = draft(bench)
        start(bench, batch_id)
        installation = bench.service.installation
        with bench.service.database.write() as session:
            begin_batch(session, installation, batch_id)
        texts = []
        for _ in range(2):
            with bench.service.database.write() as session:
                chunk = take_chunk(session, installation, batch_id)
            assert chunk is not None
            signer = ChunkSigner(installation)
            with bench.service.database.read() as session:
                prepared = signer.prepare(session, chunk)
            assert prepared is not None
            signer.sign(prepared)
            texts.append([signed.text for signed in prepared.texts])
            bench.clock.advance(minutes=5)
        assert texts[0] == texts[1]
        assert chunk is not None
        assert prepared is not None
        with bench.service.database.write() as session:
            store_chunk(session, installation, chunk, prepared)
        with bench.service.database.write() as session:
            again = store_chunk(session, installation, chunk, prepared)
        assert again.awarded == 8
        assert len(awards(bench)) == 8
        assert sorted(bench.form(each) for each in awards(bench)) == sorted(texts[0])

    def test_the_ids_are_those_of_the_draft(self, bench: Bench) -> None:
        batch_id = draft(bench)
        with bench.service.database.read() as session:
            batch = find_batch(session, batch_id)
            ids = [BatchIds(batch.seed, batch.created_at).of_row(number).award_id for number in range(1, 9)]
        assert ids == sorted(ids)
        start(bench, batch_id)
        bench.clock.advance(hours=3)
        award(bench, batch_id)
        assert [each.id for each in awards(bench)] == ids

    def test_the_same_list_a_second_time_awards_nobody_twice(self, either_bench: Bench) -> None:
        for _ in range(2):
            batch_id = draft(either_bench)
            if counts(either_bench, batch_id).ready:
                start(either_bench, batch_id)
                award(either_bench, batch_id)
        assert len(awards(either_bench)) == 8
        assert counts(either_bench, batch_id) == BatchCounts(held=8)

    def test_two_lists_with_the_same_people_at_once_award_them_once(self, either_bench: Bench) -> None:
        first, second = draft(either_bench), draft(either_bench)
        start(either_bench, first)
        start(either_bench, second)
        award(either_bench, first)
        award(either_bench, second)
        assert counts(either_bench, first).awarded == 8
        assert counts(either_bench, second) == BatchCounts(held=8)
        assert len(awards(either_bench)) == 8

    def test_many_chunks_in_two_processes(self, either_bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(batch_chunks, "CHUNK_ROWS", 10)
        people = "".join(f"person{n}@example.org\n" for n in range(95))
        batch_id = draft(either_bench, people)
        start(either_bench, batch_id)
        assert award_batch(either_bench.service, batch_id, by=WORKER, processes=2)
        stored = awards(either_bench)
        assert len(stored) == 95
        assert len({(each.status_list_number, each.status_index) for each in stored}) == 95
        assert all(either_bench.verify(either_bench.form(each)).verdict is Verdict.VALID for each in stored[::19])

    def test_a_name_that_changes_between_signing_and_storing_is_in_what_is_stored(self, bench: Bench) -> None:
        batch_id = draft(bench)
        start(bench, batch_id)
        signer_class_sign = ChunkSigner.sign
        changed: list[bool] = []

        def sign_slowly(signer: ChunkSigner, prepared: Any) -> None:
            signer_class_sign(signer, prepared)
            if not changed:
                with bench.service.database.write() as session:
                    list_organisations(session)[0].name = "Renamed Library"
                changed.append(True)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ChunkSigner, "sign", sign_slowly)
            award(bench, batch_id)
        names = {json.loads(bench.form(each))["issuer"]["name"] for each in awards(bench)}
        assert names == {"Renamed Library"}

    def test_a_key_rotated_between_the_batches_signs_the_next(self, bench: Bench) -> None:
        first = draft(bench)
        start(bench, first)
        award(bench, first)
        bench.rotate()
        second = draft(bench, "new@example.org\n")
        start(bench, second)
        award(bench, second)
        methods = {json.loads(bench.form(each))["proof"][0]["verificationMethod"] for each in awards(bench)}
        assert len(methods) == 2
        assert all(bench.verify(bench.form(each)).verdict is Verdict.VALID for each in awards(bench))

    def test_its_badges_are_in_the_ledger_of_a_stolen_key(self, either_bench: Bench) -> None:
        batch_id = draft(either_bench)
        start(either_bench, batch_id)
        award(either_bench, batch_id)
        key_id = json.loads(either_bench.form(awards(either_bench)[0]))["proof"][0]["verificationMethod"]
        with either_bench.service.database.write() as session:
            (key,) = [
                key
                for key in session.scalars(select(SigningKeyRecord))
                if session.scalar(
                    select(CredentialTextRecord.award_id).where(CredentialTextRecord.signing_key_id == key.id).limit(1)
                )
            ]
            assert key_id
            assert complete_ledger(session, key) == 8
            assert complete_ledger(session, key) == 8
            kept = set(
                session.scalars(select(LedgerEntryRecord.hash).where(LedgerEntryRecord.signing_key_id == key.id))
            )
        assert {issued_hash(either_bench.form(each)) for each in awards(either_bench)} == kept

    def test_a_badge_of_a_batch_can_be_withdrawn(self, bench: Bench) -> None:
        batch_id = draft(bench)
        start(bench, batch_id)
        award(bench, batch_id)
        one, other = awards(bench)[:2]
        bench.revoke(one)
        assert bench.verify(bench.form(one)).verdict is Verdict.INVALID
        assert bench.verify(bench.form(other)).verdict is Verdict.VALID


class TestEndorsements:
    def test_badges_of_a_batch_carry_those_that_stand_and_are_found_by_them(self, bench: Bench) -> None:
        endorsement = bench.endorsement()
        batch_id = draft(bench)
        start(bench, batch_id)
        award(bench, batch_id)
        stored = awards(bench)
        for each in stored:
            assert str(endorsement.id) in bench.form(each)
            assert bench.verify(bench.form(each)).verdict is Verdict.VALID
        with bench.service.database.read() as session:
            assert set(carriers(session, bench.service.installation, endorsement)) == {each.id for each in stored}


class TestLeases:
    def test_a_chunk_is_taken_by_one_and_again_when_its_lease_is_over(self, either_bench: Bench) -> None:
        batch_id = draft(either_bench)
        start(either_bench, batch_id)
        installation = either_bench.service.installation
        with either_bench.service.database.write() as session:
            begin_batch(session, installation, batch_id)
        with either_bench.service.database.write() as session:
            assert take_chunk(session, installation, batch_id) is not None
        with either_bench.service.database.write() as session:
            assert take_chunk(session, installation, batch_id) is None
        award_chunks(either_bench.service, batch_id)
        assert awards(either_bench) == []
        either_bench.clock.advance(minutes=3)
        assert award(either_bench, batch_id)
        assert len(awards(either_bench)) == 8

    def test_a_clock_that_steps_back_loses_nothing_and_doubles_nothing(self, bench: Bench) -> None:
        batch_id = draft(bench)
        start(bench, batch_id)
        bench.clock.advance(hours=-2)
        assert work_on_due_batches(bench.service, by=WORKER, processes=1) == 1
        assert len(awards(bench)) == 8
        bench.clock.advance(hours=-2)
        assert award(bench, batch_id)
        assert len(awards(bench)) == 8

    def test_reserved_places_are_used_by_no_single_award(self, bench: Bench) -> None:
        batch_id = draft(bench)
        start(bench, batch_id)
        with bench.service.database.write() as session:
            begin_batch(session, bench.service.installation, batch_id)
        single = bench.award(email="single@example.org")
        award(bench, batch_id)
        places = {(each.status_list_number, each.status_index) for each in awards(bench)}
        assert (single.status_list_number, single.status_index) in places
        assert len(places) == 9
        with bench.service.database.read() as session:
            assert session.scalars(select(BatchChunkRecord.first_place)).all() == [0]


class TestWithdrawing:
    def test_all_badges_of_a_list_are_withdrawn_and_everybody_is_told(self, either_bench: Bench) -> None:
        single = either_bench.award(email="single@example.org")
        batch_id = draft(either_bench)
        start(either_bench, batch_id)
        award(either_bench, batch_id)
        one, *others = (each for each in awards(either_bench) if each.id != single.id)
        either_bench.revoke(one, "request")
        with either_bench.service.database.write() as session:
            assert count_standing(session, find_batch(session, batch_id)) == 7
            assert (
                withdraw_batch(session, either_bench.service.installation, batch_id, "mistake", note="Wrong day") == 7
            )
        for each in others:
            assert either_bench.verify(either_bench.form(each)).verdict is Verdict.INVALID
        assert either_bench.verify(either_bench.form(single)).verdict is Verdict.VALID
        stored = {each.id: each for each in awards(either_bench)}
        assert stored[one.id].revocation_reason == "request"
        assert {stored[each.id].revocation_reason for each in others} == {"mistake"}
        with either_bench.service.database.read() as session:
            told = session.scalars(
                select(OutboxMailRecord.award_id).where(OutboxMailRecord.notice == "badge_withdrawn")
            ).all()
        assert sorted(told, key=str) == sorted((each.id for each in (one, *others)), key=str)
        with either_bench.service.database.write() as session, pytest.raises(ConflictError, match="No badge"):
            withdraw_batch(session, either_bench.service.installation, batch_id, "mistake")
        # They can be awarded again.
        again = draft(either_bench)
        assert counts(either_bench, again).ready == 8

    def test_not_while_it_is_being_awarded_and_not_without_a_reason(self, bench: Bench) -> None:
        batch_id = draft(bench)
        start(bench, batch_id)
        with bench.service.database.write() as session, pytest.raises(ConflictError, match="being awarded"):
            withdraw_batch(session, bench.service.installation, batch_id, "mistake")
        award(bench, batch_id)
        with bench.service.database.write() as session, pytest.raises(InvalidInputError, match="not in the list"):
            withdraw_batch(session, bench.service.installation, batch_id, "because")
