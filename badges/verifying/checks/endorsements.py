"""What others say in favour of the badge, its achievement or its issuer, inside the badge.

An endorsement is a credential of its own by somebody else. Whether it holds says nothing about whether the
badge was awarded, so one that cannot be confirmed is a warning: the badge stands, and the endorsement must
not be shown as confirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from badges.standards.signer import PublicKey
from badges.verifying.caveats import caveat_of
from badges.verifying.checks.contents import deciding_message
from badges.verifying.keys import issuer_id_of
from badges.verifying.reading import as_list, id_of, member
from badges.verifying.report import CheckName, CredentialKind, Finding, Inside, Outcome, Report, Verdict
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import Wording, say

MOST_ENDORSEMENTS: Final = 8
NOT_ENDORSED: Final = Finding(Outcome.SKIPPED, say("Nobody has endorsed it inside the badge."))


@dataclass(frozen=True, slots=True)
class _Endorsement:
    """One endorsement as it stands in a badge. about: the id of the thing that carries it."""

    value: JsonValue
    about: str


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whoever awarded what carries an endorsement: the ids that it goes by, and the key that it signed with."""

    ids: frozenset[str]
    key: PublicKey | None = None


def check_endorsements(
    document: JsonObject, key: PublicKey | None, verify_one: Callable[[JsonValue], Report]
) -> tuple[Finding, tuple[Inside, ...]]:
    """Return what the endorsements of an Open Badges 3.0 credential come to together, and the report on each.

    key: the one that signed the credential. verify_one: gives the report on a credential inside: each endorsement is
    one in its own right, with its own proof, status and dates.

    Source: Open Badges 3.0, "EndorsementCredential Verification".
    """
    found = list(_find(document))
    if not found:
        return NOT_ENDORSED, ()
    issuer = Issuer(frozenset({issuer_id_of(document)}), key)
    inside = tuple(judge_one(verify_one(each.value), each.about, issuer) for each in found[:MOST_ENDORSEMENTS])
    return judge_all([each.doubt for each in inside if each.doubt is not None], len(found)), inside


def judge_all(doubts: list[Wording], count: int) -> Finding:
    """Return the finding on all endorsements of a badge. doubts: what is against some. count: how many there are."""
    if not count:
        return NOT_ENDORSED
    if count > MOST_ENDORSEMENTS:
        doubts = [*doubts, say("There are %(count)d endorsements; we looked at the first ones.", count=count)]
    if doubts:
        message = say("It carries an endorsement that we could not confirm. The badge itself does not depend on it.")
        return Finding(Outcome.WARNING, message, say("Ask whoever endorsed it."), tuple(doubts))
    return Finding(Outcome.PASSED, say("All endorsements that it carries are confirmed."))


def _find(document: JsonObject) -> Iterator[_Endorsement]:
    achievement = member(document, "credentialSubject", "achievement")
    for carrier in (document, achievement, document.get("issuer"), member(achievement, "creator")):
        for name in ("endorsement", "endorsementJwt"):
            for value in as_list(member(carrier, name)):
                yield _Endorsement(value, id_of(carrier))


def judge_one(report: Report, about: str, issuer: Issuer) -> Inside:
    """Return the report on an endorsement with the doubt that stands in its way, or without one.

    about: the id of the thing that carries it. issuer: who awarded the badge.
    """
    doubt: Wording | None = None
    if report.verdict in {Verdict.INVALID, Verdict.UNKNOWN}:
        doubt = deciding_message(report)
    elif report.kind is not CredentialKind.ENDORSEMENT:
        doubt = say("Something stands in its place that is no endorsement.")
    elif report.view is None or report.view.subject_id != (about or None):
        doubt = say("It endorses something else than the thing that carries it.")
    elif report.view.issuer.id in issuer.ids | {about}:
        doubt = say("Whoever endorses it here is the very one that is endorsed.")
    elif report.key is not None and report.key == issuer.key:
        doubt = say("It is signed with the same key as the badge, so nobody else stands behind it.")
    else:
        doubt = caveat_of(report)
    return Inside(CheckName.ENDORSEMENTS, report, doubt)
