"""Reads the badges out of an SVG of unknown origin: no entities, nothing fetched, bounded size and depth."""

from __future__ import annotations

from typing import Final

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from badges.errors import RefusedError, StandardsError
from badges.standards.baking.baked import MAX_TEXT_BYTES, BakedTexts
from badges.standards.baking.detect import decode_text, starts_svg
from badges.wording import say

CREDENTIAL_NAMESPACE: Final = "https://purl.imsglobal.org/ob/v3p0"
ASSERTION_NAMESPACE: Final = "http://openbadges.org"
RECORD_NAMESPACE: Final = "https://purl.imsglobal.org/clr/v2p0"
CREDENTIAL_TAG: Final = "{" + CREDENTIAL_NAMESPACE + "}credential"
ASSERTION_TAG: Final = "{" + ASSERTION_NAMESPACE + "}assertion"
RECORD_TAG: Final = "{" + RECORD_NAMESPACE + "}credential"
MAX_DRAWING_BYTES: Final = 4 * 1024 * 1024
MAX_ELEMENTS: Final = 200_000
MAX_DEPTH: Final = 200

_SECOND: Final = say("The drawing holds more than one badge of the same kind: the first is read.")


def extract_svg(data: bytes) -> BakedTexts:
    """Return the badge texts in the drawing, the first of each kind.

    The body of an element counts before its attribute `verify`. White space around a body is layout, not
    text.

    Raises StandardsError if it is no well-formed SVG; RefusedError if it is too large, too deep or brings a
    document type definition of its own.
    Source: Open Badges 3.0, "Baked Badge" (SVG); Baking Specification 1.0; CLR 2.0, "Baked" (SVG).
    """
    if len(data) > MAX_DRAWING_BYTES:
        raise RefusedError("The drawing is larger than %(limit)s bytes.", limit=MAX_DRAWING_BYTES)
    text = decode_text(data)
    if text is None or not starts_svg(text):
        raise StandardsError("This is no SVG drawing.")
    collector = _Collector()
    parser = DefusedXMLParser(target=collector, encoding="utf-8", forbid_entities=True, forbid_external=True)
    parser.parser.StartDoctypeDeclHandler = _refuse_own_rules
    try:
        parser.feed(text.encode("utf-8"))
        parser.close()
    except ParseError as error:
        raise StandardsError("The drawing is no well-formed XML: %(reason)s.", reason=str(error)[:200]) from error
    except DefusedXmlException as error:
        raise RefusedError("The drawing declares entities or points outside. Save it as plain SVG.") from error
    return collector.result()


def _refuse_own_rules(_name: str, _system_id: str | None, _public_id: str | None, has_own_rules: bool) -> None:
    """A DOCTYPE that only names SVG is what drawing programs write, and nothing of it is read. One that brings
    declarations is refused, whatever it declares.
    """
    if has_own_rules:
        raise RefusedError("The drawing brings a document type definition. Save it as plain SVG.")


class _Collector:
    """Hears the parser and keeps the badge elements only: no tree of a large drawing is ever built."""

    def __init__(self) -> None:
        self._found: dict[str, str | None] = {}
        self._has_second = self._has_rivals = False
        self._depth = 0
        self._elements = 0
        self._current: str | None = None
        self._current_depth = 0
        self._pieces: list[str] = []
        self._size = 0
        self._verify = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise RefusedError("The drawing has more than %(limit)s elements.", limit=MAX_ELEMENTS)
        if self._depth > MAX_DEPTH:
            raise RefusedError("The drawing is nested deeper than %(limit)s levels.", limit=MAX_DEPTH)
        if self._current is not None or tag not in (CREDENTIAL_TAG, ASSERTION_TAG, RECORD_TAG):
            return
        self._current, self._current_depth = tag, self._depth
        self._pieces, self._size = [], 0
        self._verify = attributes.get("verify", "").strip()
        self._check_size(len(self._verify))

    def data(self, text: str) -> None:
        if self._current is not None and self._depth == self._current_depth:
            self._size += len(text)
            self._check_size(self._size)
            self._pieces.append(text)

    def end(self, _tag: str) -> None:
        if self._current is not None and self._depth == self._current_depth:
            body = "".join(self._pieces).strip(" \t\r\n")
            self._keep(self._current, body or self._verify or None)
            self._current = None
        self._depth -= 1

    def close(self) -> None:
        """The end of the drawing: nothing is left to do."""

    def result(self) -> BakedTexts:
        return BakedTexts(
            self._found.get(CREDENTIAL_TAG),
            self._found.get(ASSERTION_TAG),
            self._found.get(RECORD_TAG),
            (_SECOND,) if self._has_second else (),
            self._has_rivals,
        )

    def _keep(self, tag: str, text: str | None) -> None:
        """The first text of each kind counts; a second is only compared with it."""
        if tag in self._found:
            self._has_second = True
            self._has_rivals |= text != self._found[tag]
        else:
            self._found[tag] = text

    def _check_size(self, size: int) -> None:
        if size > MAX_TEXT_BYTES:
            raise RefusedError("The badge in the drawing is larger than %(limit)s bytes.", limit=MAX_TEXT_BYTES)
