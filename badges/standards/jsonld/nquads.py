"""RDF datasets as quads of canonical N-Quads terms: escaping, reading and writing.

A quad is a tuple of four strings: subject, predicate, object, graph name. Each is a term as canonical N-Quads
writes it: `<https://…>`, `_:b0`, `"text"`, `"text"@en`, `"1"^^<…>`. The default graph's name is "".
"""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from badges.errors import StandardsError

Quad: TypeAlias = tuple[str, str, str, str]

XSD_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"

_MUST_ESCAPE = re.compile('[\x00-\x1f\x7f"\\\\\ufffe\uffff]')
_LONG_ESCAPES: Final = (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)
_SHORT_ESCAPES: Final = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_ESCAPES: Final = {chr(code): f"\\u{code:04X}" for code in _LONG_ESCAPES} | _SHORT_ESCAPES
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SHORT_MEANINGS: Final = {
    "t": "\t",
    "b": "\b",
    "n": "\n",
    "r": "\r",
    "f": "\f",
    '"': '"',
    "'": "'",
    "\\": "\\",
}

_NAME_START = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff_:"
)
_NAME = _NAME_START + "0-9\\-\u00b7\u0300-\u036f\u203f-\u2040"
_IRI = r'<((?:[^\x00-\x20<>"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+)>'
_BLANK = f"(_:[{_NAME_START}0-9](?:[{_NAME}.]*[{_NAME}])?)"
_LITERAL = r'"((?:[^"\\\n\r]|\\.)*+)"(?:\^\^' + _IRI + r"|@([A-Za-z]+(?:-[A-Za-z0-9]+)*))?"
_QUAD = re.compile(
    rf"[ \t]*(?:{_IRI}|{_BLANK})[ \t]*{_IRI}[ \t]*(?:{_IRI}|{_BLANK}|{_LITERAL})[ \t]*"
    rf"(?:(?:{_IRI}|{_BLANK})[ \t]*)?\.[ \t]*(?:#.*)?"
)
_HALF_LETTER = re.compile("[\ud800-\udfff]")
_NOTHING = re.compile(r"[ \t]*(?:#.*)?")


class NQuadsError(StandardsError):
    """A line is not N-Quads."""


def escape_text(text: str) -> str:
    """Return the text of a literal as canonical N-Quads writes it between the quotation marks.

    Source: RDF Dataset Canonicalization (RDFC-1.0), "A Canonical form of N-Quads".
    """
    return _MUST_ESCAPE.sub(_escape_letter, text)


def _escape_letter(match: re.Match[str]) -> str:
    return _ESCAPES[match[0]]


def iri_term(iri: str) -> str:
    """Return an IRI as a term."""
    return f"<{iri}>"


def literal_term(text: str, *, datatype: str = XSD_STRING, language: str = "") -> str:
    """Return a literal as a term. language: a language tag, or "" for none; it rules out a datatype."""
    quoted = f'"{escape_text(text)}"'
    if language:
        return f"{quoted}@{language}"
    return quoted if datatype == XSD_STRING else f"{quoted}^^<{datatype}>"


def is_blank(term: str) -> bool:
    """Whether a term is a blank node identifier."""
    return term.startswith("_:")


def quad_line(quad: Quad) -> str:
    """Return a quad as one line of canonical N-Quads, with its line feed."""
    subject, predicate, value, graph = quad
    return f"{subject} {predicate} {value} {graph} .\n" if graph else f"{subject} {predicate} {value} .\n"


def parse_nquads(text: str) -> list[Quad]:
    """Return the quads of an N-Quads document, each once, in their order.

    Raises NQuadsError naming the line that cannot be read, or for half of a character.
    Source: RDF 1.1 N-Quads, section 3 and "Grammar".
    """
    quads: dict[Quad, None] = {}
    if not text.isascii() and _HALF_LETTER.search(text):
        raise NQuadsError("The text has half of a character (a lone surrogate).")
    for number, line in enumerate(re.split(r"[\r\n]+", text), start=1):
        if _NOTHING.fullmatch(line):
            continue
        match = _QUAD.fullmatch(line)
        if match is None:
            raise NQuadsError("Line %(number)s is not N-Quads: %(line)s", number=number, line=line[:100])
        quads[_quad_of(match, number)] = None
    return list(quads)


def _quad_of(match: re.Match[str], number: int) -> Quad:
    subject, subject_blank, predicate, value, value_blank, text, datatype, language, graph, graph_blank = match.groups()
    if text is not None:
        object_term = literal_term(
            _unescape(text, number),
            datatype=XSD_STRING if datatype is None else _unescape(datatype, number),
            language=language or "",
        )
    else:
        object_term = value_blank or iri_term(_unescape(value, number))
    return (
        subject_blank or iri_term(_unescape(subject, number)),
        iri_term(_unescape(predicate, number)),
        object_term,
        graph_blank or (iri_term(_unescape(graph, number)) if graph is not None else ""),
    )


def _unescape(text: str, number: int) -> str:
    if "\\" not in text:
        return text

    def meaning(match: re.Match[str]) -> str:
        short, long, letter = match.groups()
        if letter is not None:
            if letter not in _SHORT_MEANINGS:
                raise NQuadsError("Line %(number)s has an unknown escape.", number=number)
            return _SHORT_MEANINGS[letter]
        code_point = int(short or long, 16)
        if code_point > 0x10FFFF or 0xD800 <= code_point <= 0xDFFF:
            raise NQuadsError("Line %(number)s has an escape that is no character.", number=number)
        return chr(code_point)

    return _ESCAPE.sub(meaning, text)
