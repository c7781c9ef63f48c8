"""Batches before they are awarded: handed in, looked at, mended row by row, started, undone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from badges.errors import ConflictError, InvalidInputError, NotFoundError
from badges.issuing.recipients import RecipientRow, Recipients
from badges.services.audit import leave_line
from badges.services.batch_rows import check_row, doubt_wording, kept_cells, kept_problem
from badges.services.context import Installation
from badges.storage.engine import insert_many
from badges.storage.records import (
    AchievementVersionRecord,
    AwardRecord,
    BatchChunkRecord,
    BatchRecord,
    BatchRowRecord,
    BatchSource,
    BatchState,
    PersonRecord,
    RowState,
)
from badges.vocab.audit import Action
from badges.vocab.json import JsonObject
from badges.wording import say

UNDO_TIME: Final = timedelta(seconds=60)
MOST_ROWS: Final = 100_000
MOST_ROWS_IN_THE_SHELL: Final = 5_000_000
# How long the rows of a list are kept: as long as somebody may still want to mend what was left aside.
KEPT_FOR: Final = timedelta(days=90)
_SEED_BYTES: Final = 32
_AT_ONCE: Final = 1_000
# What can still be awarded, or may be once somebody has looked at it.
_HOPEFUL: Final = (RowState.READY, RowState.LOOK)


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
    _compare_rows(session, batch)
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
        "valid_from": checked.valid_from,
        "reference": checked.reference,
        "is_sure": is_sure,
        "suggestion": checked.suggestion,
        "problem": kept_problem(checked.problem, checked.field),
        "cells": kept_cells(row.cells) if keeps_cells or checked.state is not RowState.READY else None,
    }


def _compare_rows(session: Session, batch: BatchRecord) -> None:
    """Say of each row whether the same person is in an earlier one, or has this badge already."""
    _mark(session, batch, _judged_alone(session, batch))
    _mark(session, batch, _twins(session, batch))
    _mark(session, batch, _holders(session, batch))
    _mark(session, batch, _differing_in_dots(session, batch))


Marks = Iterable[tuple[int, RowState, JsonObject | None]]


def _mark(session: Session, batch: BatchRecord, marks: Marks) -> None:
    values = [{"batch_id": batch.id, "number": number, "state": state, "problem": why} for number, state, why in marks]
    for start in range(0, len(values), _AT_ONCE):
        session.execute(update(BatchRowRecord), values[start : start + _AT_ONCE])


def _judged_alone(session: Session, batch: BatchRecord) -> Marks:
    """The rows that were held because of others, as they are without these."""
    held = select(BatchRowRecord.number, BatchRowRecord.suggestion, BatchRowRecord.is_sure).where(
        BatchRowRecord.batch_id == batch.id, BatchRowRecord.state == RowState.HELD
    )
    for number, suggestion, is_sure in session.execute(held).all():
        if suggestion and not is_sure:
            yield number, RowState.LOOK, kept_problem(doubt_wording(suggestion), "email")
        else:
            yield number, RowState.READY, None


def _twins(session: Session, batch: BatchRecord) -> Marks:
    first = func.min(BatchRowRecord.number).over(partition_by=BatchRowRecord.email)
    rows = (
        select(BatchRowRecord.number, BatchRowRecord.state, first.label("first"))
        .where(BatchRowRecord.batch_id == batch.id, BatchRowRecord.state.in_((*_HOPEFUL, RowState.AWARDED)))
        .subquery()
    )
    later = select(rows.c.number, rows.c.first).where(rows.c.number != rows.c.first, rows.c.state.in_(_HOPEFUL))
    for number, earlier in session.execute(later):
        why = kept_problem(say("The same address is in row %(row)s.", row=earlier), "email")
        yield number, RowState.HELD, why


def _holders(session: Session, batch: BatchRecord) -> Marks:
    query = (
        select(BatchRowRecord.number, AwardRecord.id, AwardRecord.awarded_at)
        .join(PersonRecord, PersonRecord.email == BatchRowRecord.email)
        .join(AwardRecord, AwardRecord.person_id == PersonRecord.id)
        .where(
            BatchRowRecord.batch_id == batch.id,
            BatchRowRecord.state.in_(_HOPEFUL),
            AwardRecord.achievement_id == batch.achievement_version.achievement_id,
            AwardRecord.revoked_at.is_(None),
        )
        .order_by(BatchRowRecord.number)
    )
    seen = set()
    for number, award_id, awarded_at in session.execute(query):
        if number not in seen:
            seen.add(number)
            why = kept_problem(say("Has this badge since %(day)s.", day=awarded_at.date()), "email")
            assert why is not None
            yield number, RowState.HELD, {**why, "award": str(award_id)}


def _differing_in_dots(session: Session, batch: BatchRecord) -> Marks:
    plain = func.replace(BatchRowRecord.email, ".", "")
    rows = (
        select(
            BatchRowRecord.number,
            BatchRowRecord.is_sure,
            BatchRowRecord.state,
            func.min(BatchRowRecord.number).over(partition_by=plain).label("first"),
        )
        .where(BatchRowRecord.batch_id == batch.id, BatchRowRecord.state.in_((*_HOPEFUL, RowState.AWARDED)))
        .subquery()
    )
    differing = select(rows.c.number, rows.c.first).where(
        rows.c.number != rows.c.first, ~rows.c.is_sure, rows.c.state.in_(_HOPEFUL)
    )
    for number, earlier in session.execute(differing):
        why = kept_problem(
            say("This address differs from the one in row %(row)s only by dots. Is it somebody else?", row=earlier),
            "email",
        )
        yield number, RowState.LOOK, why


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
        date=given.get("date", row.valid_from.date().isoformat() if row.valid_from else ""),
        reference=given.get("reference", row.reference),
    )
    checked = _row_values(batch.id, fresh, installation.clock(), keeps_cells=True, is_sure=is_sure)
    for name, value in checked.items():
        if name not in ("batch_id", "number", "cells"):
            setattr(row, name, value)
    session.flush()
    _compare_rows(session, batch)
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
    _compare_rows(session, batch)
    leave_line(
        session, installation, Action.BATCH_CHANGED, batch.id, organisation=batch.organisation_id, row=number, left=True
    )
    return row


def start_batch(
    session: Session, installation: Installation, batch_id: int, *, undo_time: timedelta = UNDO_TIME
) -> BatchRecord:
    """Have the ready rows awarded, once the time to undo is over. Safe to repeat: what is under way stays as it is.

    Raises ConflictError when no row is ready, or the class is retired.
    """
    batch = lock_batch(session, batch_id)
    if batch.state in (BatchState.QUEUED, BatchState.WORKING):
        return batch
    if batch.achievement_version.achievement.retired_at is not None:
        raise ConflictError('"%(name)s" is retired: it is not awarded any more.', name=batch.achievement_version.name)
    ready = _count_ready(session, batch)
    if not ready:
        if batch.state == BatchState.DONE:  # somebody else was a moment faster, or it was sent twice
            return batch
        raise ConflictError("No row of this list is ready to be awarded.")
    batch.state, batch.starts_at = BatchState.QUEUED, installation.clock() + undo_time
    leave_line(session, installation, Action.BATCH_STARTED, batch.id, organisation=batch.organisation_id, ready=ready)
    return batch


def _count_ready(session: Session, batch: BatchRecord) -> int:
    ready = select(func.count()).where(BatchRowRecord.batch_id == batch.id, BatchRowRecord.state == RowState.READY)
    return session.scalar(ready) or 0


def undo_batch(session: Session, installation: Installation, batch_id: int) -> BatchRecord:
    """Take the start back, while there is time. Nothing of it was signed or sent. Safe to repeat.

    Raises ConflictError when the time is over.
    """
    batch = lock_batch(session, batch_id)
    if batch.state == BatchState.DRAFT:
        return batch
    if batch.state != BatchState.QUEUED or batch.starts_at is None or batch.starts_at <= installation.clock():
        raise ConflictError(
            "It is too late to undo: the badges are being signed. You can withdraw the whole list when it is done."
        )
    was_done = session.scalar(select(BatchChunkRecord.number).where(BatchChunkRecord.batch_id == batch.id).limit(1))
    batch.state = BatchState.DRAFT if was_done is None else BatchState.DONE
    batch.starts_at = None
    leave_line(session, installation, Action.BATCH_UNDONE, batch.id, organisation=batch.organisation_id)
    return batch


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
