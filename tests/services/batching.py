"""Steps that the tests of batches share."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from badges.issuing.recipients import read_text
from badges.jobs.batches import award_batch
from badges.services.achievements import find_class_to_award
from badges.services.batch_starting import start_batch
from badges.services.batches import (
    draft_batch,
    find_batch,
)
from badges.storage.queries.batches import BatchCounts, count_rows
from badges.storage.records import (
    AwardRecord,
    BatchRecord,
    BatchRowRecord,
    BatchSource,
)
from badges.vocab.audit import WORKER
from tests.instances import ORGANISATION, Bench

LIST = "Name,Email\n" + "".join(f"Person {n},person{n}@example.org\n" for n in range(1, 9))


def draft(bench: Bench, text: str = LIST, **more: Any) -> int:
    with bench.service.database.write() as session:
        version = find_class_to_award(session, "supporter", ORGANISATION)
        batch = draft_batch(
            session, bench.service.installation, version, read_text(text), source=BatchSource.WEB, **more
        )
        return batch.id


def start(bench: Bench, batch_id: int, seconds: int = 0) -> BatchRecord:
    with bench.service.database.write() as session:
        return start_batch(session, bench.service.installation, batch_id, undo_time=timedelta(seconds=seconds))


def rows(bench: Bench, batch_id: int) -> list[BatchRowRecord]:
    with bench.service.database.read() as session:
        query = select(BatchRowRecord).where(BatchRowRecord.batch_id == batch_id).order_by(BatchRowRecord.number)
        return list(session.scalars(query))


def states(bench: Bench, batch_id: int) -> list[str]:
    return [row.state for row in rows(bench, batch_id)]


def counts(bench: Bench, batch_id: int) -> BatchCounts:
    with bench.service.database.read() as session:
        return count_rows(session, find_batch(session, batch_id))


def awards(bench: Bench) -> list[AwardRecord]:
    with bench.service.database.read() as session:
        return list(session.scalars(select(AwardRecord).order_by(AwardRecord.id)))


def award(bench: Bench, batch_id: int) -> bool:
    return award_batch(bench.service, batch_id, by=WORKER, processes=1)
