"""Moments as the standards write them: ISO 8601 with a time zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

from badges.errors import StandardsError

_MOMENT: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,30}))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)
# What separates the date from the time: Python takes any letter for it.
_ISO_MOMENT: Final = re.compile(r"[0-9W-]{7,10}[Tt ][0-9:.,]+(?:[Zz]|[+-][0-9:]+)", re.ASCII)

_LONGEST: Final = 60


def write_moment(moment: datetime) -> str:
    """Return the moment in UTC and whole seconds, such as "2026-11-22T09:30:00Z".

    Raises StandardsError if it has no time zone, or a fraction of a second: the `nbf` of a JWT counts whole
    seconds and must equal `validFrom`.
    Source: Open Badges 3.0, "DateTimeZ" and "JWT Payload Format".
    """
    if moment.tzinfo is None:
        raise StandardsError("The moment %(moment)s has no time zone.", moment=moment.isoformat())
    if moment.microsecond:
        raise StandardsError("The moment %(moment)s is not in whole seconds.", moment=moment.isoformat())
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def read_moment(text: object) -> datetime | None:
    """Return the aware moment that a document states, or None if it is none (or has no time zone).

    A leap second is read as the second before it; digits beyond microseconds are dropped.
    Source: RFC 3339, section 5.6; XML Schema 1.1, dateTimeStamp.
    """
    return _read(text) if isinstance(text, str) and len(text) <= _LONGEST else None


@lru_cache(maxsize=4096)
def _read(text: str) -> datetime | None:
    """As read_moment; a document's moments are asked for again and again."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    fraction, sign, hours, minutes = match.group(7), match.group(8), match.group(9), match.group(10)
    zone = UTC if sign is None else _zone(sign, int(hours), int(minutes))
    if zone is None:
        return None
    year, month, day, hour, minute, second = (int(match.group(place)) for place in range(1, 7))
    try:
        moment = datetime(year, month, day, hour, minute, min(second, 59) if second <= 60 else second, tzinfo=zone)
        moment = moment.replace(microsecond=int((fraction or "0")[:6].ljust(6, "0")))
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment


def read_seconds(value: object) -> datetime | None:
    """Return the moment of a NumericDate, or None if it is none. Source: RFC 7519, section 2."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(int(value), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _zone(sign: str, hours: int, minutes: int) -> timezone | None:
    if hours > 23 or minutes > 59:
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if sign == "-" else offset)


def read_iso_moment(text: object) -> datetime | None:
    """Return the aware moment in any spelling of ISO 8601 that has a time zone, or None.

    Source: Open Badges 2.0, "Data types" (DateTime): seconds and the colon in the zone may be missing.
    """
    moment = read_moment(text)
    if moment is not None or not isinstance(text, str) or len(text) > _LONGEST or not _ISO_MOMENT.fullmatch(text):
        return moment
    try:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo is not None and moment.astimezone(UTC) else None
    except (ValueError, OverflowError):
        return None
