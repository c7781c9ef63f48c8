"""Awards as lists: found, paged, counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Select, and_, func, or_, select, text, union
from sqlalchemy.orm import Session

from badges.standards.plain_text import strip_controls
from badges.storage.records import (
    UNDELIVERED,
    AchievementVersionRecord,
    AwardRecord,
    OutboxMailRecord,
    PersonRecord,
)
from badges.storage.words import has_word, people_with, words_in

PAGE_SIZE: Final = 30
# More than anybody looks through; counting on would take time for nothing.
MOST_FOUND: Final = 1_000
_FEW_PEOPLE: Final = 8_000
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
    if wanted and person_id is None:
        every = _found(session, wanted, narrow)
        total = min(len(every), MOST_FOUND)
        page = _page_there_is(page, total, size)
        ids: Sequence[UUID] = every[:total][(page - 1) * size : page * size]
    else:
        query = narrow(_KEYS if person_id is None else _KEYS.where(AwardRecord.person_id == person_id), AwardRecord)
        total = session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True)) or 0
        every = []
        page = _page_there_is(page, total, size)
        ids = _on_page(session, query, total, (page - 1) * size, size)
    awards = {award.id: award for award in session.scalars(select(AwardRecord).where(AwardRecord.id.in_(ids)))}
    states = mail_states(session, ids)
    return AwardPage([awards[each] for each in ids], states, total, page, size, is_cut=len(every) > total)


def _page_there_is(page: int, total: int, size: int) -> int:
    return min(max(page, 1), max(1, -(-total // size)))


def _on_page(session: Session, query: _Query, total: int, before: int, size: int) -> Sequence[UUID]:
    """Return the keys on a page, which an index holds alone, counted from the nearer end: what comes before is not
    read whole.
    """
    many = min(size, total - before)
    after = total - before - many
    if after >= before:
        return session.scalars(_newest_first(query).limit(many).offset(before)).all()
    oldest_first = query.order_by(AwardRecord.awarded_at, AwardRecord.id)
    return session.scalars(oldest_first.limit(many).offset(after)).all()[::-1]


def _newest_first(query: _Query) -> _Query:
    return query.order_by(text("awarded_at DESC"), text("id DESC"))


_KEYS: Final = select(AwardRecord.id, AwardRecord.awarded_at)


def _person_of(session: Session, words: list[str]) -> int | None:
    """Return whose whole address this is, if it is one: found at once, however many awards there are."""
    if len(words) != 1 or "@" not in words[0]:
        return None
    return session.scalar(select(PersonRecord.id).where(PersonRecord.email == words[0].lower()))


def _found(session: Session, words: list[str], narrow: Callable[[_Query, Any], _Query]) -> Sequence[UUID]:
    """Return the keys of the awards that have each word, newest first, at most one more than `MOST_FOUND`."""
    versions = {word: _versions_with(session, word) for word in words}
    in_no_badge = [word for word in words if not versions[word]]
    nameless = _taken_first(AwardRecord.person_id.is_(None))
    kinds = [
        narrow(select(nameless.c.id, nameless.c.awarded_at), nameless.c).where(
            *(
                or_(_holds(nameless.c.name, word), nameless.c.achievement_version_id.in_(versions[word]))
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
    newest = [_newest_first(kind).limit(MOST_FOUND + 1).subquery() for kind in kinds]
    together = union(*(select(kind.c.id, kind.c.awarded_at) for kind in newest)).subquery()
    return session.scalars(_newest_first(select(together.c.id, together.c.awarded_at)).limit(MOST_FOUND + 1)).all()


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
    # An index that must bring together what a word of nearly all begins takes longer than a look at who is left.
    common = [word for word in looked_for if _are_many(session, people_with(session, [word], whole=True))]
    rare = [word for word in looked_for if word not in common]
    people = people_with(session, rare) if rare else None
    if people is None or _are_many(session, people):
        # So many that the newest are soon found by looking at one award after the other.
        query = narrow(_KEYS.join(AwardRecord.person).join(AwardRecord.achievement_version), AwardRecord)
        return query.where(*map(_has, words))
    found = _taken_first(AwardRecord.person_id.in_(people))
    query = narrow(select(found.c.id, found.c.awarded_at), found.c)
    query = query.join(PersonRecord, PersonRecord.id == found.c.person_id)
    query = query.where(*(has_word(PersonRecord.words, word) for word in common))
    for word, versions in either.items():
        of_badge = found.c.achievement_version_id.in_(versions)
        parts = [has_word(PersonRecord.words, part) for part in words_in(word)]
        query = query.where(or_(of_badge, and_(*parts)) if parts else of_badge)
    return query


def _are_many(session: Session, people: Select[int]) -> bool:
    counted = select(func.count()).select_from(people.limit(_FEW_PEOPLE + 1).subquery())
    return (session.scalar(counted) or 0) > _FEW_PEOPLE


def _taken_first(condition: ColumnElement[bool]) -> CTE:
    """Return the few awards of a condition, apart: the order that is asked for tempts databases to walk through all."""
    names = (
        "id",
        "organisation_id",
        "awarded_by_id",
        "awarded_at",
        "achievement_id",
        "achievement_version_id",
        "person_id",
        "name",
    )
    return select(*(getattr(AwardRecord, name) for name in names)).where(condition).cte().prefix_with("MATERIALIZED")


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
