"""Leads from an older version of one of our own badges of Open Badges 2.0 to the newer one.

A badge of 3.0 names the address of its newest version itself. In 2.0 there is no place for it, and the public list
of withdrawn badges must not name the pages of people's badges. So it is looked up: a signed one by its id, a hosted
one, which has the id of the newest, by being exactly what was made here before.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from badges.addresses import Addresses
from badges.errors import BadgesError
from badges.standards.json_text import read_json
from badges.storage.records import (
    AwardRecord,
    CredentialForm,
    SupersededCredentialRecord,
    SupersededTextRecord,
)
from badges.verifying.report import Check, CheckName, CredentialKind, Finding, Format, Outcome, Report, Verdict
from badges.wording import say

FindNewer = Callable[[Report], str]

_GOOD: Final = frozenset({Outcome.PASSED, Outcome.WARNING})
_OLDER: Final = say("This is an older version of the badge. It does not count any more.")
_NOT_NEEDED: Final = Finding(Outcome.SKIPPED, say("Not checked, because it does not count any more."))
_OF_HOSTED: Final = {
    CheckName.PROOF: Finding(
        Outcome.PASSED, say("It is as it was made. What is at its own address now is the newer version.")
    ),
    CheckName.ISSUER: Finding(Outcome.PASSED, say("It was made here, for the organisation that it names.")),
    CheckName.RECIPIENT: _NOT_NEEDED,
    CheckName.ENDORSEMENTS: _NOT_NEEDED,
}


def address_of_newer(session: Session, addresses: Addresses, report: Report) -> str:
    """Return the page of the badge of which an older version of 2.0 was handed in; "" if it is none of ours.

    The badge of a withdrawn award has no newer version that counts.
    """
    view = report.view
    if view is None or report.kind is not CredentialKind.BADGE or not addresses.is_ours(view.issuer.id):
        return ""
    award_id = None
    if report.format is Format.OB2_SIGNED and _is_ours_by_signature(report):
        award_id = _award_of_signed(session, view.id)
    elif report.format is Format.OB2_HOSTED and addresses.is_ours(view.id):
        award_id = _award_of_hosted(session, addresses, view.id, report.text)
    return addresses.url("credential", award_id=award_id) if award_id else ""


def lead_to_newer(report: Report, find_newer: FindNewer) -> Report:
    """Return the report on a badge; on an older version of ours, with the address of the newer one.

    The verdict stays.
    """
    newer = find_newer(report) if report.verdict is not Verdict.VALID else ""
    if not newer:
        return report
    message = say("There is a newer version of this badge.")
    mend = say("The newer version is at %(url)s", url=newer)
    found = {
        CheckName.REFRESH: Finding(Outcome.WARNING, message, mend),
        CheckName.STATUS: Finding(Outcome.FAILED, _OLDER),
    }
    if report.format is Format.OB2_HOSTED:
        found |= _OF_HOSTED
    return replace(report, checks=tuple(_replaced(check, found) for check in report.checks), newer_version=newer)


def _is_ours_by_signature(report: Report) -> bool:
    """Whether it is known to be from whoever it names, and taken back: anybody can write any id."""
    outcome = {check.name: check.outcome for check in report.checks}
    is_proven = {outcome[CheckName.PROOF], outcome[CheckName.ISSUER]} <= _GOOD
    return is_proven and outcome[CheckName.STATUS] is Outcome.FAILED


def _award_of_signed(session: Session, signed_id: str) -> uuid.UUID | None:
    try:
        number = uuid.UUID(signed_id.removeprefix("urn:uuid:"))
    except ValueError:
        return None
    return session.scalar(_older().where(SupersededCredentialRecord.ob2_signed_id == number))


def _award_of_hosted(session: Session, addresses: Addresses, url: str, text: str) -> uuid.UUID | None:
    """Return the award if this is, value for value, what its address answered before."""
    found = addresses.match(addresses.path_of(url))
    if found is None or found[0] != "ob2_assertion":
        return None
    award_id = uuid.UUID(found[1]["award_id"])
    of_award = (
        _older()
        .join(SupersededTextRecord)
        .where(AwardRecord.id == award_id, SupersededTextRecord.form == CredentialForm.OB2_HOSTED)
    )
    texts = session.scalars(of_award.with_only_columns(SupersededTextRecord.content))
    try:
        handed_in = read_json(text)
    except BadgesError:
        return None
    return award_id if any(read_json(each) == handed_in for each in texts) else None


def _older() -> Select[uuid.UUID]:
    """The awards that stand and have older versions."""
    return (
        select(AwardRecord.id)
        .join(SupersededCredentialRecord, SupersededCredentialRecord.award_id == AwardRecord.id)
        .where(AwardRecord.revoked_at.is_(None))
    )


def _replaced(check: Check, found: dict[CheckName, Finding]) -> Check:
    return found[check.name].under(check.name) if check.name in found else check
