"""Lists of people before they are awarded: judged row by row, mended, started, undone, forgotten."""

from __future__ import annotations

import json

import pytest

from badges.errors import ConflictError, InvalidInputError
from badges.jobs.batches import work_on_due_batches
from badges.jobs.tasks import tidy_up
from badges.services.batch_starting import start_batch, undo_batch
from badges.services.batches import (
    discard_batch,
    find_batch,
    leave_row_out,
    mend_row,
)
from badges.storage.queries.batches import BatchCounts
from badges.storage.records import (
    BatchRecord,
    BatchRowRecord,
    BatchState,
)
from badges.vocab.audit import WORKER
from tests.instances import Bench
from tests.services.batching import award, awards, counts, draft, rows, start, states


class TestRows:
    def test_each_row_says_what_is_wrong_with_it(self, bench: Bench) -> None:
        bench.award(email="has@example.org")
        text = (
            "Name\tEmail\tDate\tLink\n"
            "A\tann@example.org\t\t\n"
            "B\tbob@nhs.ent\t\t\n"
            "C\tcat at example.org, or cat@\t\t\n"
            "D\thas@example.org\t\t\n"
            "E\tANN@Example.org\t\t\n"
            "F\ta.nn@example.org\t\t\n"
            f"{'G' * 400}\tgus@example.org\t\t\n"
            "H\thal@example.org\t2099-01-01\t\n"
            "I\tida@example.org\t\tjavascript:alert(1)\n"
            "=cmd|' /C calc'!A0\tjon@example.org\t31/02/2026\t\n"
        )
        batch_id = draft(bench, text)
        assert states(bench, batch_id) == [
            "ready", "look", "wrong", "held", "held", "look", "wrong", "wrong", "wrong", "wrong",
        ]  # fmt: skip
        fields = [(row.problem or {}).get("field") for row in rows(bench, batch_id)]
        assert fields == [None, "email", "email", "email", "email", "email", "name", "date", "evidence_url", "date"]
        assert rows(bench, batch_id)[1].suggestion == "bob@nhs.net"

    def test_a_row_is_mended_in_place(self, bench: Bench) -> None:
        batch_id = draft(bench, "Ann,ann@nhs.ent\nBob,bob@nhs.net\n")
        with bench.service.database.write() as session:
            batch = find_batch(session, batch_id)
            mend_row(session, bench.service.installation, batch, 1, values={"email": "bob@nhs.net"})
        assert states(bench, batch_id) == ["ready", "held"]
        with bench.service.database.write() as session:
            batch = find_batch(session, batch_id)
            mend_row(session, bench.service.installation, batch, 1, values={"email": "ann@nhs.ent"}, is_sure=True)
        assert states(bench, batch_id) == ["ready", "ready"]

    def test_a_row_that_was_a_twin_is_looked_at_again_when_it_is_none_any_more(self, bench: Bench) -> None:
        batch_id = draft(bench, "Ann,ann@nhs.ent\nAnna,ann@nhs.ent\n")
        assert states(bench, batch_id) == ["look", "held"]
        with bench.service.database.write() as session:
            batch = find_batch(session, batch_id)
            mend_row(session, bench.service.installation, batch, 1, values={"email": "ann@nhs.net"})
        assert states(bench, batch_id) == ["ready", "look"]

    def test_what_is_left_can_be_mended_and_awarded_afterwards(self, either_bench: Bench) -> None:
        batch_id = draft(either_bench, "Ann,ann@nhs.ent\nBob,bob@nhs.net\nCat,cat\nDan,dan@nhs.net\n")
        start(either_bench, batch_id)
        award(either_bench, batch_id)
        assert states(either_bench, batch_id) == ["look", "awarded", "wrong", "awarded"]
        installation = either_bench.service.installation
        with either_bench.service.database.write() as session:
            batch = find_batch(session, batch_id)
            mend_row(session, installation, batch, 3, values={"email": "cat@nhs.net"})
            leave_row_out(session, installation, batch, 1)
        start(either_bench, batch_id)
        award(either_bench, batch_id)
        assert states(either_bench, batch_id) == ["out", "awarded", "awarded", "awarded"]
        assert len(awards(either_bench)) == 3
        assert counts(either_bench, batch_id) == BatchCounts(awarded=3, out=1)

    def test_a_list_without_an_address_and_one_that_is_too_long_are_refused_whole(self, bench: Bench) -> None:
        with pytest.raises(InvalidInputError, match="no e-mail address"):
            draft(bench, "Name\nSam\n")
        with pytest.raises(InvalidInputError, match="more than 5 rows"):
            draft(bench, most_rows=5)
        assert bench.count(BatchRecord) == bench.count(BatchRowRecord) == 0


class TestStartAndUndo:
    def test_undo_within_the_time_leaves_nothing_behind(self, either_bench: Bench) -> None:
        batch_id = draft(either_bench)
        start(either_bench, batch_id, seconds=60)
        either_bench.clock.advance(seconds=59)
        assert work_on_due_batches(either_bench.service, by=WORKER, processes=1) == 0
        with either_bench.service.database.write() as session:
            undo_batch(session, either_bench.service.installation, batch_id)
        either_bench.clock.advance(minutes=10)
        assert work_on_due_batches(either_bench.service, by=WORKER, processes=1) == 0
        assert awards(either_bench) == []
        start(either_bench, batch_id, seconds=60)
        either_bench.clock.advance(seconds=60)
        assert work_on_due_batches(either_bench.service, by=WORKER, processes=1) == 1
        assert len(awards(either_bench)) == 8

    def test_undo_after_the_time_is_refused(self, bench: Bench) -> None:
        batch_id = draft(bench)
        start(bench, batch_id, seconds=60)
        bench.clock.advance(seconds=60)
        with bench.service.database.write() as session, pytest.raises(ConflictError, match="too late"):
            undo_batch(session, bench.service.installation, batch_id)

    def test_starting_twice_is_starting_once(self, bench: Bench) -> None:
        batch_id = draft(bench)
        first = start(bench, batch_id, seconds=60)
        bench.clock.advance(seconds=30)
        second = start(bench, batch_id, seconds=60)
        assert second.starts_at == first.starts_at
        bench.clock.advance(minutes=2)
        award(bench, batch_id)
        assert start(bench, batch_id).state == BatchState.DONE
        assert len(awards(bench)) == 8

    def test_a_class_that_is_retired_is_not_awarded(self, bench: Bench) -> None:
        batch_id = draft(bench)
        with bench.service.database.write() as session:
            find_batch(session, batch_id).achievement_version.achievement.retired_at = bench.clock()
            session.info["audit"] = []
        with bench.service.database.write() as session, pytest.raises(ConflictError, match="retired"):
            start_batch(session, bench.service.installation, batch_id)

    def test_a_draft_can_be_thrown_away(self, bench: Bench) -> None:
        batch_id = draft(bench)
        with bench.service.database.write() as session:
            discard_batch(session, bench.service.installation, batch_id)
        assert bench.count(BatchRecord) == bench.count(BatchRowRecord) == 0

    def test_rows_stay_as_they_are_while_the_list_is_being_awarded(self, bench: Bench) -> None:
        batch_id = draft(bench)
        start(bench, batch_id, seconds=60)
        with bench.service.database.write() as session, pytest.raises(ConflictError, match="being awarded"):
            mend_row(session, bench.service.installation, find_batch(session, batch_id), 1, values={"name": "X"})


class TestForgetting:
    def test_rows_are_forgotten_after_three_months_and_badges_are_not(self, bench: Bench) -> None:
        batch_id, abandoned = draft(bench, "Ann,ann@nhs.net\nBob,bob\n"), draft(bench)
        start(bench, batch_id)
        award(bench, batch_id)
        bench.clock.advance(days=80)
        tidy_up(bench.service)
        assert bench.count(BatchRowRecord) == 10
        bench.clock.advance(days=11)
        tidy_up(bench.service)
        assert bench.count(BatchRowRecord) == 0
        assert counts(bench, batch_id) == BatchCounts(awarded=1)
        with bench.service.database.read() as session:
            assert session.get(BatchRecord, abandoned) is None
        (stored,) = awards(bench)
        assert json.loads(bench.form(stored))["id"].endswith(str(stored.id))
