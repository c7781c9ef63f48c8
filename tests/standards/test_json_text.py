"""JSON from outside: everything that two readers could understand differently is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import BadgesError, RefusedError
from badges.standards.json_text import JsonTextError, read_json, read_json_object, write_json

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_reads_what_it_writes(value: object) -> None:
    assert read_json(write_json(value)) == value
    assert read_json(write_json(value).encode("utf-8")) == value


@given(st.text() | st.binary() | st.text('[]{}",:\\u0dD8n1eE-.').map(str))
def test_never_fails_in_another_way(text: str | bytes) -> None:
    try:
        read_json(text)
    except BadgesError:
        return
    assert json.loads(text) == json.loads(text)


def test_writes_one_line_in_the_order_given() -> None:
    assert write_json({"b": "Llongyfarchiadau â", "a": [1, None]}) == '{"b":"Llongyfarchiadau â","a":[1,null]}'


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 2}',
        '[{"x": {"a": 1, "b": 2, "a": 1}}]',
        '{"a": 1, "\\u0061": 2}',
        "NaN",
        "[Infinity]",
        "-Infinity",
        "1e999",
        "[01]",
        "[1,]",
        "",
        "{'a': 1}",
        '"\\ud800"',
        '{"\\udc00": 1}',
        '["\\ud83d", "\\ude00"]',
        b"\xff",
        b'"\xed\xa0\x80"',
        "\ud800",
        "9" * 5000,
    ],
)
def test_refuses_what_is_not_json_or_not_clear(text: str | bytes) -> None:
    with pytest.raises(JsonTextError):
        read_json(text)


def test_reads_a_whole_surrogate_pair_and_a_byte_order_mark() -> None:
    assert read_json(b'\xef\xbb\xbf"\\ud83d\\ude00"') == "😀"


@pytest.mark.parametrize("text", ["[" * 65 + "]" * 65, '{"a":' * 65 + "1" + "}" * 65, "[" * 200_000])
def test_refuses_deep_nesting(text: str) -> None:
    with pytest.raises(RefusedError):
        read_json(text)


def test_reads_nesting_up_to_the_bound_and_brackets_in_texts() -> None:
    assert read_json("[" * 64 + "]" * 64)
    assert read_json(json.dumps("[{" * 500)) == "[{" * 500
    assert read_json('["\\"[[[", "]"]') == ['"[[[', "]"]


def test_refuses_a_text_that_is_too_large() -> None:
    assert read_json('"1234"', maximum_bytes=6) == "1234"
    with pytest.raises(RefusedError):
        read_json('"12345"', maximum_bytes=6)
    with pytest.raises(RefusedError):
        read_json('"âââ"', maximum_bytes=6)


def test_object_reader_refuses_other_values() -> None:
    assert read_json_object('{"a":1}') == {"a": 1}
    with pytest.raises(JsonTextError):
        read_json_object("[1]")
