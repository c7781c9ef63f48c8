"""Awards as lists: found, paged, counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, text, union
from sqlalchemy.orm import Session

from badges.standards.plain_text import strip_controls
from badges.storage.records import (
    UNDELIVERED,
    AchievementVersionRecord,
    AwardRecord,
    OutboxMailRecord,
    PersonRecord,
)
from badges.storage.words import people_with, words_in

PAGE_SIZE: Final = 30
# More than anybody looks through; counting on would take time for nothing.
MOST_FOUND: Final = 10_000
_FEW_PEOPLE: Final = 20_000
_Query: TypeAlias = Select[*tuple[Any, ...]]


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

    def narrow(query: _Query, awards: Any) -> _Query:
        query = query.where(scope.among(awards))
        if achievement_id is not None:
            query = query.where(awards.achievement_id == achievement_id)
        return _only_undelivered(query, awards) if mail_failed else query

    wanted = strip_controls(words).split()[:6]
    person_id = _person_of(session, wanted)
    if person_id is not None:
        found = narrow(_KEYS.where(AwardRecord.person_id == person_id), AwardRecord).subquery()
    elif wanted:
        found = _having(session, wanted, narrow).subquery()
    else:
        found = narrow(_KEYS, AwardRecord).subquery()
    total = session.scalar(select(func.count()).select_from(found)) or 0
    is_cut = bool(wanted) and total > MOST_FOUND
    total = MOST_FOUND if is_cut else total
    page = min(max(page, 1), max(1, -(-total // size)))
    # First the keys, which an index holds alone: thousands that come before this page are not read whole.
    keys = select(found.c.id).order_by(found.c.awarded_at.desc(), found.c.id.desc())
    before = (page - 1) * size
    ids = session.scalars(keys.limit(min(size, total - before)).offset(before)).all()
    by_id = {award.id: award for award in session.scalars(select(AwardRecord).where(AwardRecord.id.in_(ids)))}
    return AwardPage([by_id[each] for each in ids], mail_states(session, ids), total, page, size, is_cut)


_KEYS: Final = select(AwardRecord.id, AwardRecord.awarded_at)


def _person_of(session: Session, words: list[str]) -> int | None:
    """Return whose whole address this is, if it is one: found at once, however many awards there are."""
    if len(words) != 1 or "@" not in words[0]:
        return None
    return session.scalar(select(PersonRecord.id).where(PersonRecord.email == words[0].lower()))


def _having(session: Session, words: list[str], narrow: Callable[[_Query, Any], _Query]) -> _Query:
    """Return the keys of the awards that have each word, of each kind at most one more than `MOST_FOUND`."""
    versions = {word: _versions_with(session, word) for word in words}
    in_no_badge = [word for word in words if not versions[word]]
    kinds = [
        narrow(_KEYS.where(AwardRecord.person_id.is_(None)), AwardRecord).where(
            *(
                or_(_holds(AwardRecord.name, word), AwardRecord.achievement_version_id.in_(versions[word]))
                for word in words
            )
        )
    ]
    looked_for = words_in(*(in_no_badge or words))
    if looked_for:
        either = {word: found for word, found in versions.items() if found and in_no_badge}
        kinds.append(_of_people(session, words, looked_for, either, narrow))
    if not in_no_badge:
        every = set.intersection(*map(set, versions.values()))
        classes = {versions[words[0]][version] for version in every}
        condition = (AwardRecord.achievement_id.in_(classes), AwardRecord.achievement_version_id.in_(every))
        kinds.append(narrow(_KEYS.where(*condition), AwardRecord))
    newest = [
        kind.order_by(text("awarded_at DESC"), text("id DESC")).limit(MOST_FOUND + 1).subquery() for kind in kinds
    ]
    return union(*(select(kind.c.id, kind.c.awarded_at) for kind in newest)).subquery().select()


def _of_people(
    session: Session,
    words: list[str],
    looked_for: list[str],
    either: dict[str, dict[int, int]],
    narrow: Callable[[_Query, Any], _Query],
) -> _Query:
    """Return the keys of awards by whom they belong to.

    looked_for: what these people have. either: words that they have, or the badge, with its versions.
    """
    people = people_with(session, looked_for)
    few = people.limit(_FEW_PEOPLE + 1).subquery()
    if (session.scalar(select(func.count()).select_from(few)) or 0) > _FEW_PEOPLE:
        # So many that the newest are soon found by looking at one award after the other.
        query = narrow(_KEYS.join(AwardRecord.person).join(AwardRecord.achievement_version), AwardRecord)
        return query.where(*map(_has, words))
    columns = [getattr(AwardRecord, name) for name in _LOOKED_AT]
    found = select(*columns).where(AwardRecord.person_id.in_(people)).cte().prefix_with("MATERIALIZED")
    query = narrow(select(found.c.id, found.c.awarded_at), found.c)
    for word, versions in either.items():
        of_badge = found.c.achievement_version_id.in_(versions)
        parts = words_in(word)
        query = query.where(or_(of_badge, found.c.person_id.in_(people_with(session, parts))) if parts else of_badge)
    return query


_LOOKED_AT: Final = (
    "id",
    "organisation_id",
    "awarded_by_id",
    "awarded_at",
    "achievement_id",
    "achievement_version_id",
    "person_id",
)


def _versions_with(session: Session, word: str) -> dict[int, int]:
    """Return the versions of badges whose name holds a word, with their badge. They are as few as badges are."""
    query = select(AchievementVersionRecord.id, AchievementVersionRecord.achievement_id)
    return dict(session.execute(query.where(_holds(AchievementVersionRecord.name, word))).all())


def _has(word: str) -> ColumnElement[bool]:
    return or_(
        *(_holds(column, word) for column in (AwardRecord.name, PersonRecord.email, AchievementVersionRecord.name))
    )


def _holds(column: Any, word: str) -> ColumnElement[bool]:
    pattern = f"%{word.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
    return column.ilike(pattern, escape="!")  # type: ignore[no-any-return]


def _only_undelivered(query: _Query, awards: Any) -> _Query:
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
