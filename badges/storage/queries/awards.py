"""Awards as lists: found, paged, counted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from badges.standards.plain_text import strip_controls
from badges.storage.records import (
    UNDELIVERED,
    AchievementVersionRecord,
    AwardRecord,
    OutboxMailRecord,
    PersonRecord,
)

PAGE_SIZE: Final = 30


@dataclass(frozen=True, slots=True)
class AwardPage:
    """One page of a list of awards.

    page: counted from 1. size: how many fit on one. mail_states: by award, of its newest mail.
    """

    awards: Sequence[AwardRecord]
    mail_states: dict[UUID, str]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True, slots=True)
class AwardCounts:
    """How many awards: in all, since a moment, withdrawn; and how many mails were refused."""

    awards: int
    recent: int
    withdrawn: int
    mails_failed: int


@dataclass(frozen=True, slots=True)
class AwardScope:
    """Whose awards somebody sees: all of some organisations, and in others those that they made themselves.

    account_id: whose own ones.
    """

    organisation_ids: Collection[int]
    own_in: Collection[int] = ()
    account_id: int | None = None

    @property
    def condition(self) -> ColumnElement[bool]:
        everything = AwardRecord.organisation_id.in_(self.organisation_ids)
        # An "or" that adds nothing would keep the database from using its index.
        own_in = set(self.own_in) - set(self.organisation_ids)
        if self.account_id is None or not own_in:
            return everything
        own = and_(AwardRecord.awarded_by_id == self.account_id, AwardRecord.organisation_id.in_(own_in))
        return own if not self.organisation_ids else or_(everything, own)


def search_awards(
    session: Session,
    scope: AwardScope,
    *,
    words: str = "",
    achievement_id: int | None = None,
    mail_failed: bool = False,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> AwardPage:
    """Return the awards of this scope, newest first, that have every word in name, address or badge."""
    query: Select[Any] = select(AwardRecord).where(scope.condition)
    wanted = strip_controls(words).split()[:6]
    person_id = _person_of(session, wanted)
    if person_id is not None:
        query = query.where(AwardRecord.person_id == person_id)
    elif wanted:  # a join for nothing would look up a person and a badge for each award that is only counted
        query = query.outerjoin(AwardRecord.person).join(AwardRecord.achievement_version)
        query = query.where(*map(_has, wanted))
    if achievement_id is not None:
        query = query.where(AwardRecord.achievement_id == achievement_id)
    if mail_failed:
        query = _only_undelivered(query)
    total = session.scalar(query.with_only_columns(func.count(AwardRecord.id), maintain_column_froms=True)) or 0
    page = min(max(page, 1), max(1, -(-total // size)))
    awards = session.scalars(
        query.order_by(AwardRecord.awarded_at.desc(), AwardRecord.id.desc()).limit(size).offset((page - 1) * size)
    ).all()
    return AwardPage(awards, mail_states(session, [award.id for award in awards]), total, page, size)


def _person_of(session: Session, words: list[str]) -> int | None:
    """Return whose whole address this is, if it is one: found at once, however many awards there are."""
    if len(words) != 1 or "@" not in words[0]:
        return None
    return session.scalar(select(PersonRecord.id).where(PersonRecord.email == words[0].lower()))


def _has(word: str) -> ColumnElement[bool]:
    pattern = f"%{word.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
    columns = (AwardRecord.name, PersonRecord.email, AchievementVersionRecord.name)
    return or_(*(column.ilike(pattern, escape="!") for column in columns))


def _only_undelivered(query: Select[Any]) -> Select[Any]:
    """Narrow a query down to the awards whose newest mail was refused or came back: a later one that was sent makes up
    for it. They are few, so they are what the database begins with.
    """
    order = (OutboxMailRecord.created_at.desc(), OutboxMailRecord.id.desc())
    rank = func.row_number().over(partition_by=OutboxMailRecord.award_id, order_by=order)
    refused = select(OutboxMailRecord.award_id).where(OutboxMailRecord.state.in_(UNDELIVERED))
    mails = (
        select(OutboxMailRecord.award_id, OutboxMailRecord.state, rank.label("rank"))
        .where(OutboxMailRecord.award_id.in_(refused))
        .subquery()
    )
    newest = select(mails.c.award_id).where(mails.c.rank == 1, mails.c.state.in_(UNDELIVERED)).cte("undelivered")
    return query.join(newest, newest.c.award_id == AwardRecord.id)


def mail_states(session: Session, award_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the state of the newest mail of each award that has one."""
    order = (OutboxMailRecord.created_at, OutboxMailRecord.id)
    rows = session.execute(
        select(OutboxMailRecord.award_id, OutboxMailRecord.state)
        .where(OutboxMailRecord.award_id.in_(award_ids))
        .order_by(*order)
    )
    return {award_id: state for award_id, state in rows if award_id is not None}


def find_awards(session: Session, award_ids: Collection[UUID], scope: AwardScope) -> dict[UUID, AwardRecord]:
    """Return those of the awards that are in this scope, by their number."""
    query = select(AwardRecord).where(AwardRecord.id.in_(award_ids), scope.condition)
    return {award.id: award for award in session.scalars(query)}


def count_awards(session: Session, scope: AwardScope, since: datetime) -> AwardCounts:
    """Return the numbers for the first page. since: begin of the recent ones."""
    ours = scope.condition
    # Asked so that each is answered out of an index alone, and not row by row.
    counting = select(func.count()).select_from(AwardRecord).where(ours)
    recent = func.count().filter(AwardRecord.awarded_at >= since)
    total, lately = session.execute(select(func.count(), recent).select_from(AwardRecord).where(ours)).one()
    return AwardCounts(
        awards=total,
        recent=lately,
        withdrawn=session.scalar(counting.where(AwardRecord.revoked_at.is_not(None))) or 0,
        mails_failed=session.scalar(_only_undelivered(counting)) or 0,
    )


def count_by_achievement(
    session: Session, organisation_ids: Collection[int], achievement_ids: Collection[int]
) -> dict[int, int]:
    """Return how often these organisations have awarded each of these classes, withdrawn ones included."""
    rows = session.execute(
        select(AwardRecord.achievement_id, func.count())
        .where(
            AwardRecord.organisation_id.in_(organisation_ids),
            AwardRecord.achievement_id.in_(achievement_ids),
        )
        .group_by(AwardRecord.achievement_id)
    )
    return {row[0]: row[1] for row in rows}


def last_awarded(session: Session, organisation_ids: Collection[int]) -> dict[int, datetime]:
    """Return when each class was awarded last."""
    rows = session.execute(
        select(AwardRecord.achievement_id, func.max(AwardRecord.awarded_at))
        .where(AwardRecord.organisation_id.in_(organisation_ids))
        .group_by(AwardRecord.achievement_id)
    )
    return {row[0]: row[1] for row in rows}
