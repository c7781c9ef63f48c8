"""Awards as lists: found, paged, counted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from badges.storage.records import (
    AchievementVersionRecord,
    AwardRecord,
    MailState,
    OutboxMailRecord,
    PersonRecord,
)

PAGE_SIZE: Final = 30


@dataclass(frozen=True, slots=True)
class AwardPage:
    """One page of a list of awards. page counts from 1. mail_states: by award, of its newest mail."""

    awards: Sequence[AwardRecord]
    mail_states: dict[UUID, str]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True, slots=True)
class AwardCounts:
    """How many awards: in all, since a moment, withdrawn; and how many mails were refused."""

    awards: int
    recent: int
    withdrawn: int
    mails_failed: int


def search_awards(
    session: Session,
    organisation_ids: Collection[int],
    *,
    words: str = "",
    achievement_id: int | None = None,
    mail_failed: bool = False,
    page: int = 1,
) -> AwardPage:
    """Return the awards of these organisations, newest first, that have every word in name, address or badge."""
    query: Select[Any] = (
        select(AwardRecord)
        .outerjoin(AwardRecord.person)
        .join(AwardRecord.achievement_version)
        .where(AwardRecord.organisation_id.in_(organisation_ids))
    )
    for word in words.split()[:6]:
        query = query.where(_has(word))
    if achievement_id is not None:
        query = query.where(AwardRecord.achievement_id == achievement_id)
    if mail_failed:
        refused = select(OutboxMailRecord.award_id).where(OutboxMailRecord.state == MailState.REFUSED)
        query = query.where(AwardRecord.id.in_(refused))
    total = session.scalar(query.with_only_columns(func.count(AwardRecord.id), maintain_column_froms=True)) or 0
    page = min(max(page, 1), max(1, -(-total // PAGE_SIZE)))
    awards = session.scalars(
        query.order_by(AwardRecord.awarded_at.desc(), AwardRecord.id).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    ).all()
    return AwardPage(awards, _mail_states(session, [award.id for award in awards]), total, page)


def _has(word: str) -> ColumnElement[bool]:
    pattern = f"%{word.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
    columns = (AwardRecord.name, PersonRecord.email, AchievementVersionRecord.name)
    return or_(*(column.ilike(pattern, escape="!") for column in columns))


def _mail_states(session: Session, award_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the state of the newest mail of each award that has one."""
    rows = session.execute(
        select(OutboxMailRecord.award_id, OutboxMailRecord.state)
        .where(OutboxMailRecord.award_id.in_(award_ids))
        .order_by(OutboxMailRecord.created_at, OutboxMailRecord.id)
    )
    return {award_id: state for award_id, state in rows if award_id is not None}


def count_awards(session: Session, organisation_ids: Collection[int], since: datetime) -> AwardCounts:
    """Return the numbers for the first page of these organisations. since: begin of the recent ones."""
    ours = AwardRecord.organisation_id.in_(organisation_ids)
    total, recent, withdrawn = session.execute(
        select(
            func.count(),
            func.count().filter(AwardRecord.awarded_at >= since),
            func.count().filter(AwardRecord.revoked_at.is_not(None)),
        )
        .select_from(AwardRecord)
        .where(ours)
    ).one()
    failed = session.scalar(
        select(func.count())
        .select_from(OutboxMailRecord)
        .join(AwardRecord, AwardRecord.id == OutboxMailRecord.award_id)
        .where(ours, OutboxMailRecord.state == MailState.REFUSED)
    )
    return AwardCounts(total, recent, withdrawn, failed or 0)


def count_by_achievement(session: Session, organisation_ids: Collection[int]) -> dict[int, int]:
    """Return how often each class was awarded, withdrawn ones included."""
    rows = session.execute(
        select(AwardRecord.achievement_id, func.count())
        .where(AwardRecord.organisation_id.in_(organisation_ids))
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
