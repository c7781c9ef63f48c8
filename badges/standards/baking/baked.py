"""What is found in a baked picture, and the limits of all that is read from or written into one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from badges.errors import StandardsError
from badges.wording import Wording

MAX_PICTURE_BYTES: Final = 16 * 1024 * 1024
MAX_TEXT_BYTES: Final = 1024 * 1024

# C0 but LF and CR, and DEL.
_CONTROL: Final = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]")
_COMPACT_JWS: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class BakedTexts:
    """The texts of one picture. None: there is none of that kind.

    credential: Open Badges 3.0, JSON or a compact JWS. assertion: Open Badges 2.0 (and older), JSON, a
    compact JWS or the address of a hosted assertion. record: a Comprehensive Learner Record, JSON or a
    compact JWS. problems: what is odd about the picture, though it could be read. has_rivals: whether it holds two
    different texts of one kind, so that another reader may find another badge in it than we do.
    """

    credential: str | None = None
    assertion: str | None = None
    record: str | None = None
    problems: tuple[Wording, ...] = ()
    has_rivals: bool = False


def is_compact_jws(text: str) -> bool:
    """Whether this is three parts of base64url with dots between them. Source: RFC 7515, section 7.1."""
    return _COMPACT_JWS.fullmatch(text) is not None


def check_text_to_bake(text: str) -> bytes:
    """Return the UTF-8 of a text that is to be put into a picture.

    Raises StandardsError if it is empty, too long, holds what UTF-8 cannot carry, or a control character other than
    LF and CR: readers write those differently (see `plain_text`), and XML has none but the TAB.
    """
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise StandardsError("The badge holds a damaged character and cannot be put into a picture.") from error
    if not data or _CONTROL.search(text):
        raise StandardsError("The badge is empty or holds a control character: it cannot be put into a picture.")
    if len(data) > MAX_TEXT_BYTES:
        raise StandardsError(
            "The badge has %(size)s bytes; at most %(limit)s fit into a picture.",
            size=len(data),
            limit=MAX_TEXT_BYTES,
        )
    return data
