"""Canonical JSON (RFC 8785): its own cases, another implementation beside ours, and what has no canonical form."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest
from c14n.Canonicalize import canonicalize as other_canonical_json  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import BadgesError, RefusedError
from badges.standards.jcs import LARGEST_INTEGER, JcsError, canonical_json
from badges.standards.json_text import read_json

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("bits", "text"),
    [
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("8000000000000001", "-5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("ffefffffffffffff", "-1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("c340000000000000", "-9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("44b52d02c7e14af7", "1.0000000000000001e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef4f", "999999999999999900000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555553", "333333333.3333332"),
        ("41b3de4355555554", "333333333.33333325"),
        ("41b3de4355555555", "333333333.3333333"),
        ("41b3de4355555556", "333333333.3333334"),
        ("41b3de4355555557", "333333333.33333343"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
        ("43143ff3c1cb0959", "1424953923781206.2"),
    ],
)
def test_writes_the_numbers_of_the_standard(bits: str, text: str) -> None:
    """RFC 8785, appendix B."""
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical_json(number).decode() == text


def test_writes_the_example_of_the_standard() -> None:
    """RFC 8785, section 3.2.2 and 3.2.4."""
    text = (
        '{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],'
        '"string": "\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/", "literals": [null, true, false]}'
    )
    expected = (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    assert canonical_json(read_json(text)).decode() == expected


def test_puts_members_in_the_order_of_utf_16() -> None:
    """RFC 8785, section 3.2.3: the emoji comes before U+FB33, though its code point is larger."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    found = json.loads(canonical_json(dict.fromkeys(names)))
    assert list(found) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


@given(VALUES)
def test_agrees_with_another_implementation(value: Any) -> None:
    assert canonical_json(value) == other_canonical_json(value)


@given(VALUES)
def test_is_the_same_once_it_was_read_again(value: Any) -> None:
    """A whole number beyond 2^53 that was a float can only be read as one."""
    once = canonical_json(value)
    assert canonical_json(json.loads(once, parse_int=lambda text: float(text) if len(text) > 15 else int(text))) == once


@pytest.mark.parametrize(
    "value",
    [2**53, -(2**53), 10**400, float("nan"), float("inf"), "\ud800", {"\udfff": 1}, {1: 2}, b"x", {1, 2}, ...],
    ids=repr,
)
def test_refuses_what_has_no_canonical_form(value: Any) -> None:
    for whole in (value, [value], {"x": value}):
        with pytest.raises(JcsError):
            canonical_json(whole)


def test_refuses_what_is_too_deep() -> None:
    value: Any = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(RefusedError) as caught:
        canonical_json(value)
    assert isinstance(caught.value, BadgesError)
