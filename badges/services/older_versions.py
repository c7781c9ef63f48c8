"""Leads from an older version of one of our own signed badges of Open Badges 2.0 to the newer one.

A badge of 3.0 names the address of its newest version itself. In 2.0 there is no place for it, and the public list
of withdrawn badges must not name the pages of people's badges. So it is looked up by the id of what was handed in.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.addresses import Addresses
from badges.storage.records import AwardRecord, SupersededCredentialRecord
from badges.verifying.report import Check, CheckName, CredentialKind, Finding, Format, Outcome, Report
from badges.wording import say

FindNewer = Callable[[str], str]

_GOOD: Final = frozenset({Outcome.PASSED, Outcome.WARNING})
_OLDER: Final = say("This is an older version of the badge. It does not count any more.")


def address_of_newer(session: Session, addresses: Addresses, signed_id: str) -> str:
    """Return the page of the badge of which this is the id of an older signed assertion; "" if it is of none.

    signed_id: a urn:uuid. The badge of a withdrawn award has no newer version that counts.
    """
    try:
        number = uuid.UUID(signed_id.removeprefix("urn:uuid:"))
    except ValueError:
        return ""
    award_id = session.scalar(
        select(AwardRecord.id)
        .join(SupersededCredentialRecord, SupersededCredentialRecord.award_id == AwardRecord.id)
        .where(SupersededCredentialRecord.ob2_signed_id == number, AwardRecord.revoked_at.is_(None))
    )
    return addresses.url("credential", award_id=award_id) if award_id else ""


def lead_to_newer(report: Report, addresses: Addresses, find_newer: FindNewer) -> Report:
    """Return the report on a badge; on an older version of ours, with the address of the newer one.

    Only where one of our organisations is known to have signed it: anybody can write any id. The verdict stays.
    """
    view = report.view
    is_meant = report.format is Format.OB2_SIGNED and report.kind is CredentialKind.BADGE
    if view is None or not is_meant or not addresses.is_ours(view.issuer.id):
        return report
    outcome = {check.name: check.outcome for check in report.checks}
    is_proven = {outcome[CheckName.PROOF], outcome[CheckName.ISSUER]} <= _GOOD
    newer = find_newer(view.id) if is_proven and outcome[CheckName.STATUS] is Outcome.FAILED else ""
    if not newer:
        return report
    found = {
        CheckName.REFRESH: Finding(
            Outcome.WARNING,
            say("There is a newer version of this badge."),
            say("The newer version is at %(url)s", url=newer),
        ),
        CheckName.STATUS: Finding(Outcome.FAILED, _OLDER),
    }
    checks = tuple(_replaced(check, found) for check in report.checks)
    return replace(report, checks=checks, newer_version=newer)


def _replaced(check: Check, found: dict[CheckName, Finding]) -> Check:
    return found[check.name].under(check.name) if check.name in found else check
