"""Awards found by words: of the person, of the badge, or some of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Select, and_, func, or_, select, text, true, union
from sqlalchemy.orm import Session

from badges.storage.records import AchievementVersionRecord, AwardRecord, PersonRecord
from badges.storage.words import has_word, people_with, words_in

# More than anybody looks through; counting on would take time for nothing.
MOST_FOUND: Final = 1_000
_FEW_PEOPLE: Final = 8_000
Query: TypeAlias = Select[*tuple[Any, ...]]
# Narrows a query down to the awards that are asked for. The second: `AwardRecord`, or columns with the same names.
Narrow: TypeAlias = Callable[[Query, Any], Query]
# What a page is ordered by, which an index holds alone.
KEYS: Final = select(AwardRecord.id, AwardRecord.awarded_at)


def newest_first(query: Query) -> Query:
    """Order a query for `KEYS`."""
    return query.order_by(text("awarded_at DESC"), text("id DESC"))


def find_by_words(session: Session, words: Sequence[str], narrow: Narrow) -> tuple[Sequence[UUID], bool]:
    """Return the numbers of the awards that have each word, newest first, `MOST_FOUND` at most, and whether there are
    more.

    words: as typed, at least one. A person has a word as `badges.storage.words` says, a badge when its name holds it
    anywhere, an award without an address when its name does. Where each word is in the name of some badge, all of
    them are looked for in the same badge or the same person.
    """
    in_no_badge = [word for word in words if not _is_in_a_badge(session, word)]
    nameless = _taken_first(AwardRecord.person_id.is_(None))
    kinds = [
        narrow(select(nameless.c.id, nameless.c.awarded_at), nameless.c).where(
            *(or_(_holds(nameless.c.name, word), _is_of_badge(nameless.c, [word])) for word in words)
        )
    ]
    looked_for = words_in(*(in_no_badge or words))
    if looked_for:
        kinds.append(_of_people(session, words, looked_for, narrow))
    if not in_no_badge:
        classes = _versions(words).with_only_columns(AchievementVersionRecord.achievement_id)
        of_badge = KEYS.where(AwardRecord.achievement_id.in_(classes), _is_of_badge(AwardRecord, words))
        kinds.append(narrow(of_badge, AwardRecord))
    newest = [newest_first(kind).limit(MOST_FOUND + 1).subquery() for kind in kinds]
    together = union(*(select(kind.c.id, kind.c.awarded_at) for kind in newest)).subquery()
    keys = newest_first(select(together.c.id, together.c.awarded_at))
    found = session.scalars(keys.limit(MOST_FOUND + 1)).all()
    return found[:MOST_FOUND], len(found) > MOST_FOUND


def _of_people(session: Session, words: Sequence[str], looked_for: list[str], narrow: Narrow) -> Query:
    """Return the keys of awards by whom they belong to. looked_for: what these people have, of all the words."""
    # An index that must bring together what a word of nearly all begins takes longer than a look at who is left.
    rare = [word for word in looked_for if not _are_many(session, people_with(session, [word], whole=True))]
    people = people_with(session, rare) if rare else None
    if people is None or _are_many(session, people):
        # So many that the newest are soon found by looking at one award after the other.
        query = narrow(KEYS.join(AwardRecord.person), AwardRecord)
        return query.where(*(_is_of_person_or_badge(AwardRecord, word) for word in words))
    found = _taken_first(AwardRecord.person_id.in_(people))
    query = narrow(select(found.c.id, found.c.awarded_at), found.c)
    query = query.join(PersonRecord, PersonRecord.id == found.c.person_id)
    return query.where(*(_is_of_person_or_badge(found.c, word) for word in words))


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


def _is_of_person_or_badge(awards: Any, word: str) -> ColumnElement[bool]:
    """Return the condition for awards whose person is joined. A word without a letter or a digit is no person's."""
    of_person = [has_word(PersonRecord.words, part) for part in words_in(word)]
    return or_(and_(*of_person), _is_of_badge(awards, [word])) if of_person else true()


def _is_in_a_badge(session: Session, word: str) -> bool:
    return session.scalar(select(_versions([word]).exists())) is True


def _is_of_badge(awards: Any, words: Sequence[str]) -> ColumnElement[bool]:
    return awards.achievement_version_id.in_(_versions(words))  # type: ignore[no-any-return]


def _versions(words: Sequence[str]) -> Select[int]:
    """Return a query for the versions of badges whose name holds each word."""
    return select(AchievementVersionRecord.id).where(*(_holds(AchievementVersionRecord.name, word) for word in words))


def _holds(column: Any, word: str) -> ColumnElement[bool]:
    pattern = f"%{word.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
    return column.ilike(pattern, escape="!")  # type: ignore[no-any-return]
