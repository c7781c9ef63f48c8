"""From when until when a badge counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from badges.standards.moments import read_iso_moment, read_moment
from badges.verifying.report import Finding, Outcome
from badges.vocab.json import JsonObject
from badges.wording import Wording, say

# Clocks of two machines differ by a moment, and a badge that is signed anew within a second begins in the next.
CLOCK_SKEW: Final = timedelta(seconds=5)
_ALWAYS: Final = "0001-01-01T00:00:00Z"


def check_validity(document: JsonObject, at: datetime, *, needs_start: bool = True) -> Finding:
    """Check the dates of a credential, with either version's names of the VC Data Model.

    needs_start: whether it must say from when it counts, as a badge must.

    Source: Open Badges 3.0, "OpenBadgeCredential Verification", step 4; VC Data Model 2.0, 4.9; RFC 7519, 4.1.5
    (leeway for clocks).
    """
    starts = ("validFrom", document.get("validFrom", document.get("issuanceDate")))
    ends = ("validUntil", document.get("validUntil", document.get("expirationDate")))
    if starts[1] is None and not needs_start:
        starts = ("validFrom", _ALWAYS)
    return _judge(starts, ends, at, read_moment)


def check_validity_ob2(assertion: JsonObject, at: datetime, *, needs_start: bool = True) -> Finding:
    """Check the dates of an assertion in the form of Open Badges 2.0. needs_start: false for one of 0.5.

    Source: Open Badges 2.0, "Assertion"; Open Badges 0.5, "issued_on" (optional).
    """
    starts = ("issuedOn", assertion.get("issuedOn"))
    finding = _judge(starts, ("expires", assertion.get("expires")), at, read_iso_moment, needs_start=needs_start)
    if starts[1] is None and finding.outcome is Outcome.PASSED:
        return Finding(Outcome.WARNING, say("This badge does not say when it was awarded."))
    return finding


def _judge(
    starts: tuple[str, object],
    ends: tuple[str, object],
    at: datetime,
    read: Callable[[object], datetime | None],
    *,
    needs_start: bool = True,
) -> Finding:
    """starts, ends: the member's name and what it says. read: the spellings that the standard allows."""
    for name, value in (starts, ends):
        if value is not None and read(value) is None:
            return _failed(say("One of the dates of this badge is not a real date."), _detail(name, value))
    start, end = read(starts[1]), read(ends[1])
    if start is None and needs_start:
        return _failed(say("This badge does not say when it was awarded."), say("%(name)s", name=starts[0]))
    if start is not None and start > at + CLOCK_SKEW:
        return _failed(say("This badge does not count yet: it begins on %(day)s.", day=start))
    if start is not None and end is not None and end < start:
        return _failed(say("This badge ends before it begins, so it never counted."))
    if end is not None and end < at:
        return Finding(
            Outcome.FAILED,
            say("This badge has expired: it counted until %(day)s.", day=end),
            say("Its holder can ask the organisation that awarded it for a new one."),
        )
    if end is not None:
        return Finding(Outcome.PASSED, say("It has not expired: it counts until %(day)s.", day=end))
    return Finding(Outcome.PASSED, say("It has no end date, so it has not expired."))


def _failed(message: Wording, *details: Wording) -> Finding:
    mend = say("The organisation that awarded it can award it again with the right dates.")
    return Finding(Outcome.FAILED, message, mend, details)


def _detail(name: str, value: object) -> Wording:
    return say("%(name)s: %(value)s", name=name, value=str(value)[:100])
