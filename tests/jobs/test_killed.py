"""Killed at any moment, in one process or two: afterwards every row is awarded once, none is lost, none is twice."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import ColumnElement, func, select, update

from badges.issuing.recipients import read_text
from badges.services.achievements import find_class_to_award
from badges.services.batch_ids import BatchIds
from badges.services.batch_starting import start_batch
from badges.services.batches import draft_batch, find_batch
from badges.storage.records import (
    AwardRecord,
    BatchChunkRecord,
    BatchRowRecord,
    BatchSource,
    BatchState,
    CredentialTextRecord,
    LedgerChunkRecord,
    MailState,
    OutboxMailRecord,
    PersonRecord,
)
from badges.verifying.report import Verdict
from tests.instances import Bench

PEOPLE: Final = 400
KILLS: Final = 5
PATIENCE_SECONDS: Final = 60


def begin(bench: Bench, batch_id: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.killed", str(batch_id)],
        env={**os.environ, **bench.variables()},
        cwd=Path(__file__).parents[2],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def forget_leases(bench: Bench) -> None:
    """What time does: the leases of those who died run out, and mails that were being sent are due again."""
    with bench.service.database.write() as session:
        session.execute(update(BatchChunkRecord).values(lease_until=None))
        session.execute(
            update(OutboxMailRecord)
            .where(OutboxMailRecord.state == MailState.WAITING)
            .values(next_attempt_at=bench.clock() - timedelta(days=1))
        )


def wait_for_work(bench: Bench, progress: ColumnElement[int]) -> None:
    """Wait until there is more of something than at first: the processes have started, and are in their work."""
    before, deadline = None, time.monotonic() + 20
    while time.monotonic() < deadline:
        with bench.service.database.read() as session:
            found = session.scalar(select(progress).select_from(BatchChunkRecord)) or 0
        before = found if before is None else before
        if found > before:
            return
        time.sleep(0.01)


# When a kill comes: a moment after another chunk was stored, or only taken.
STORED: Final = func.count(BatchChunkRecord.done_at)
TAKEN: Final = func.sum(BatchChunkRecord.attempts)


@pytest.mark.parametrize("count", [1, 2])
def test_every_row_is_awarded_once_whatever_is_killed_when(either_bench: Bench, count: int) -> None:
    bench, chance = either_bench, random.Random(f"{either_bench.service.database.sqlite_path}{count}")
    bench.clock.now = datetime.now(UTC)  # that of the processes
    people = "".join(f"Person {n},person{n}@example.org\n" for n in range(PEOPLE))
    with bench.service.database.write() as session:
        version = find_class_to_award(session, "supporter", None)
        batch = draft_batch(session, bench.service.installation, version, read_text(people), source=BatchSource.SHELL)
        batch_id = batch.id
    with bench.service.database.write() as session:
        start_batch(session, bench.service.installation, batch_id, undo_time=timedelta(0))
    seen: list[int] = []
    for kill in range(KILLS):
        workers = [begin(bench, batch_id) for _ in range(count)]
        wait_for_work(bench, TAKEN if kill % 2 else STORED)
        time.sleep(chance.uniform(0, 0.3))
        for worker in workers:
            worker.kill()
            worker.wait()
        forget_leases(bench)
        seen.append(bench.count(AwardRecord))
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        begin(bench, batch_id).wait(PATIENCE_SECONDS)
        forget_leases(bench)
        with bench.service.database.read() as session:
            waiting = session.scalar(
                select(func.count()).select_from(OutboxMailRecord).where(OutboxMailRecord.state == MailState.WAITING)
            )
            if find_batch(session, batch_id).state == BatchState.DONE and not waiting:
                break
    assert any(0 < done < PEOPLE for done in seen), "no kill fell into the work"
    bench.clock.now = datetime.now(UTC)
    check(bench, batch_id)


def check(bench: Bench, batch_id: int) -> None:
    with bench.service.database.read() as session:
        batch = find_batch(session, batch_id)
        assert batch.state == BatchState.DONE
        ids = BatchIds(batch.seed, batch.created_at)
        awards = session.scalars(select(AwardRecord).order_by(AwardRecord.id)).all()
        assert [each.id for each in awards] == [ids.of_row(number).award_id for number in range(1, PEOPLE + 1)]
        assert [each.person.email for each in awards if each.person] == [
            f"person{n}@example.org" for n in range(PEOPLE)
        ]
        assert len({(each.status_list_number, each.status_index) for each in awards}) == PEOPLE
        assert session.scalar(select(func.count()).select_from(PersonRecord)) == PEOPLE
        assert set(session.scalars(select(BatchRowRecord.state))) == {"awarded"}
        texts = set(session.scalars(select(CredentialTextRecord.award_id)))
        assert texts == {each.id for each in awards}
        ledger = b"".join(session.scalars(select(LedgerChunkRecord.hashes)))
        assert len({ledger[place : place + 32] for place in range(0, len(ledger), 32)}) == PEOPLE
        mails = session.scalars(select(OutboxMailRecord)).all()
        assert Counter(mail.state for mail in mails) == {MailState.SENT: PEOPLE}
        assert {mail.award_id for mail in mails} == texts
    for award in awards[::67]:
        assert bench.verify(bench.form(award)).verdict is Verdict.VALID
    # Each went out at least once; a repeat has the same Message-ID.
    sent = [message_from_bytes(path.read_bytes()) for path in bench.folders.outbox.glob("*.eml")]
    by_person: dict[str, set[str]] = {}
    for mail in sent:
        by_person.setdefault(str(mail["To"]), set()).add(str(mail["Message-ID"]))
    assert len(by_person) == PEOPLE
    assert all(len(numbers) == 1 for numbers in by_person.values())
