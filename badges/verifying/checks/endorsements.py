"""What others say in favour of the badge, its achievement or its issuer, inside the badge.

An endorsement is a credential of its own by somebody else. Whether it holds says nothing about whether the
badge was awarded, so one that cannot be confirmed is a warning: the badge stands, and the endorsement must
not be shown as confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from badges.standards.ob3.model import ENDORSEMENT_CREDENTIAL
from badges.verifying.checks.issuer import check_issuer
from badges.verifying.checks.ob2_chain import Chain
from badges.verifying.checks.proof import check_embedded_proof, signs_graph
from badges.verifying.checks.proof_jwt import check_jwt_proof, read_jwt
from badges.verifying.checks.shape import check_shape
from badges.verifying.checks.status import check_status
from badges.verifying.checks.validity import check_validity
from badges.verifying.documents import Documents
from badges.verifying.reading import as_list, as_text, id_of, member
from badges.verifying.report import Finding, Outcome, gravest
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import Wording, say

MOST_ENDORSEMENTS: Final = 8
_NONE: Final = Finding(Outcome.SKIPPED, say("Nobody has endorsed it inside the badge."))


@dataclass(frozen=True, slots=True)
class _Endorsement:
    """One endorsement as it stands in a badge. about: the id of the thing that carries it."""

    value: JsonValue
    about: str
    is_jwt: bool


def check_endorsements(document: JsonObject, documents: Documents, at: datetime) -> Finding:
    """Check the endorsements of an Open Badges 3.0 credential, each as a credential in its own right.

    Source: Open Badges 3.0, "EndorsementCredential Verification".
    """
    found = list(_find(document))
    if not found:
        return _NONE
    doubts = [
        doubt for doubt in (_check_one(each, documents, at) for each in found[:MOST_ENDORSEMENTS]) if doubt is not None
    ]
    if len(found) > MOST_ENDORSEMENTS:
        doubts.append(say("There are %(count)d endorsements; we looked at the first ones.", count=len(found)))
    if doubts:
        message = say("It carries an endorsement that we could not confirm. The badge itself does not depend on it.")
        return Finding(Outcome.WARNING, message, say("Ask whoever endorsed it."), tuple(doubts))
    return Finding(Outcome.PASSED, say("All endorsements that it carries are confirmed."))


def check_endorsements_ob2(assertion: JsonObject, chain: Chain) -> Finding:
    """Say whether an Open Badges 2.0 badge carries endorsements; they are not checked in this form."""
    carriers = (assertion, chain.badge_class.document or {}, chain.issuer.document or {})
    if any(as_list(carrier.get("endorsement")) for carrier in carriers):
        return Finding(Outcome.SKIPPED, say("It carries endorsements in a form that we do not check."))
    return _NONE


def _find(document: JsonObject) -> Iterator[_Endorsement]:
    achievement = member(document, "credentialSubject", "achievement")
    for carrier in (document, achievement, document.get("issuer"), member(achievement, "creator")):
        for value in as_list(member(carrier, "endorsement")):
            yield _Endorsement(value, id_of(carrier), is_jwt=False)
        for value in as_list(member(carrier, "endorsementJwt")):
            yield _Endorsement(value, id_of(carrier), is_jwt=True)


def _check_one(endorsement: _Endorsement, documents: Documents, at: datetime) -> Wording | None:
    """Return what stands in the way of this endorsement, or None if it is confirmed."""
    finding, about = _verify_one(endorsement, documents, at)
    if finding.outcome in {Outcome.FAILED, Outcome.UNKNOWN}:
        return finding.message
    if about != endorsement.about:
        return say("It endorses something else than the thing that carries it.")
    return None


def _verify_one(endorsement: _Endorsement, documents: Documents, at: datetime) -> tuple[Finding, str]:
    """Return the gravest finding on one endorsement, and the id of what it endorses."""
    no_endorsement = Finding(Outcome.FAILED, say("Something stands in its place that is no endorsement."))
    if endorsement.is_jwt:
        jwt = read_jwt(as_text(endorsement.value))
        if isinstance(jwt, Finding):
            return jwt, ""
        credential, proof = jwt.document, check_jwt_proof(jwt, documents)
    elif isinstance(endorsement.value, dict):
        credential = endorsement.value
        proof = check_embedded_proof(credential, documents, at)
    else:
        return no_endorsement, ""
    is_graph_signed = not endorsement.is_jwt and signs_graph(credential)
    findings = [
        check_shape(credential, is_graph_signed=is_graph_signed, expected_class=ENDORSEMENT_CREDENTIAL),
        proof.finding,
        check_issuer(credential, proof, documents),
        check_status(credential, proof.key, documents, at),
        check_validity(credential, at),
    ]
    return gravest(findings), id_of(credential.get("credentialSubject"))
