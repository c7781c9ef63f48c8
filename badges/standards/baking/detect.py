"""What kind of badge file these bytes are: told by the content, never by a name or a media type."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from badges.standards.baking.baked import is_compact_jws

PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
HEAD_BYTES: Final = 64 * 1024

# Possessive and atomic throughout, so that no input makes it go back and try again.
_SVG_START: Final = re.compile(
    r"(?>\s++|<\?(?>[^?]|\?(?!>))*+\?>|<!--(?>[^-]|-(?!->))*+-->"
    r"|<!DOCTYPE\s(?>[^>\[\"']|\"[^\"]*+\"|'[^']*+'|\[[^\]]*+\])*+>)*+<(?:[\w.-]++:)?svg(?=[\s/>])"
)


class BadgeFileKind(StrEnum):
    """The carriers of a badge."""

    JSON = "json"
    JWT = "jwt"
    PNG = "png"
    SVG = "svg"
    UNKNOWN = "unknown"


def detect(data: bytes) -> BadgeFileKind:
    """Return what kind of file this is. A byte order mark and white space around the content do not matter.

    JSON: an object or an array begins; whether it is complete shows when it is read.
    Source: Open Badges 3.0, "Open Badges Document Formats".
    """
    if data.startswith(PNG_SIGNATURE):
        return BadgeFileKind.PNG
    text = decode_text(data)
    if text is None:
        return BadgeFileKind.UNKNOWN
    content = text.strip()
    if content.startswith(("{", "[")):
        return BadgeFileKind.JSON
    if is_compact_jws(content):
        return BadgeFileKind.JWT
    if starts_svg(content):
        return BadgeFileKind.SVG
    return BadgeFileKind.UNKNOWN


def starts_svg(text: str) -> bool:
    """Whether the first element of this XML text is `svg`; only its first 65,536 characters are looked at."""
    return _SVG_START.match(text[:HEAD_BYTES]) is not None


def decode_text(data: bytes) -> str | None:
    """Return the text in UTF-8, or in UTF-16 with its mark; without the mark. None if it is neither."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
