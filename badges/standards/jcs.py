"""JSON in the one spelling that signatures over JSON itself need (JCS)."""

from __future__ import annotations

import json
import re
from typing import Final

from badges.errors import RefusedError, StandardsError
from badges.vocab.json import JsonObject, JsonValue

LARGEST_INTEGER: Final = 2**53 - 1

_FLOAT = re.compile(r"(\d+)(?:\.(\d+))?(?:e([+-]\d+))?")
_write_text: Final = json.JSONEncoder(ensure_ascii=False).encode


class JcsError(StandardsError):
    """A value has no canonical form: it is not JSON that all programs read alike."""


def canonical_json(value: JsonValue) -> bytes:
    """Return a JSON value in canonical form: no spaces, members in order, numbers as JavaScript writes them.

    Raises JcsError for whole numbers beyond 2^53 - 1, numbers that are not finite, half a surrogate pair, and
    what is not JSON; RefusedError for what is nested too deeply.
    Source: RFC 8785, section 3.2; RFC 7493 (I-JSON), section 2.2.
    """
    pieces: list[str] = []
    try:
        _write(value, pieces)
        return "".join(pieces).encode("utf-8")
    except UnicodeEncodeError as error:
        raise JcsError("A text has half of a character (a lone surrogate).") from error
    except RecursionError as error:
        raise RefusedError("This JSON is nested too deeply.") from error


def _write(value: JsonValue, pieces: list[str]) -> None:
    if isinstance(value, str):
        pieces.append(_write_text(value))
    elif isinstance(value, dict):
        _write_object(value, pieces)
    elif isinstance(value, list):
        mark = "["
        for item in value:
            pieces.append(mark)
            _write(item, pieces)
            mark = ","
        pieces.append("]" if value else "[]")
    elif value is None:
        pieces.append("null")
    elif isinstance(value, bool):
        pieces.append("true" if value else "false")
    elif isinstance(value, int):
        pieces.append(_integer_text(value))
    elif isinstance(value, float):
        pieces.append(_float_text(value))
    else:
        raise JcsError("A %(kind)s is not a JSON value.", kind=type(value).__name__)


def _write_object(members: JsonObject, pieces: list[str]) -> None:
    """Write the members in the order of their names' UTF-16 code units. Source: RFC 8785, section 3.2.3."""
    if not all(isinstance(name, str) for name in members):
        raise JcsError("The names of members are texts in JSON.")
    mark = "{"
    for name in sorted(members, key=_utf_16):
        pieces.append(f"{mark}{_write_text(name)}:")
        _write(members[name], pieces)
        mark = ","
    pieces.append("}" if members else "{}")


def _utf_16(name: str) -> bytes:
    return name.encode("utf-16-be")


def _integer_text(number: int) -> str:
    if abs(number) > LARGEST_INTEGER:
        raise JcsError("A whole number is beyond 2^53, where programs disagree about numbers. Make it a text.")
    return str(number)


def _float_text(number: float) -> str:
    """Return a number as ECMAScript writes it. Source: RFC 8785, section 3.2.2.3; ECMA-262, Number::toString."""
    if number == 0:
        return "0"
    match = _FLOAT.fullmatch(repr(abs(number)))
    if match is None:
        raise JcsError("JSON has no number %(number)s.", number=number)
    whole, fraction, exponent = match.group(1), match.group(2) or "", int(match.group(3) or 0)
    point = len(whole) + exponent
    digits = (whole + fraction).lstrip("0")
    point -= len(whole + fraction) - len(digits)
    text = _place_point(digits.rstrip("0"), point)
    return f"-{text}" if number < 0 else text


def _place_point(digits: str, point: int) -> str:
    """Return 0.DIGITS times ten to the power of point, in the spelling that ECMA-262 chooses."""
    if len(digits) <= point <= 21:
        return digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{point - 1:+d}"
