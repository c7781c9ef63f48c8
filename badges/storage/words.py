"""The words that people are found by: what the index holds, and how it is asked.

Each person has the words of its address and of the names on its badges in one column. SQLite keeps an FTS5 table of
them (`index_new_people`, and the triggers of migration 14 for what changes), PostgreSQL a GIN index. A word is found by
how it begins.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Select, Text, cast, column, func, insert, literal, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from badges.storage.records import PersonRecord

# FTS5 takes what is not ASCII as a letter, so a word must hold nothing that it would split.
_WORD: Final = re.compile(r"[^\W_]+")
_MOST_WORDS: Final = 40
# FTS5 has a column of the table's own name, for asking.
_SEARCH: Final = table("person_search", column("rowid", Integer), column("words", Text), column("person_search", Text))


def words_in(*texts: str) -> list[str]:
    """Return the words of texts, each once: lower case, without accents, as "zoe" and "o" and "brien"."""
    letters = " ".join(texts).casefold()
    if not letters.isascii():
        plain = unicodedata.normalize("NFKD", letters)
        letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return list(dict.fromkeys(_WORD.findall(letters)))[:_MOST_WORDS]


def kept_words(*texts: str) -> str:
    """Return what the column `person.words` holds for an address and names."""
    return " ".join(words_in(*texts))


def index_new_people(session: Session, numbers: Collection[int]) -> None:
    """Have people found who were made in this transaction. Whoever makes some calls it; PostgreSQL does so by itself.

    On SQLite a trigger would do the same, and each take four times as long: FTS5 writes to its tables after each.
    """
    if numbers and session.get_bind().dialect.name == "sqlite":
        # One writer at a time: what was made in one transaction follows one another.
        between = text("id BETWEEN :first AND :last").bindparams(first=min(numbers), last=max(numbers))
        new = select(PersonRecord.id, PersonRecord.words).where(between)
        session.execute(insert(_SEARCH).from_select(["rowid", "words"], new))


def people_with(session: Session, words: list[str], *, whole: bool = False) -> Select[int]:
    """Return a query for the numbers of the people who have, for each of these words, one that begins so.

    words: as `words_in` gives them, at least one. A single letter or digit must be a whole word; whole: each must.
    """
    if session.get_bind().dialect.name == "sqlite":
        asked = " AND ".join(f'"{word}"' + "*" * _may_go_on(word, whole) for word in words)
        return select(_SEARCH.c.rowid).where(_SEARCH.c.person_search.op("MATCH")(asked))
    asked = " & ".join(f"'{word}'" + ":*" * _may_go_on(word, whole) for word in words)
    return select(PersonRecord.id).where(_vector().op("@@")(cast(asked, TSQUERY)))


def has_word(kept: Any, word: str) -> ColumnElement[bool]:
    """Return the same as a condition on a column of words, for people who are found already."""
    around: ColumnElement[str] = literal(" ") + kept + literal(" ")
    return around.like(f"% {word}%" if _may_go_on(word) else f"% {word} %")


def _may_go_on(word: str, whole: bool = False) -> bool:
    return len(word) > 1 and not whole


def _vector() -> ColumnElement[str]:
    """Return exactly the expression of the index `ix_person_words`, or PostgreSQL would not use it."""
    return func.array_to_tsvector(func.string_to_array(PersonRecord.words, literal(" ", literal_execute=True)))
