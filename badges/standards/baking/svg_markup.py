"""Where things stand in the text of an SVG, so that the rest of it can stay as it is, character by character.

For text that was read by `svg_reading` without an error: well-formed and without entities of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from badges.errors import StandardsError
from badges.standards.baking.svg_reading import ASSERTION_TAG, CREDENTIAL_TAG, RECORD_TAG

# Every alternative begins differently and is possessive: one pass, no going back.
_MARKUP: Final = re.compile(
    r"<!--(?>[^-]|-(?!->))*+-->"
    r"|<!\[CDATA\[(?>[^\]]|\](?!\]>))*+\]\]>"
    r"|<\?(?>[^?]|\?(?!>))*+\?>"
    r"|<!(?>[^>\[\"']|\"[^\"]*+\"|'[^']*+'|\[[^\]]*+\])*+>"
    r"|<(?P<close>/?)(?P<name>[^\s/>!?<]++)(?P<rest>(?>[^>\"']|\"[^\"]*+\"|'[^']*+')*+)>"
)
_DECLARATION: Final = re.compile(r"\sxmlns(?::([^\s=]+))?\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_BADGE_TAGS: Final = frozenset({CREDENTIAL_TAG, ASSERTION_TAG, RECORD_TAG})


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: the text from start to end. name: as written, with its prefix."""

    start: int
    end: int
    name: str
    attributes: str
    is_closing: bool
    is_empty: bool


@dataclass(frozen=True, slots=True)
class Element:
    """One element from the start of its opening to the end of its closing tag."""

    start: int
    end: int


def find_root_tag(svg: str) -> Tag:
    """Return the opening tag of the drawing. Raises StandardsError if there is none."""
    for tag in _read_tags(svg):
        return tag
    raise StandardsError("This is no SVG drawing.")


def find_badge_elements(svg: str) -> list[Element]:
    """Return the outermost badge elements of both versions in the order in which they stand."""
    elements: list[Element] = []
    scopes: list[dict[str, str]] = [{}]
    start, start_depth = 0, 0
    for tag in _read_tags(svg):
        if tag.is_closing:
            if len(scopes) == start_depth:
                elements.append(Element(start, tag.end))
                start_depth = 0
            scopes.pop()
            continue
        scope = scopes[-1] | _declarations(tag.attributes)
        is_badge = not start_depth and _expanded_name(tag.name, scope) in _BADGE_TAGS
        if is_badge and tag.is_empty:
            elements.append(Element(tag.start, tag.end))
        elif not tag.is_empty:
            scopes.append(scope)
            if is_badge:
                start, start_depth = tag.start, len(scopes)
    return elements


def _read_tags(svg: str) -> Iterator[Tag]:
    for match in _MARKUP.finditer(svg):
        name = match.group("name")
        if name is not None:
            rest = match.group("rest")
            yield Tag(match.start(), match.end(), name, rest, bool(match.group("close")), rest.endswith("/"))


def _declarations(attributes: str) -> dict[str, str]:
    """The namespaces that a tag declares, by prefix; "" is the default."""
    if "xmlns" not in attributes:
        return {}
    return {match[1] or "": match[2] or match[3] or "" for match in _DECLARATION.finditer(attributes)}


def _expanded_name(name: str, scope: dict[str, str]) -> str:
    prefix, colon, local = name.rpartition(":")
    return "{" + scope.get(prefix if colon else "", "") + "}" + local
