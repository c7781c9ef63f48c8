"""Batches before they are awarded: handed in, mended row by row, thrown away, forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from badges.errors import ConflictError, InvalidInputError, NotFoundError
from badges.issuing.recipients import RecipientRow, Recipients
from badges.services.audit import leave_line
from badges.services.batch_comparing import compare_rows
from badges.services.batch_rows import check_row, kept_cells, kept_problem
from badges.services.context import Installation
from badges.storage.engine import insert_many
from badges.storage.records import (
    AchievementVersionRecord,
    BatchChunkRecord,
    BatchRecord,
    BatchRowRecord,
    BatchSource,
    BatchState,
    RowState,
)
from badges.vocab.audit import Action
from badges.wording import say

MOST_ROWS: Final = 100_000
MOST_ROWS_IN_THE_SHELL: Final = 5_000_000
# How long the rows of a list are kept: as long as somebody may still want to mend what was left aside.
KEPT_FOR: Final = timedelta(days=90)
_SEED_BYTES: Final = 32
_AT_ONCE: Final = 1_000


def draft_batch(
    session: Session,
    installation: Installation,
    version: AchievementVersionRecord,
    recipients: Recipients,
    *,
    source: BatchSource,
    account_id: int | None = None,
    keeps_cells: bool = True,
    most_rows: int = MOST_ROWS,
) -> BatchRecord:
    """Keep the rows of a list, each with what is wrong with it. Nothing is awarded yet.

    keeps_cells: of all rows, so that each can be given back as it was; else of those that are left aside only.

    Raises InvalidInputError for a list that is too long.
    """
    batch = BatchRecord(
        organisation_id=version.achievement.organisation_id,
        achievement_version_id=version.id,
        created_by_id=account_id,
        source=source,
        state=BatchState.DRAFT,
        seed=installation.random.token(_SEED_BYTES),
        columns=[
            {"heading": heading[:200], "column": column.value}
            for heading, column in zip(recipients.heading, recipients.columns, strict=True)
        ],
        rows=0,
        created_at=installation.clock(),
    )
    session.add(batch)
    session.flush()
    now = installation.clock()
    for piece in _pieces(recipients.rows):
        batch.rows += len(piece)
        if batch.rows > most_rows:
            raise InvalidInputError(
                "The list has more than %(most)s rows. Split it into several.", field="rows", most=f"{most_rows:,}"
            )
        insert_many(
            session, BatchRowRecord, [_row_values(batch.id, row, now, keeps_cells=keeps_cells) for row in piece]
        )
    compare_rows(session, batch)
    leave_line(
        session, installation, Action.BATCH_DRAFTED, batch.id, organisation=batch.organisation_id, rows=batch.rows
    )
    return batch


def _pieces(rows: Iterator[RecipientRow]) -> Iterator[list[RecipientRow]]:
    while piece := list(islice(rows, _AT_ONCE)):
        yield piece


def _row_values(
    batch_id: int, row: RecipientRow, now: datetime, *, keeps_cells: bool, is_sure: bool = False
) -> dict[str, Any]:
    checked = check_row(row, now, is_sure=is_sure)
    return {
        "batch_id": batch_id,
        "number": row.number,
        "state": checked.state,
        "email": checked.email,
        "name": checked.name,
        "narrative": checked.narrative,
        "evidence_url": checked.evidence_url,
        "date": checked.date,
        "valid_from": checked.valid_from,
        "reference": checked.reference,
        "is_sure": is_sure,
        "suggestion": checked.suggestion,
        "problem": kept_problem(checked.problem, checked.field),
        "cells": kept_cells(row.cells) if keeps_cells or checked.state is not RowState.READY else None,
    }


def find_batch(session: Session, batch_id: int) -> BatchRecord:
    """Return one batch. Raises NotFoundError."""
    batch = session.get(BatchRecord, batch_id)
    if batch is None:
        raise NotFoundError("There is no batch with the number %(id)s here.", id=batch_id)
    return batch


def lock_batch(session: Session, batch_id: int) -> BatchRecord:
    """Return one batch that nobody else changes until the transaction ends. Raises NotFoundError."""
    batch = find_batch(session, batch_id)
    session.refresh(batch, with_for_update={"of": BatchRecord})
    return batch


def find_row(session: Session, batch: BatchRecord, number: int) -> BatchRowRecord:
    """Return one row. Raises NotFoundError."""
    row = session.get(BatchRowRecord, (batch.id, number))
    if row is None:
        raise NotFoundError("There is no row %(number)s in this list.", number=number)
    return row


def require_changeable(batch: BatchRecord) -> None:
    """Raise ConflictError while a batch is about to be awarded, or being awarded."""
    if batch.state in (BatchState.QUEUED, BatchState.WORKING):
        raise ConflictError("This list is being awarded. Wait until that is done, then change the rows that are left.")


def mend_row(
    session: Session,
    installation: Installation,
    batch: BatchRecord,
    number: int,
    *,
    values: dict[str, str] | None = None,
    is_sure: bool = False,
) -> BatchRowRecord:
    """Change what a row says, and look at it again. values: by the names of its texts; others stay.

    is_sure: the address is right as it is. Raises NotFoundError; ConflictError for a row that was awarded, and as
    require_changeable.
    """
    require_changeable(batch)
    row = find_row(session, batch, number)
    if row.state == RowState.AWARDED:
        raise ConflictError("Row %(number)s was awarded already.", number=number)
    given = values or {}
    fresh = RecipientRow(
        number=number,
        line=0,
        cells=tuple(row.cells or ()),
        email=given.get("email", row.email),
        name=given.get("name", row.name),
        narrative=given.get("narrative", row.narrative),
        evidence_url=given.get("evidence_url", row.evidence_url),
        date=given.get("date", row.date),
        reference=given.get("reference", row.reference),
    )
    checked = _row_values(batch.id, fresh, installation.clock(), keeps_cells=True, is_sure=is_sure)
    for name, value in checked.items():
        if name not in ("batch_id", "number", "cells"):
            setattr(row, name, value)
    session.flush()
    compare_rows(session, batch)
    session.refresh(row)
    leave_line(session, installation, Action.BATCH_CHANGED, batch.id, organisation=batch.organisation_id, row=number)
    return row


def leave_row_out(session: Session, installation: Installation, batch: BatchRecord, number: int) -> BatchRowRecord:
    """Leave a row out on purpose. It can be brought back by mending it. Raises as mend_row."""
    require_changeable(batch)
    row = find_row(session, batch, number)
    if row.state == RowState.AWARDED:
        raise ConflictError("Row %(number)s was awarded already.", number=number)
    row.state, row.problem = RowState.OUT, kept_problem(say("Left out on purpose."), "")
    session.flush()
    compare_rows(session, batch)
    leave_line(
        session, installation, Action.BATCH_CHANGED, batch.id, organisation=batch.organisation_id, row=number, left=True
    )
    return row


def discard_batch(session: Session, installation: Installation, batch_id: int) -> None:
    """Throw a list away of which nothing was awarded. Raises ConflictError for another."""
    batch = lock_batch(session, batch_id)
    if batch.state != BatchState.DRAFT:
        raise ConflictError("Only a list of which nothing was awarded can be thrown away.")
    leave_line(session, installation, Action.BATCH_DISCARDED, batch.id, organisation=batch.organisation_id)
    session.execute(delete(BatchRowRecord).where(BatchRowRecord.batch_id == batch.id))
    session.delete(batch)


def forget_old_rows(session: Session, installation: Installation) -> int:
    """Delete the rows of lists that were handed in long ago, and drafts that nobody started: they name people. What was
    awarded stays, and so does the number of it. Returns how many lists it were.
    """
    old = session.scalars(
        select(BatchRecord)
        .where(
            BatchRecord.state.in_((BatchState.DRAFT, BatchState.DONE)),
            BatchRecord.created_at < installation.clock() - KEPT_FOR,
            BatchRecord.rows_kept,
        )
        .limit(100)
    ).all()
    for batch in old:
        session.execute(delete(BatchRowRecord).where(BatchRowRecord.batch_id == batch.id))
        chunks = select(func.count(), func.sum(BatchChunkRecord.awarded)).where(BatchChunkRecord.batch_id == batch.id)
        count, awarded = session.execute(chunks).one()
        if not count:
            session.delete(batch)
        batch.rows, batch.rows_kept = awarded or 0, False
    return len(old)
