"""What batches look like: counts, rows by page, the batches of an organisation. Read only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badges.storage.records import BatchChunkRecord, BatchRecord, BatchRowRecord, BatchState, RowState

PAGE_SIZE = 100
# In the order in which somebody wants to see them.
ASIDE = (RowState.WRONG, RowState.LOOK, RowState.HELD, RowState.OUT)


@dataclass(frozen=True, slots=True)
class BatchCounts:
    """How many rows are in which state."""

    ready: int = 0
    awarded: int = 0
    held: int = 0
    look: int = 0
    wrong: int = 0
    out: int = 0

    @property
    def aside(self) -> int:
        return self.held + self.look + self.wrong + self.out

    @property
    def total(self) -> int:
        return self.ready + self.awarded + self.aside


@dataclass(frozen=True, slots=True)
class RowPage:
    """One page of rows. total: of all pages."""

    rows: Sequence[BatchRowRecord]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


def count_rows(session: Session, batch: BatchRecord) -> BatchCounts:
    """Return how many rows are in which state. While a batch is worked on, the chunks are counted and not the rows:
    that costs the same whether there are thirty or a million.
    """
    aside = dict(
        session.execute(
            select(BatchRowRecord.state, func.count())
            .where(BatchRowRecord.batch_id == batch.id, BatchRowRecord.state.not_in((RowState.READY, RowState.AWARDED)))
            .group_by(BatchRowRecord.state)
        ).all()
    )
    awarded = (
        session.scalar(select(func.sum(BatchChunkRecord.awarded)).where(BatchChunkRecord.batch_id == batch.id)) or 0
    )
    counts = {RowState(state).value: count for state, count in aside.items()}
    return BatchCounts(ready=batch.rows - awarded - sum(counts.values()), awarded=awarded, **counts)


def list_rows(
    session: Session,
    batch: BatchRecord,
    *,
    states: Collection[RowState] = (),
    page: int = 1,
    size: int = PAGE_SIZE,
) -> RowPage:
    """Return one page of the rows in these states (of all, if none is named), in their order."""
    query = select(BatchRowRecord).where(BatchRowRecord.batch_id == batch.id)
    if states:
        query = query.where(BatchRowRecord.state.in_(states))
        if not {RowState.READY, RowState.AWARDED}.intersection(states):  # as the index of those has it
            query = query.where(BatchRowRecord.state.not_in((RowState.READY, RowState.AWARDED)))
    total = session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    page = min(max(page, 1), max(1, -(-total // size)))
    rows = session.scalars(query.order_by(BatchRowRecord.number).limit(size).offset((page - 1) * size)).all()
    return RowPage(rows, total, page, size)


def rows_aside(session: Session, batch: BatchRecord) -> Sequence[BatchRowRecord]:
    """Return every row that was not awarded and is not ready, in their order."""
    return session.scalars(
        select(BatchRowRecord)
        .where(BatchRowRecord.batch_id == batch.id, BatchRowRecord.state.not_in((RowState.READY, RowState.AWARDED)))
        .order_by(BatchRowRecord.number)
    ).all()


def list_batches(
    session: Session, organisation_ids: Collection[int], *, page: int = 1, size: int = 25
) -> tuple[Sequence[BatchRecord], int]:
    """Return a page of the batches of these organisations, newest first, and how many there are."""
    ours = BatchRecord.organisation_id.in_(organisation_ids)
    total = session.scalar(select(func.count()).select_from(BatchRecord).where(ours)) or 0
    query = select(BatchRecord).where(ours).order_by(BatchRecord.created_at.desc(), BatchRecord.id.desc())
    return session.scalars(query.limit(size).offset((max(page, 1) - 1) * size)).all(), total


def rows_done(session: Session, batch_id: int) -> tuple[int, int]:
    """Return how many rows of the chunks are done, and of how many."""
    done, there = BatchChunkRecord.done_at.is_not(None), BatchChunkRecord.batch_id == batch_id
    finished = session.scalar(
        select(func.sum(BatchChunkRecord.awarded + BatchChunkRecord.held + BatchChunkRecord.refused)).where(there, done)
    )
    return finished or 0, session.scalar(select(func.count()).where(there)) or 0


def is_over(batch: BatchRecord) -> bool:
    """Whether nothing of the batch is under way."""
    return batch.state in (BatchState.DRAFT, BatchState.DONE)
