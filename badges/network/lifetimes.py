"""How long an answer may be kept, as its headers say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

# Where an answer says nothing: long enough to look at several badges of one issuer without asking for each.
UNSAID: Final = timedelta(minutes=1)
_DIRECTIVE: Final = re.compile(r'([a-z-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,;"]*)))?', re.IGNORECASE)
_LONGEST_SECONDS: Final = 10**9


def may_be_kept(headers: Mapping[str, str]) -> bool:
    """Whether a cache that many share may keep this answer at all. headers: by name in lower case.

    Source: RFC 9111, 3 "Storing Responses in Caches", 4.1 (Vary: *), 5.2.2.5, 5.2.2.7.
    """
    directives = _directives(headers)
    return directives.keys().isdisjoint({"no-store", "private"}) and headers.get("vary", "").strip() != "*"


def fresh_for(headers: Mapping[str, str], at: datetime) -> timedelta | None:
    """Return how long from `at` an answer needs no asking again: zero for at once; None if it does not say.

    A number that is none counts as zero: whoever tried to say something did not mean for ever.
    Source: RFC 9111, 4.2 "Freshness", 5.2.2.1, 5.2.2.4, 5.2.2.10, 5.3.
    """
    directives = _directives(headers)
    if "no-cache" in directives:
        return timedelta(0)
    date = _date(headers.get("date", "")) or at
    for name in ("s-maxage", "max-age"):
        if name in directives:
            lifetime = _seconds(directives[name])
            break
    else:
        if "expires" not in headers:
            return None
        lifetime = (_date(headers["expires"]) or date) - date
    age = max(_seconds(headers.get("age", "0")), at - date)
    return max(lifetime - age, timedelta(0))


def _directives(headers: Mapping[str, str]) -> dict[str, str]:
    """Return what Cache-Control says; of a directive that is there twice, the first."""
    found: dict[str, str] = {}
    for match in _DIRECTIVE.finditer(headers.get("cache-control", "")):
        found.setdefault(match.group(1).lower(), match.group(2) or match.group(3) or "")
    return found


def _seconds(text: str) -> timedelta:
    digits = text.strip()
    if not (digits.isascii() and digits.isdecimal()):
        return timedelta(0)
    return timedelta(seconds=min(int(digits[:12]), _LONGEST_SECONDS))


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
