"""Moments as Open Badges 0.5 to 1.1 wrote them: days, seconds since 1970, and ISO 8601 without a time zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from badges.standards.moments import read_iso_moment
from badges.vocab.json import JsonValue

_SECONDS: Final = re.compile(r"[0-9]{1,10}", re.ASCII)
_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LAST_SECOND: Final = 9_999_999_999


def upgrade_moment(value: JsonValue) -> JsonValue:
    """Return the moment as Open Badges 2.0 writes it, in UTC where no zone is given.

    What is no moment in any of the old spellings comes back as it is: the check of the dates will name it.
    Source: Open Badges 1.1, "Primitives" (DateTime): ISO 8601, or a 10-digit Unix timestamp.
    """
    if read_iso_moment(value) is not None:
        return value
    moment = _read_seconds(value) or _read_without_zone(value)
    return moment.isoformat() if moment else value


def _read_seconds(value: JsonValue) -> datetime | None:
    if isinstance(value, str) and len(value) == len(str(_LAST_SECOND)) and _SECONDS.fullmatch(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _LAST_SECOND:
        return None
    return datetime.fromtimestamp(value, UTC)


def _read_without_zone(value: JsonValue) -> datetime | None:
    if not isinstance(value, str) or len(value) > 40 or not _ISO_DAY.match(value):
        return None
    try:
        moment = datetime.fromisoformat(value.replace(",", "."))
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else None
