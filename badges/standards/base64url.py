"""Base64url without padding, read strictly: every byte string has exactly one spelling."""

from __future__ import annotations

import base64
import binascii
import re

from badges.errors import StandardsError

_LETTERS = re.compile(r"[A-Za-z0-9_-]*")


class Base64UrlError(StandardsError):
    """A text is not base64url without padding."""


def encode_base64url(data: bytes) -> str:
    """Return bytes in base64url without padding. Source: RFC 7515, section 2."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode_base64url(text: str, *, maximum_bytes: int) -> bytes:
    """Return the bytes of a text in base64url without padding.

    Raises Base64UrlError for padding, other letters, bits left over, or more than maximum_bytes.
    Source: RFC 7515, section 2; RFC 4648, sections 3.3 and 3.5.
    """
    if len(text) > (maximum_bytes * 4 + 2) // 3:
        raise Base64UrlError("The base64url text is too long.")
    if not _LETTERS.fullmatch(text):
        raise Base64UrlError("The text has letters that base64url without padding does not have.")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise Base64UrlError("The base64url text breaks off in the middle.") from error
    if encode_base64url(data) != text:
        raise Base64UrlError("The base64url text ends in bits that mean nothing.")
    return data
