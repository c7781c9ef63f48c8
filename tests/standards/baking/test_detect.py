"""What kind of file it is, told by its content."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.standards.baking.detect import BadgeFileKind, detect
from tests.standards.baking.pictures import PNG, SVG


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b'{"a":1}', BadgeFileKind.JSON),
        (b"\xef\xbb\xbf\r\n [ ]", BadgeFileKind.JSON),
        (b" \n eyJh.e30.c2ln \n", BadgeFileKind.JWT),
        (b"eyJh.e30.", BadgeFileKind.UNKNOWN),
        (PNG, BadgeFileKind.PNG),
        (PNG[:8], BadgeFileKind.PNG),
        (b"GIF89a", BadgeFileKind.UNKNOWN),
        (SVG.encode(), BadgeFileKind.SVG),
        (b"\xef\xbb\xbf  " + SVG.encode(), BadgeFileKind.SVG),
        (SVG.encode("utf-16"), BadgeFileKind.SVG),
        (b"<?xml version='1.0'?><!-- a -- b ><x> --><!DOCTYPE svg [<!ENTITY a 'b'>]>\n<s:svg/>", BadgeFileKind.SVG),
        (b"<!doctype html><html><svg></svg></html>", BadgeFileKind.UNKNOWN),
        (b"<!-- <svg> --><html/>", BadgeFileKind.UNKNOWN),
        (b"<svgx/>", BadgeFileKind.UNKNOWN),
        (b"https://example.org/a.b.c", BadgeFileKind.UNKNOWN),
        (b"\xff\xfe\x00", BadgeFileKind.UNKNOWN),
        (b"", BadgeFileKind.UNKNOWN),
    ],
)
def test_kind_is_told_by_the_content(data: bytes, kind: BadgeFileKind) -> None:
    assert detect(data) is kind


@given(st.binary())
def test_any_bytes_have_a_kind(data: bytes) -> None:
    assert detect(data) in BadgeFileKind


@pytest.mark.parametrize("piece", [b"<!--", b"<!---->", b"<?x?>", b"<!DOCTYPE a'", b" ", b"a.", b"-"])
def test_repeated_beginnings_are_no_drawing(piece: bytes) -> None:
    """In one pass: quadratic work would take minutes here."""
    assert detect(piece * 300_000) is not BadgeFileKind.SVG
    assert detect(b"<?xml?>" + piece * 300_000) is not BadgeFileKind.SVG
