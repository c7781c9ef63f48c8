"""What others say in favour of the badge, its achievement or its issuer, inside the badge.

An endorsement is a credential of its own by somebody else. Whether it holds says nothing about whether the
badge was awarded, so one that cannot be confirmed is a warning: the badge stands, and the endorsement must
not be shown as confirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from badges.verifying.checks.contents import deciding_message
from badges.verifying.checks.ob2_chain import Chain
from badges.verifying.reading import as_list, id_of, member
from badges.verifying.report import CheckName, CredentialKind, Finding, Inside, Outcome, Report, Verdict
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import Wording, say

MOST_ENDORSEMENTS: Final = 8
_NONE: Final = Finding(Outcome.SKIPPED, say("Nobody has endorsed it inside the badge."))


@dataclass(frozen=True, slots=True)
class _Endorsement:
    """One endorsement as it stands in a badge. about: the id of the thing that carries it."""

    value: JsonValue
    about: str


def check_endorsements(
    document: JsonObject, verify_one: Callable[[JsonValue], Report]
) -> tuple[Finding, tuple[Inside, ...]]:
    """Return what the endorsements of an Open Badges 3.0 credential come to together, and the report on each.

    verify_one: gives the report on a credential inside: each endorsement is one in its own right, with its own
    proof, status and dates.

    Source: Open Badges 3.0, "EndorsementCredential Verification".
    """
    found = list(_find(document))
    if not found:
        return _NONE, ()
    inside = tuple(_check_one(each, verify_one(each.value)) for each in found[:MOST_ENDORSEMENTS])
    doubts = [each.doubt for each in inside if each.doubt is not None]
    if len(found) > MOST_ENDORSEMENTS:
        doubts.append(say("There are %(count)d endorsements; we looked at the first ones.", count=len(found)))
    if doubts:
        message = say("It carries an endorsement that we could not confirm. The badge itself does not depend on it.")
        return Finding(Outcome.WARNING, message, say("Ask whoever endorsed it."), tuple(doubts)), inside
    return Finding(Outcome.PASSED, say("All endorsements that it carries are confirmed.")), inside


def check_endorsements_ob2(assertion: JsonObject, chain: Chain) -> Finding:
    """Say whether an Open Badges 2.0 badge carries endorsements; they are not checked in this form."""
    carriers = (assertion, chain.badge_class.document or {}, chain.issuer.document or {})
    if any(as_list(carrier.get("endorsement")) for carrier in carriers):
        return Finding(Outcome.SKIPPED, say("It carries endorsements in a form that we do not check."))
    return _NONE


def _find(document: JsonObject) -> Iterator[_Endorsement]:
    achievement = member(document, "credentialSubject", "achievement")
    for carrier in (document, achievement, document.get("issuer"), member(achievement, "creator")):
        for name in ("endorsement", "endorsementJwt"):
            for value in as_list(member(carrier, name)):
                yield _Endorsement(value, id_of(carrier))


def _check_one(endorsement: _Endorsement, report: Report) -> Inside:
    """Return the report with the doubt that stands in the way of this endorsement, or without one."""
    doubt: Wording | None = None
    if report.verdict in {Verdict.INVALID, Verdict.UNKNOWN}:
        doubt = deciding_message(report)
    elif report.kind is not CredentialKind.ENDORSEMENT:
        doubt = say("Something stands in its place that is no endorsement.")
    elif report.view is None or report.view.subject_id != (endorsement.about or None):
        doubt = say("It endorses something else than the thing that carries it.")
    return Inside(CheckName.ENDORSEMENTS, report, doubt)
