"""The plain values of the data models: text, addresses, moments, numbers, and lists of permitted words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from badges.standards.baking.baked import is_compact_jws
from badges.standards.moments import read_iso_moment, read_moment
from badges.vocab.json import JsonValue
from badges.wording import Wording, say

_ABSOLUTE: Final = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:|_:)[^\s\x00-\x1f<>\"{}|\\^`]+")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_EXTENSION: Final = re.compile(r"ext:[A-Za-z0-9._|][A-Za-z0-9._|-]*")
_LANGUAGE: Final = re.compile(r"[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_LANGUAGE_KEY: Final = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
_LANGUAGE_TAG: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_VALUE_MEMBERS: Final = frozenset(("@value", "@language", "@direction"))


class Kind(StrEnum):
    """What a value is.

    ID: an absolute address that names a thing. ADDRESS: one that should be absolute. LOCALISED: text, or
    texts by language. LANGUAGE_VALUE: text, or one or more objects with @value, @language and @direction.
    MOMENT: date and time with a zone as in XML Schema; ISO_MOMENT: in any spelling of ISO 8601. CHOICE: one
    of a list, or `ext:…`. WORD: one of a list only. OBJECT: an object of a class.
    """

    TEXT = "text"
    LOCALISED = "localised"
    LANGUAGE_VALUE = "language-value"
    ID = "id"
    ADDRESS = "address"
    MOMENT = "moment"
    ISO_MOMENT = "iso-moment"
    DATE = "date"
    NUMBER = "number"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    WORD = "word"
    COMPACT_JWS = "compact-jws"
    LANGUAGE = "language"
    ANY = "any"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class PrimitiveProblem:
    """What is wrong with a value. is_mild: it can be read all the same."""

    message: Wording
    is_mild: bool = False


def check_primitive(kind: Kind, value: JsonValue, name: str, choices: frozenset[str]) -> list[PrimitiveProblem]:
    """Return what is wrong with a value that is no object of a class; at most one problem.

    name: the member that it stands in, for the message. choices: for CHOICE and WORD.
    """
    if kind is Kind.ANY:
        return []
    if kind is Kind.BOOLEAN:
        return _unless(isinstance(value, bool), say("“%(name)s” must be true or false.", name=name))
    if kind is Kind.NUMBER:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return _unless(is_number, say("“%(name)s” must be a number.", name=name))
    if kind is Kind.LANGUAGE_VALUE:
        is_fine = isinstance(value, str) or is_language_value(value)
        return _unless(is_fine, say("“%(name)s” must be text, or texts with their language.", name=name))
    if kind is Kind.LOCALISED and is_language_value(value):
        message = say("“%(name)s” names its language: many readers understand plain text only.", name=name)
        return [PrimitiveProblem(message, is_mild=True)]
    if kind is Kind.LOCALISED and isinstance(value, dict):
        return _check_languages(value, name)
    if not isinstance(value, str):
        return [PrimitiveProblem(say("“%(name)s” must be text.", name=name))]
    return _check_text(kind, value, name, choices)


def _check_text(kind: Kind, value: str, name: str, choices: frozenset[str]) -> list[PrimitiveProblem]:
    rule = _RULES.get(kind)
    if rule is None or rule.is_met(value, choices):
        return []
    message = Wording(rule.message.template, {"name": name, "value": value[:80]})
    return [PrimitiveProblem(message, rule.is_mild)]


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a text of some kind must be. is_met: from the text and the choices. message: takes name and value."""

    is_met: Callable[[str, frozenset[str]], bool]
    message: Wording
    is_mild: bool = False


def is_language_value(value: JsonValue) -> bool:
    """Whether this is a language value object, or a list of nothing else.

    Source: VC Data Model 2.0, section 11.1 "Language and Base Direction".
    """
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, dict) and is_language_value(item) for item in value)
    if not isinstance(value, dict) or not value.keys() <= _VALUE_MEMBERS:
        return False
    language = value.get("@language", "en")
    return (
        isinstance(value.get("@value"), str)
        and isinstance(language, str)
        and _LANGUAGE_TAG.fullmatch(language) is not None
        and value.get("@direction", "ltr") in ("ltr", "rtl")
    )


def _check_languages(value: dict[str, JsonValue], name: str) -> list[PrimitiveProblem]:
    """Texts by language: only the newer schema knows them."""
    is_map = bool(value) and all(_LANGUAGE_KEY.fullmatch(key) and isinstance(text, str) for key, text in value.items())
    if not is_map:
        return [PrimitiveProblem(say("“%(name)s” must be text, or texts by language code.", name=name))]
    message = say("“%(name)s” has texts by language: many readers understand plain text only.", name=name)
    return [PrimitiveProblem(message, is_mild=True)]


def _is_absolute(value: str) -> bool:
    return _ABSOLUTE.fullmatch(value) is not None


def _is_date(value: str) -> bool:
    if not _DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


_MOMENT_MESSAGE: Final = say(
    "“%(name)s” must be a moment with a time zone such as 2026-11-22T09:30:00Z, not “%(value)s”."
)
_CHOICE_MESSAGE: Final = say("“%(value)s” is none of the values that “%(name)s” may have.")
_RULES: Final[dict[Kind, _Rule]] = {
    Kind.ID: _Rule(lambda value, _: _is_absolute(value), say("“%(name)s” must be a full address, not “%(value)s”.")),
    Kind.ADDRESS: _Rule(
        lambda value, _: _is_absolute(value),
        say("“%(name)s” should be a full address, not “%(value)s”."),
        is_mild=True,
    ),
    Kind.MOMENT: _Rule(lambda value, _: read_moment(value) is not None, _MOMENT_MESSAGE),
    Kind.ISO_MOMENT: _Rule(lambda value, _: read_iso_moment(value) is not None, _MOMENT_MESSAGE),
    Kind.DATE: _Rule(
        lambda value, _: _is_date(value), say("“%(name)s” must be a date such as 2026-11-22, not “%(value)s”.")
    ),
    Kind.CHOICE: _Rule(
        lambda value, choices: value in choices or _EXTENSION.fullmatch(value) is not None, _CHOICE_MESSAGE
    ),
    Kind.WORD: _Rule(lambda value, choices: value in choices, _CHOICE_MESSAGE),
    Kind.COMPACT_JWS: _Rule(lambda value, _: is_compact_jws(value), say("“%(name)s” must be a compact JWS.")),
    Kind.LANGUAGE: _Rule(
        lambda value, _: _LANGUAGE.fullmatch(value) is not None,
        say("“%(name)s” must be a language code such as “cy”, not “%(value)s”."),
    ),
}


def _unless(is_fine: bool, message: Wording, *, is_mild: bool = False) -> list[PrimitiveProblem]:
    return [] if is_fine else [PrimitiveProblem(message, is_mild)]
