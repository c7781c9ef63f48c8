"""How long a copy of a status list may be kept, as the list itself says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from badges.errors import BadgesError
from badges.standards.json_text import read_json
from badges.standards.moments import read_moment
from badges.standards.proofs.jws import parse_compact
from badges.vocab.json import JsonObject, JsonValue

_MARK: Final = b"StatusList"
_LONGEST_MILLISECONDS: Final = 10**13


def stated_lifetime(body: bytes, at: datetime) -> timedelta | None:
    """Return how long from `at` a list may be kept by its `ttl` and its `validUntil`; None if it says neither.

    body: a list as JSON or as a JWT. Anything else says nothing. Never fails.
    Source: Bitstring Status List v1.0, 2.2 "BitstringStatusListCredential" (ttl, in milliseconds).
    """
    document = _read_list(body)
    if document is None:
        return None
    subject, end = document.get("credentialSubject"), read_moment(document.get("validUntil"))
    ttl = subject.get("ttl") if isinstance(subject, dict) else None
    found = [end - at] if end is not None else []
    if isinstance(ttl, int) and not isinstance(ttl, bool) and 0 <= ttl <= _LONGEST_MILLISECONDS:
        found.append(timedelta(milliseconds=ttl))
    return min(found, default=None)


def _read_list(body: bytes) -> JsonObject | None:
    try:
        value: JsonValue = None
        if body.lstrip()[:1] == b"{":
            value = read_json(body) if _MARK in body else None
        elif body.startswith(b"ey"):
            payload = parse_compact(body.decode("ascii").strip()).payload
            value = read_json(payload) if _MARK in payload else None
    except (BadgesError, UnicodeDecodeError):
        return None
    if not isinstance(value, dict):
        return None
    inner = value.get("vc")
    return inner if isinstance(inner, dict) else value
