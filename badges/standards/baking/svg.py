"""Badges in SVG files: an element directly after the opening `svg` tag.

The drawing itself is never touched.
"""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import quoteattr

from badges.errors import RefusedError, StandardsError
from badges.standards.baking.baked import check_text_to_bake
from badges.standards.baking.svg_markup import Element, find_badge_elements, find_root_tag
from badges.standards.baking.svg_reading import ASSERTION_NAMESPACE, CREDENTIAL_NAMESPACE, extract_svg
from badges.standards.json_text import read_json

__all__ = ["ASSERTION_NAMESPACE", "CREDENTIAL_NAMESPACE", "bake_svg", "extract_svg"]

_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ATTRIBUTE_TEXT: Final = re.compile(r"[\x21-\x7e]+")
_WEB_ADDRESS: Final = re.compile(r"https?://[\x21-\x7e]+")
_PREFIX_DECLARATION: Final = re.compile(r"\sxmlns:openbadges\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_ENCODING: Final = re.compile(r"\A(\ufeff?<\?xml\b[^?]*?\sencoding\s*=\s*)(?:\"[^\"]*\"|'[^']*')")


def bake_svg(svg: str, *, credential: str | None = None, assertion: str | None = None) -> str:
    """Return the drawing with these badges in it and no other. Write it in UTF-8.

    credential: Open Badges 3.0, JSON or a compact JWS; in `openbadges:credential`, the first thing in the
    drawing.
    assertion: Open Badges 2.0, JSON, a compact JWS or the address of a hosted assertion; it follows the
    credential.
    None: not in the drawing. No white space around the texts. What is written comes out of any XML reader
    character by character.

    Raises StandardsError if it is no SVG, or a text cannot be carried by XML; RefusedError if it is too
    large or declares entities.
    Source: Open Badges 3.0, "Baked Badge" (SVG); Baking Specification 1.0.
    """
    extract_svg(svg.encode("utf-8", "surrogatepass"))
    drawing = _ENCODING.sub(r'\1"UTF-8"', _without_badges(svg), count=1)
    root = find_root_tag(drawing)
    opening = drawing[root.start : root.end]
    if credential is not None:
        opening = _declare_prefix(opening)
    inside = _credential_element(credential) + _assertion_element(assertion)
    if opening.endswith("/>"):
        inside, opening = f"{inside}</{root.name}>", opening[:-2].rstrip() + ">"
    baked = drawing[: root.start] + opening + inside + drawing[root.end :]
    return _checked(baked, credential, assertion)


def _checked(baked: str, credential: str | None, assertion: str | None) -> str:
    """Read back what was written: a drawing that gives another text must never leave the house."""
    try:
        found = extract_svg(baked.encode("utf-8"))
    except (RefusedError, StandardsError) as error:
        raise StandardsError("The drawing cannot carry the badge: %(reason)s", reason=error.message) from error
    if (found.credential, found.assertion) != (credential, assertion) or found.problems:
        raise StandardsError("The drawing cannot carry the badge: another text would come out of it.")
    return baked


def _without_badges(svg: str) -> str:
    elements: list[Element] = find_badge_elements(svg)
    for element in reversed(elements):
        svg = svg[: element.start] + svg[element.end :]
    return svg


def _declare_prefix(opening: str) -> str:
    """The opening `svg` tag with the prefix `openbadges` bound to the namespace of Open Badges 3.0."""
    opening = _PREFIX_DECLARATION.sub("", opening)
    end = len(opening) - (2 if opening.endswith("/>") else 1)
    return f'{opening[:end].rstrip()} xmlns:openbadges="{CREDENTIAL_NAMESPACE}"{opening[end:]}'


def _credential_element(text: str | None) -> str:
    """A JWS stands in the attribute `verify`; JSON in the body, and then there is no such attribute."""
    if text is None:
        return ""
    if text.startswith("{"):
        return f"<openbadges:credential>{_character_data(text)}</openbadges:credential>"
    return f"<openbadges:credential verify={_attribute(text)}/>"


def _assertion_element(text: str | None) -> str:
    """The prefix is bound anew here: on the `svg` tag it may stand for the other version."""
    if text is None:
        return ""
    opening = f'<openbadges:assertion xmlns:openbadges="{ASSERTION_NAMESPACE}"'
    if text.startswith("{"):
        verify = f" verify={_attribute(url)}" if (url := _hosted_url(text)) else ""
        return f"{opening}{verify}>{_character_data(text)}</openbadges:assertion>"
    return f"{opening} verify={_attribute(text)}/>"


def _hosted_url(text: str) -> str:
    """The address of a hosted assertion (`id`, before 1.1 `verify.url`), or "" if its JSON names none."""
    try:
        document = read_json(text)
    except (StandardsError, RefusedError):
        return ""
    members = document if isinstance(document, dict) else {}
    verify = members.get("verify")
    url = members.get("id", verify.get("url") if isinstance(verify, dict) else None)
    return url if isinstance(url, str) and _WEB_ADDRESS.fullmatch(url) else ""


def _character_data(text: str) -> str:
    """The text in CDATA sections, beginning at once.

    `]]>` is divided between two sections. A carriage return stands outside them as a reference: inside, every
    reader turns it into a line feed (XML 1.0, section 2.11).
    """
    check_text_to_bake(text)
    if _FORBIDDEN.search(text):
        raise StandardsError("The badge holds a character that XML cannot carry.")
    content = text.replace("]]>", "]]]]><![CDATA[>").replace("\r", "]]>&#13;<![CDATA[")
    return f"<![CDATA[{content}]]>"


def _attribute(text: str) -> str:
    check_text_to_bake(text)
    if not _ATTRIBUTE_TEXT.fullmatch(text):
        raise StandardsError("The badge is neither JSON, nor a signed text, nor an address.")
    return quoteattr(text)
