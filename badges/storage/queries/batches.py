"""What batches look like: counts, rows by page, the batches of an organisation. Read only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from badges.storage.records import BatchChunkRecord, BatchRecord, BatchRowRecord, RowState

PAGE_SIZE: Final = 100
LIST_SIZE: Final = 25
# In the order in which somebody wants to see them.
ASIDE: Final = (RowState.WRONG, RowState.LOOK, RowState.HELD, RowState.OUT)
# To the letter as the index of these rows has it: with values in the place of these words it would not be used.
_IS_ASIDE: Final = BatchRowRecord.state.not_in(
    bindparam("not_aside", [RowState.READY.value, RowState.AWARDED.value], expanding=True, literal_execute=True)
)


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


@dataclass(frozen=True, slots=True)
class BatchPage:
    """One page of batches, with the counts of each. total: of all pages."""

    batches: Sequence[BatchRecord]
    counts: Mapping[int, BatchCounts]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


def count_rows(session: Session, batch: BatchRecord) -> BatchCounts:
    """Return how many rows are in which state."""
    return count_rows_of(session, [batch])[batch.id]


def count_rows_of(session: Session, batches: Collection[BatchRecord]) -> dict[int, BatchCounts]:
    """Return how many rows of each batch are in which state. What was awarded is counted by the chunks, and not by the
    rows: that costs the same whether there are thirty or a million.
    """
    ids = [batch.id for batch in batches]
    aside: dict[int, dict[str, int]] = {number: {} for number in ids}
    rows = session.execute(
        select(BatchRowRecord.batch_id, BatchRowRecord.state, func.count())
        .where(BatchRowRecord.batch_id.in_(ids), _IS_ASIDE)
        .group_by(BatchRowRecord.batch_id, BatchRowRecord.state)
    )
    for number, state, count in rows:
        aside[number][RowState(state).value] = count
    sums = select(BatchChunkRecord.batch_id, func.sum(BatchChunkRecord.awarded)).where(
        BatchChunkRecord.batch_id.in_(ids)
    )
    awarded = dict(session.execute(sums.group_by(BatchChunkRecord.batch_id)).all())
    return {
        batch.id: BatchCounts(
            ready=batch.rows - awarded.get(batch.id, 0) - sum(aside[batch.id].values()),
            awarded=awarded.get(batch.id, 0),
            **aside[batch.id],
        )
        for batch in batches
    }


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
        if not {RowState.READY, RowState.AWARDED}.intersection(states):
            query = query.where(_IS_ASIDE)
    total = session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    page = min(max(page, 1), max(1, -(-total // size)))
    rows = session.scalars(query.order_by(BatchRowRecord.number).limit(size).offset((page - 1) * size)).all()
    return RowPage(rows, total, page, size)


def rows_aside(session: Session, batch: BatchRecord) -> Sequence[BatchRowRecord]:
    """Return every row that was not awarded and is not ready, in their order."""
    return session.scalars(
        select(BatchRowRecord).where(BatchRowRecord.batch_id == batch.id, _IS_ASIDE).order_by(BatchRowRecord.number)
    ).all()


def list_batches(
    session: Session,
    organisation_ids: Collection[int],
    account_id: int,
    *,
    own_only_in: Collection[int] = (),
    page: int = 1,
) -> BatchPage:
    """Return a page of the batches of these organisations, newest first; of some, only those that this account has
    handed in.
    """
    ours = BatchRecord.organisation_id.in_(organisation_ids) | (
        BatchRecord.organisation_id.in_(own_only_in) & (BatchRecord.created_by_id == account_id)
    )
    total = session.scalar(select(func.count()).select_from(BatchRecord).where(ours)) or 0
    page = min(max(page, 1), max(1, -(-total // LIST_SIZE)))
    query = select(BatchRecord).where(ours).order_by(BatchRecord.created_at.desc(), BatchRecord.id.desc())
    found = session.scalars(query.limit(LIST_SIZE).offset((page - 1) * LIST_SIZE)).all()
    return BatchPage(found, count_rows_of(session, found), total, page, LIST_SIZE)


def rows_done(session: Session, batch_id: int) -> int:
    """Return how many rows of the chunks of a batch are done."""
    done = func.sum(BatchChunkRecord.awarded + BatchChunkRecord.held + BatchChunkRecord.refused)
    return (
        session.scalar(select(done).where(BatchChunkRecord.batch_id == batch_id, BatchChunkRecord.done_at.is_not(None)))
        or 0
    )
