"""Bytes, letters, encodings, members named twice, and numbers: what a text can do to its reader."""

from __future__ import annotations

import json
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badges.verifying.report import Verdict
from badges.vocab.json import JsonObject
from tests.verifying.mutations.forms import Form, check, hosted_forms, json_forms, token_forms
from tests.verifying.mutations.judging import hold

TEXTS: Final = [*json_forms(), *hosted_forms(), *token_forms()]
JSON_TEXTS: Final = [form for form in TEXTS if form.document is not None]
SOME = settings(max_examples=30, deadline=None)
each_text = pytest.mark.parametrize("form", TEXTS, ids=lambda form: form.name)
each_json_text = pytest.mark.parametrize("form", JSON_TEXTS, ids=lambda form: form.name)


@each_text
@SOME
@given(data=st.data())
def test_one_byte(form: Form, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(form.data) - 1))
    kept = data.draw(st.integers(0, 1))
    inserted = data.draw(st.binary(max_size=2))
    hold(form, form.data[:position] + inserted + form.data[position + 1 - kept :])


@each_text
@SOME
@given(position=st.floats(0, 1), bit=st.integers(0, 7))
def test_one_bit(form: Form, position: float, bit: int) -> None:
    changed = bytearray(form.data)
    changed[int(position * (len(changed) - 1))] ^= 1 << bit
    hold(form, bytes(changed))


@each_text
def test_a_text_that_breaks_off(form: Form) -> None:
    for length in range(0, len(form.data), max(1, len(form.data) // 40)):
        assert check(form.data[:length]).verdict is not Verdict.VALID


@each_json_text
def test_white_space_and_order_and_escapes_say_nothing(form: Form) -> None:
    document = _document(form)
    for text in (
        json.dumps(document, indent=2),
        "\ufeff\n\t " + json.dumps(document, ensure_ascii=False) + "\r\n",
        json.dumps(dict(reversed(document.items()))),
        "".join(f"\\u{ord(letter):04x}" if letter == "x" else letter for letter in json.dumps(document)),
    ):
        report = hold(form, text.encode())
        assert report.verdict is Verdict.VALID


@each_json_text
def test_a_member_named_twice_is_refused_at_any_depth_and_in_any_spelling(form: Form) -> None:
    """Two readers could take one each. Source: RFC 7493, section 2.3."""
    text = json.dumps(_document(form))
    starts = [place for place, letter in enumerate(text) if letter == "{"]
    for start in (starts[0], starts[len(starts) // 2], starts[-1]):
        name, _, _ = text[start + 1 :].partition(":")
        for spelling in (name, f'"\\u{ord(name[1]):04x}{name[2:]}', f'"\\u{ord(name[1]):04X}{name[2:]}'):
            assert json.loads(spelling) == json.loads(name)
            report = check((text[: start + 1] + f'{spelling}:"x",' + text[start + 1 :]).encode())
            assert report.verdict is Verdict.INVALID
            assert "twice" in str(report.checks[0].message)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp037", "shift_jis"])
@each_json_text
def test_another_encoding_is_read_by_its_mark_or_not_at_all(form: Form, encoding: str) -> None:
    report = hold(form, form.data.decode().encode(encoding, "replace"))
    if encoding not in {"utf-16", "shift_jis", "utf-7"}:
        assert report.verdict is not Verdict.VALID


@pytest.mark.parametrize(
    "letter",
    [
        b"\xc0\xa0",  # a space in two bytes
        b"\xe0\x80\xa0",
        b"\xed\xa0\x80",  # half of a pair
        b"\xf5\x80\x80\x80",
        b"\xff",
        b"\x00",
        "\u200b".encode(),
        "\u202e".encode(),
        "\u0430".encode(),  # Cyrillic
        "\u0301".encode(),
        b"\\ud800",
        b"\\udc00\\ud800",
        b"\\u0000",
    ],
)
@each_json_text
def test_letters_that_look_like_nothing_or_like_others(form: Form, letter: bytes) -> None:
    name = b"Evidence search skills" if b"Evidence search skills" in form.data else b"sha256$"
    if name in form.data:
        changed = form.data.replace(name, name[:3] + letter + name[3:])
        report = hold(form, changed)
        assert report.verdict is not Verdict.VALID or form in hosted_forms()


def _document(form: Form) -> JsonObject:
    assert form.document is not None
    return form.document


NUMBERS: Final = [
    "9007199254740993",
    "-9007199254740993",
    "1e400",
    "-1e400",
    "1" * 400,
    "1" * 5000,
    "1e-400",
    "0.1e1",
    "NaN",
    "Infinity",
    "-Infinity",
    "-0",
    "1.0",
    "1e0",
    "01",
    "+1",
    "0x1",
    ".5",
    "5.",
    "1_000",
    "١",  # an Arabic digit
]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("name", ["statusListIndex", "statusSize", "validFrom", "creditsAvailable", "hashed"])
def test_odd_numbers(name: str, number: str) -> None:
    form = json_forms()[0]
    text = json.dumps(_document(form))
    if f'"{name}": ' in text:
        value = json.dumps(_find(_document(form), name))
        changed = text.replace(f'"{name}": {value}', f'"{name}": {number}')
    else:
        changed = text.replace('"statusPurpose"', f'"{name}": {number}, "statusPurpose"')
    assert changed != text
    assert hold(form, changed.encode()).verdict is Verdict.INVALID


def _find(value: object, name: str) -> object:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if key == name:
            return item
        found = _find(item, name)
        if found is not None:
            return found
    return None


@pytest.mark.parametrize("start", [b"", b"{", b"[", b"eyJ.e30.", b"\x89PNG\r\n\x1a\n", b"<svg xmlns='x'>", b"\xff\xfe"])
@SOME
@given(data=st.binary(max_size=200))
def test_any_bytes_give_a_report(start: bytes, data: bytes) -> None:
    assert check(start + data).verdict is not Verdict.VALID


@SOME
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda inner: st.lists(inner)))
def test_any_json_gives_a_report(value: object) -> None:
    assert check(json.dumps(value).encode("utf-8", "surrogatepass")).verdict is not Verdict.VALID
