"""The words that people are found by: what the index holds, and how it is asked.

Each person has the words of its address and of the names on its badges in one column. SQLite keeps an FTS5 table of
them (triggers of migration 14 keep it up), PostgreSQL a GIN index. A word is found by how it begins.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Select, Text, cast, column, func, literal, select, table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from badges.storage.records import PersonRecord

# FTS5 takes what is not ASCII as a letter, so a word must hold nothing that it would split.
_WORD: Final = re.compile(r"[^\W_]+")
_MOST_WORDS: Final = 40
# FTS5 has a column of the table's own name, for asking.
_SEARCH: Final = table("person_search", column("rowid", Integer), column("person_search", Text))


def words_in(*texts: str) -> list[str]:
    """Return the words of texts, each once: lower case, without accents, as "zoe" and "o" and "brien"."""
    plain = unicodedata.normalize("NFKD", " ".join(texts).casefold())
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return list(dict.fromkeys(_WORD.findall(letters)))[:_MOST_WORDS]


def kept_words(*texts: str) -> str:
    """Return what the column `person.words` holds for an address and names."""
    return " ".join(words_in(*texts))


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
