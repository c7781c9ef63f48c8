"""The rows of a batch beside each other, and beside who holds the badge: nobody is awarded it twice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from badges.services.batch_rows import doubt_wording, kept_problem
from badges.storage.records import AwardRecord, BatchRecord, BatchRowRecord, PersonRecord, RowState
from badges.vocab.json import JsonObject
from badges.wording import say

_AT_ONCE: Final = 1_000
# What can still be awarded, or may be once somebody has looked at it.
_HOPEFUL: Final = (RowState.READY, RowState.LOOK)
# Number, state and problem of a row.
Marks = Iterable[tuple[int, RowState, JsonObject | None]]


def compare_rows(session: Session, batch: BatchRecord) -> None:
    """Say of each row whether the same person is in an earlier one, or has this badge already."""
    _mark(session, batch, _judged_alone(session, batch))
    _mark(session, batch, _twins(session, batch))
    _mark(session, batch, _holders(session, batch))
    _mark(session, batch, _differing_in_dots(session, batch))


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
