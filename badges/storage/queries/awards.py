"""Awards as lists: found, paged, counted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from badges.standards.plain_text import strip_controls
from badges.storage.queries.award_search import KEYS, Query, find_by_words, newest_first
from badges.storage.records import (
    UNDELIVERED,
    AwardRecord,
    OutboxMailRecord,
    PersonRecord,
)

PAGE_SIZE: Final = 30


@dataclass(frozen=True, slots=True)
class AwardPage:
    """One page of a list of awards.

    page: counted from 1. size: how many fit on one. mail_states: by award, of its newest mail.
    is_cut: there are more than total, which are not counted: more words find fewer.
    """

    awards: Sequence[AwardRecord]
    mail_states: dict[UUID, str]
    total: int
    page: int
    size: int
    is_cut: bool = False

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

    def among(self, awards: Any) -> ColumnElement[bool]:
        """Return the condition. awards: `AwardRecord`, or the columns of a query with the same names."""
        everything = awards.organisation_id.in_(self.organisation_ids)
        # An "or" that adds nothing would keep the database from using its index.
        own_in = set(self.own_in) - set(self.organisation_ids)
        if self.account_id is None or not own_in:
            return everything  # type: ignore[no-any-return]
        own = and_(awards.awarded_by_id == self.account_id, awards.organisation_id.in_(own_in))
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
    """Return the awards of this scope, newest first, that have every word in name, address or badge.

    A name or an address has a word when one of its own begins so (`badges.storage.words`), the name of a badge when
    it holds the word anywhere.
    """

    def narrow(query: Query, awards: Any) -> Query:
        query = query.where(scope.among(awards))
        if achievement_id is not None:
            query = query.where(awards.achievement_id == achievement_id)
        return _only_undelivered(query, awards) if mail_failed else query

    wanted = strip_controls(words).split()[:6]
    person_id = _person_of(session, wanted)
    if wanted and person_id is None:
        every, is_cut = find_by_words(session, wanted, narrow)
        total = len(every)
        page = _page_there_is(page, total, size)
        ids: Sequence[UUID] = every[(page - 1) * size : page * size]
    else:
        query = narrow(KEYS if person_id is None else KEYS.where(AwardRecord.person_id == person_id), AwardRecord)
        total = session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True)) or 0
        is_cut = False
        page = _page_there_is(page, total, size)
        ids = _on_page(session, query, total, (page - 1) * size, size)
    awards = {award.id: award for award in session.scalars(select(AwardRecord).where(AwardRecord.id.in_(ids)))}
    states = mail_states(session, ids)
    return AwardPage([awards[each] for each in ids], states, total, page, size, is_cut)


def _page_there_is(page: int, total: int, size: int) -> int:
    return min(max(page, 1), max(1, -(-total // size)))


def _on_page(session: Session, query: Query, total: int, before: int, size: int) -> Sequence[UUID]:
    """Return the keys on a page, which an index holds alone, counted from the nearer end: what comes before is not
    read whole.
    """
    many = min(size, total - before)
    after = total - before - many
    if after >= before:
        return session.scalars(newest_first(query).limit(many).offset(before)).all()
    oldest_first = query.order_by(AwardRecord.awarded_at, AwardRecord.id)
    return session.scalars(oldest_first.limit(many).offset(after)).all()[::-1]


def _person_of(session: Session, words: list[str]) -> int | None:
    """Return whose whole address this is, if it is one: found at once, however many awards there are."""
    if len(words) != 1 or "@" not in words[0]:
        return None
    return session.scalar(select(PersonRecord.id).where(PersonRecord.email == words[0].lower()))


def _only_undelivered(query: Query, awards: Any) -> Query:
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
    return query.join(newest, newest.c.award_id == awards.id)


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
    query = select(AwardRecord).where(AwardRecord.id.in_(award_ids), scope.among(AwardRecord))
    return {award.id: award for award in session.scalars(query)}


def count_awards(session: Session, scope: AwardScope, since: datetime) -> AwardCounts:
    """Return the numbers for the first page. since: begin of the recent ones."""
    ours = scope.among(AwardRecord)
    # Asked so that each is answered out of an index alone, and not row by row.
    counting = select(func.count()).select_from(AwardRecord).where(ours)
    recent = func.count().filter(AwardRecord.awarded_at >= since)
    total, lately = session.execute(select(func.count(), recent).select_from(AwardRecord).where(ours)).one()
    return AwardCounts(
        awards=total,
        recent=lately,
        withdrawn=session.scalar(counting.where(AwardRecord.revoked_at.is_not(None))) or 0,
        mails_failed=session.scalar(_only_undelivered(counting, AwardRecord)) or 0,
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
