"""N-Quads: escaping, reading, writing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Dataset, Literal, NamedNode, RdfFormat, parse
from pyoxigraph import Quad as OxigraphQuad

from badges.errors import BadgesError
from badges.standards.jsonld.nquads import NQuadsError, escape_text, literal_term, parse_nquads, quad_line

TEXTS = st.text(st.characters(codec="utf-8"), max_size=30) | st.text(
    "\x00\x07\x08\t\n\x0b\f\r\x1f\x7f\x80\x85\"'\\\u2028\ufffe\uffff", max_size=12
)


@given(TEXTS)
def test_escapes_as_another_implementation_does(text: str) -> None:
    quad = OxigraphQuad(NamedNode("urn:s"), NamedNode("urn:p"), Literal(text))
    assert quad_line(("<urn:s>", "<urn:p>", literal_term(text), "")).rstrip("\n") == str(Dataset([quad])).rstrip("\n")


@given(TEXTS)
def test_reads_back_what_it_escaped(text: str) -> None:
    quad = ("<urn:s>", "<urn:p>", literal_term(text, language="cy"), "_:g")
    assert parse_nquads(quad_line(quad)) == [quad]


def test_escapes_each_kind_of_character() -> None:
    """RDFC-1.0, "A Canonical form of N-Quads"."""
    assert escape_text('\b\t\n\f\r"\\') == '\\b\\t\\n\\f\\r\\"\\\\'
    assert escape_text("\x00\x07\x0b\x0e\x1f\x7f\ufffe\uffff") == (
        "\\u0000\\u0007\\u000B\\u000E\\u001F\\u007F\\uFFFE\\uFFFF"
    )
    for letter in "\x00\x07\x0b\x0e\x1f\x7f\ufffe\uffff":
        assert escape_text(f"a{letter}b") == f"a\\u{ord(letter):04X}b"
    assert escape_text("'â\x80\u2028😀") == "'â\x80\u2028😀"


def test_each_quad_counts_once() -> None:
    assert parse_nquads("<a:b> <a:c> <a:d> .\r\n\n# nothing\n <a:b>\t<a:c> <a:d>. # again") == [
        ("<a:b>", "<a:c>", "<a:d>", "")
    ]


@pytest.mark.parametrize(
    "line",
    [
        "<a:b> <a:c> <a:d>",
        '"a" <a:c> <a:d> .',
        "<a:b> _:c <a:d> .",
        '<a:b> <a:c> "x" "g" .',
        '<a:b> <a:c> "x\\q" .',
        '<a:b> <a:c> "\\uD800" .',
        '<a:b> <a:c> "\\U00110000" .',
        "<a b> <a:c> <a:d> .",
        "<a:b> <a:c> <a:d> . <a:e>",
    ],
)
def test_refuses_what_is_not_nquads(line: str) -> None:
    with pytest.raises(NQuadsError):
        parse_nquads(line)


@given(st.text('<>_:ab"\\u0041 .@^#\n', max_size=40))
def test_reads_only_what_another_implementation_reads(text: str) -> None:
    try:
        quads = parse_nquads(text)
    except BadgesError:
        return
    if all(":" in term for quad in quads for term in quad if term.startswith("<")):
        try:
            theirs = list(parse(text, RdfFormat.N_QUADS, lenient=True))
        except SyntaxError:
            return
        assert len(set(map(str, theirs))) == len(quads)
