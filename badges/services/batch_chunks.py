"""The chunks of a batch: cut when its time has come, taken one by one, done.

Who takes a chunk holds a lease on it, so that others take other ones. But nothing rests on the lease: the transaction
that stores a chunk first looks whether it is stored (`batch_storing.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from badges.services.batch_starting import UNDO_TIME
from badges.services.batches import lock_batch
from badges.services.carried_endorsements import hold_for_award
from badges.services.context import Installation
from badges.services.facts import fix_base_url
from badges.services.status_lists import reserve_places
from badges.storage.records import BatchChunkRecord, BatchRecord, BatchRowRecord, BatchState, RowState

CHUNK_ROWS: Final = 1_000
LEASE: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class BatchChunk:
    """Which chunk: the number of its batch, and its own."""

    batch_id: int
    number: int


def due_batches(session: Session, installation: Installation) -> Sequence[int]:
    """Return the batches whose time has come, and those that are under way."""
    now = installation.clock()
    # One that starts later than it can have been set to was set before the clock was put back.
    is_time = (BatchRecord.starts_at <= now) | (BatchRecord.starts_at > now + UNDO_TIME)
    query = select(BatchRecord.id).where(
        (BatchRecord.state == BatchState.WORKING) | ((BatchRecord.state == BatchState.QUEUED) & is_time)
    )
    return session.scalars(query.order_by(BatchRecord.starts_at, BatchRecord.id)).all()


def begin_batch(session: Session, installation: Installation, batch_id: int) -> bool:
    """Cut a queued batch into chunks, and reserve their places in status lists. Returns False when it is not time, or
    somebody else did it. What was started before the class was retired is awarded.

    Raises ConfigurationError as award_badge.
    """
    batch = lock_batch(session, batch_id)
    now = installation.clock()
    if batch.state != BatchState.QUEUED or batch.starts_at is None or now < batch.starts_at <= now + UNDO_TIME:
        return False
    fix_base_url(session, installation)
    hold_for_award(session, installation, batch.achievement_version)
    last = session.scalar(select(func.max(BatchChunkRecord.number)).where(BatchChunkRecord.batch_id == batch.id))
    ranges = _ranges(session, batch)
    for number, (first_row, last_row, count) in enumerate(ranges, start=(last or 0) + 1):
        places = reserve_places(session, installation, batch.organisation, count)
        session.add(
            BatchChunkRecord(
                batch_id=batch.id,
                number=number,
                first_row=first_row,
                last_row=last_row,
                list_number=places.number,
                first_place=places.first,
            )
        )
    batch.state, batch.moment = BatchState.WORKING, now
    return True


def _ranges(session: Session, batch: BatchRecord) -> Iterator[tuple[int, int, int]]:
    """Yield first and last row of each chunk, and how many ready rows it has."""
    ready = (
        select(BatchRowRecord.number)
        .where(BatchRowRecord.batch_id == batch.id, BatchRowRecord.state == RowState.READY)
        .order_by(BatchRowRecord.number)
    )
    numbers: list[int] = list(session.scalars(ready))
    for start in range(0, len(numbers), CHUNK_ROWS):
        piece = numbers[start : start + CHUNK_ROWS]
        yield piece[0], piece[-1], len(piece)


def take_chunk(session: Session, installation: Installation, batch_id: int) -> BatchChunk | None:
    """Take the next chunk of a batch that nobody has. Returns None when there is none."""
    now = installation.clock()
    chunk = session.scalars(
        select(BatchChunkRecord)
        .where(*_waiting(batch_id, now))
        .order_by(BatchChunkRecord.number)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if chunk is None:
        return None
    chunk.lease_until = now + LEASE
    chunk.attempts += 1
    return BatchChunk(batch_id, chunk.number)


def give_back(session: Session, chunk: BatchChunk) -> None:
    """Let others take a chunk at once that this process will not finish."""
    session.execute(
        update(BatchChunkRecord)
        .where(
            BatchChunkRecord.batch_id == chunk.batch_id,
            BatchChunkRecord.number == chunk.number,
            BatchChunkRecord.done_at.is_(None),
        )
        .values(lease_until=None)
    )


def finish_batch(session: Session, batch_id: int) -> bool:
    """Note that all chunks of a batch are done. Returns False while some are not."""
    open_chunks = select(BatchChunkRecord.number).where(
        BatchChunkRecord.batch_id == batch_id, BatchChunkRecord.done_at.is_(None)
    )
    if session.scalar(open_chunks.limit(1)) is not None:
        return False
    batch = lock_batch(session, batch_id)
    if batch.state == BatchState.WORKING:
        batch.state, batch.problem = BatchState.DONE, None
    return batch.state == BatchState.DONE


def count_waiting_chunks(session: Session, installation: Installation, batch_id: int) -> int:
    """Return how many chunks of a batch can be taken now."""
    return session.scalar(select(func.count()).where(*_waiting(batch_id, installation.clock()))) or 0


def _waiting(batch_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What is so of the chunks of a batch that nobody has done, and nobody has now."""
    return (
        BatchChunkRecord.batch_id == batch_id,
        BatchChunkRecord.done_at.is_(None),
        # Not so when it is longer than a lease can be: then the clock was put back.
        BatchChunkRecord.lease_until.is_(None)
        | (BatchChunkRecord.lease_until <= now)
        | (BatchChunkRecord.lease_until > now + LEASE),
    )
