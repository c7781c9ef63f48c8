"""JSON texts from outside, read strictly, and our own, written in one way."""

from __future__ import annotations

import json
import math
import re
from typing import Final, NoReturn

from badges.errors import RefusedError, StandardsError
from badges.vocab.json import JsonObject, JsonValue

MAXIMUM_BYTES: Final = 4 * 1024 * 1024
MAXIMUM_DEPTH: Final = 64

_WRITER: Final = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


class JsonTextError(StandardsError):
    """The text is not JSON, or JSON that two readers could understand in two ways."""


class BrokenJsonError(JsonTextError):
    """The text ends too early, or otherwise breaks the grammar of JSON."""


def read_json(text: str | bytes, *, maximum_bytes: int = MAXIMUM_BYTES) -> JsonValue:
    """Return the value of a JSON text.

    text: a string, or bytes in UTF-8 (a byte order mark is allowed).

    Raises BrokenJsonError for anything but JSON (RFC 8259); JsonTextError for a member named twice, NaN or Infinity,
    numbers that do not fit, or half a surrogate pair; RefusedError beyond maximum_bytes or MAXIMUM_DEPTH.
    Source: RFC 8259, sections 4, 6 and 8; RFC 7493 (I-JSON), section 2.
    """
    decoded = _decode(text, maximum_bytes)
    _check_depth(decoded)
    try:
        value = _READER.decode(decoded)
    except json.JSONDecodeError as error:
        raise BrokenJsonError(
            "This is not JSON: %(reason)s in line %(line)s, column %(column)s.",
            reason=error.msg,
            line=error.lineno,
            column=error.colno,
        ) from error
    except (ValueError, RecursionError) as error:
        raise JsonTextError("This is not JSON that can be read: it has a number that is too long.") from error
    if _SURROGATE_ESCAPE.search(decoded):
        _check_surrogates(value)
    return value


def read_json_object(text: str | bytes, *, maximum_bytes: int = MAXIMUM_BYTES) -> JsonObject:
    """Return the JSON object that a text holds. Raises as read_json; JsonTextError for any other value."""
    value = read_json(text, maximum_bytes=maximum_bytes)
    if not isinstance(value, dict):
        raise JsonTextError("This JSON text should hold an object, in curly brackets.")
    return value


def write_json(value: JsonValue) -> str:
    """Return a value as one line of JSON: no spaces, members in their order, letters beyond ASCII as such."""
    return _WRITER.encode(value)


def _decode(text: str | bytes, maximum_bytes: int) -> str:
    if len(text) > maximum_bytes:
        raise RefusedError("This JSON text is larger than %(bytes)s bytes.", bytes=maximum_bytes)
    try:
        if isinstance(text, str):
            encoded_size = len(text.encode("utf-8"))
            decoded = text
        else:
            encoded_size = len(text)
            decoded = text.decode("utf-8")
    except UnicodeError as error:
        raise JsonTextError("This JSON text is not written in UTF-8.") from error
    if encoded_size > maximum_bytes:
        raise RefusedError("This JSON text is larger than %(bytes)s bytes.", bytes=maximum_bytes)
    return decoded.removeprefix("\ufeff")


def _check_depth(text: str) -> None:
    if text.count("{") + text.count("[") <= MAXIMUM_DEPTH:
        return
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        mark = match.group()
        if mark in "[{":
            depth += 1
            if depth > MAXIMUM_DEPTH:
                raise RefusedError("This JSON is nested deeper than %(depth)s levels.", depth=MAXIMUM_DEPTH)
        elif mark in "]}":
            depth -= 1


def _object_without_twins(pairs: list[tuple[str, JsonValue]]) -> JsonObject:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise JsonTextError('The member "%(name)s" occurs twice in one object.', name=name[:100])
            seen.add(name)
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise JsonTextError("JSON has no number called %(name)s.", name=name)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise JsonTextError("The number %(number)s is too large.", number=text[:40])
    return number


def _check_surrogates(value: JsonValue) -> None:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting.extend(item)
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, str) and any("\ud800" <= letter <= "\udfff" for letter in item):
            raise JsonTextError("A text in this JSON has half of a character (a lone surrogate).")


_READER: Final = json.JSONDecoder(
    object_pairs_hook=_object_without_twins, parse_constant=_refuse_constant, parse_float=_finite
)
