"""Endorsements of Open Badges 2.0: carried by a badge, and handed in. "Endorsement"."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from badges.standards.signer import KeyAlgorithm
from badges.verifying.checks.endorsements import MOST_ENDORSEMENTS
from badges.verifying.report import CheckName, CredentialKind, Report, Verdict
from badges.vocab.json import JsonObject
from tests.verifying.making import AT, AWARDED, FreshSigner, World, jwt_text, moment, outcomes
from tests.verifying.test_ob2 import ASSERTION, CLASS, CONTEXT, ISSUER, assertion, badge_class, check, issuer
from tests.verifying.test_ob2 import world as world  # the fixture

COLLEGE = "https://college.example/ob2"
ENDORSEMENT, ENDORSER, KEY = f"{COLLEGE}/endorsements/1", f"{COLLEGE}/issuer", f"{COLLEGE}/key"
SIGNER = FreshSigner(KeyAlgorithm.RS256, 1)


def endorsement(about: str = CLASS, **changes: Any) -> JsonObject:
    document = {
        "@context": CONTEXT,
        "type": "Endorsement",
        "id": ENDORSEMENT,
        "claim": {"id": about, "endorsementComment": "Good."},
        "issuer": ENDORSER,
        "issuedOn": moment(AWARDED),
        "verification": {"type": "HostedBadge"},
    }
    return {**document, **changes}


def endorser(**changes: Any) -> JsonObject:
    return {**issuer(id=ENDORSER, name="A college", publicKey=KEY), **changes}


@pytest.fixture
def college(world: World) -> World:
    world.put(ENDORSEMENT, endorsement())
    world.put(ENDORSER, endorser())
    key = {"@context": CONTEXT, "type": "CryptographicKey", "id": KEY, "owner": ENDORSER, "publicKeyPem": SIGNER.pem}
    world.put(KEY, key)
    return world


def endorsed(world: World, *endorsements: object) -> Report:
    world.put(CLASS, {**badge_class(), "endorsement": list(endorsements)})
    report = check(world, assertion())
    assert isinstance(report, Report)
    return report


def signed(**changes: Any) -> str:
    verification = {"type": "SignedBadge", "creator": KEY}
    return jwt_text({}, endorsement(id="urn:uuid:e1", verification=verification, **changes), SIGNER)


def test_a_sound_endorsement_is_confirmed_linked_and_embedded(college: World) -> None:
    without_context = {name: value for name, value in endorsement().items() if name != "@context"}
    for value in (ENDORSEMENT, endorsement(), without_context):
        report = endorsed(college, value)
        assert (report.verdict, outcomes(report)["endorsements"]) == (Verdict.VALID, "passed")
        (inside,) = report.inside
        assert inside.report.view is not None
        assert (inside.report.view.issuer.name, inside.report.view.comment) == ("A college", "Good.")


def test_issuer_s_own_endorsement_is_by_nobody_else(world: World) -> None:
    own = f"{ISSUER}/endorsements/1"
    world.put(own, endorsement(id=own, issuer=ISSUER))
    report = endorsed(world, own)
    assert (report.verdict, outcomes(report)["endorsements"]) == (Verdict.VALID, "warning")
    (inside,) = report.inside
    assert (inside.report.verdict, "the very one" in str(inside.doubt)) == (Verdict.VALID, True)


def test_assertion_and_issuer_may_be_endorsed_too(college: World) -> None:
    college.put(ENDORSEMENT, endorsement(ASSERTION))
    badge = assertion(endorsement=ENDORSEMENT)
    college.put(ASSERTION, badge)
    assert outcomes(check(college, badge))["endorsements"] == "passed"
    college.put(ASSERTION, assertion())
    college.put(ENDORSEMENT, endorsement(ISSUER))
    college.put(ISSUER, issuer(endorsement=[ENDORSEMENT]))
    assert outcomes(check(college, assertion()))["endorsements"] == "passed"


@pytest.mark.parametrize(
    "changes",
    [
        {"claim": {"id": "https://else.example/"}},
        {"claim": "very good"},
        {"issuedOn": moment(AT + timedelta(days=1))},
        {"type": "Assertion"},
        {"revoked": True},
        {"issuer": "https://else.example/issuer"},
        {"issuer": None},
        {"id": "https://evil.example/1"},
        {"verification": {"type": "SignedBadge", "creator": KEY}},
    ],
)
def test_a_doubtful_endorsement_is_a_warning(college: World, changes: JsonObject) -> None:
    college.put(ENDORSEMENT, endorsement(**changes))
    report = endorsed(college, ENDORSEMENT)
    assert (report.verdict, outcomes(report)["endorsements"]) == (Verdict.VALID, "warning")


@pytest.mark.parametrize("value", ["https://gone.example/", "urn:uuid:1", endorsement(issuedOn="2020-01-01T00:00:00Z")])
def test_what_cannot_be_confirmed_is_a_warning(college: World, value: object) -> None:
    report = endorsed(college, value)
    assert (report.verdict, outcomes(report)["endorsements"]) == (Verdict.VALID, "warning")


@pytest.mark.parametrize("value", ["nothing", 7, {}, [], endorsement(claim=None)])
def test_what_is_no_endorsement_is_a_fault_of_the_document_that_carries_it(college: World, value: object) -> None:
    """As for every member: VALIDATE_PROPERTY."""
    assert outcomes(endorsed(college, value))["shape"] == "failed"


def test_an_endorser_must_let_it_live_where_it_does(college: World) -> None:
    college.put(ENDORSER, endorser(verification={"startsWith": f"{COLLEGE}/others/"}))
    assert outcomes(endorsed(college, ENDORSEMENT))["endorsements"] == "warning"


def test_a_changed_signed_endorsement_is_invalid(college: World) -> None:
    head, _, signature = signed().split(".")
    body = signed(issuedOn="2020-01-01T00:00:00Z").split(".")[1]
    report = check(college, f"{head}.{body}.{signature}")
    assert (report.verdict, outcomes(report)["proof"]) == (Verdict.INVALID, "failed")


def test_many_endorsements_are_not_all_read(college: World) -> None:
    report = endorsed(college, *[ENDORSEMENT] * 30)
    assert outcomes(report)["endorsements"] == "warning"
    assert len(report.inside) == MOST_ENDORSEMENTS


def test_nothing_is_said_to_have_failed_of_a_sound_one(college: World) -> None:
    for text in (ENDORSEMENT, signed()):
        messages = [str(each.message) for each in check(college, text).checks]
        assert not [message for message in messages if "earlier check failed" in message]


def assert_no_badge_is_meant(report: Report) -> None:
    """An endorsement has no holder, and is not awarded."""
    status = report.check(CheckName.STATUS)
    assert status.outcome.value == "failed"
    assert "withdrawn it" in str(status.message)
    assert not {"badge", "holder"} & set(f"{status.message} {status.mend}".lower().split())


def test_an_endorsement_that_was_handed_in_is_verified_for_what_it_is(college: World) -> None:
    for text in (ENDORSEMENT, signed()):
        report = check(college, text, email="sam@example.org")
        assert (report.verdict, report.kind) == (Verdict.VALID, CredentialKind.ENDORSEMENT)
        assert report.view.subject_id == CLASS
        assert outcomes(report)["recipient"] == "skipped"
    college.put(ENDORSEMENT, "", 410)
    report = check(college, endorsement())
    assert (report.verdict, outcomes(report)["status"]) == (Verdict.INVALID, "failed")
    assert_no_badge_is_meant(report)
    college.put(ENDORSER, endorser(revocationList=f"{COLLEGE}/revoked"))
    college.put(f"{COLLEGE}/revoked", {"type": "RevocationList", "revokedAssertions": ["urn:uuid:e1"]})
    assert_no_badge_is_meant(check(college, signed()))


def test_an_endorsement_is_no_proof_for_a_badge(college: World) -> None:
    """At the address of a badge stands an endorsement."""
    college.put(ASSERTION, {**endorsement(), "id": ASSERTION, "issuer": ISSUER})
    assert outcomes(check(college, assertion()))["proof"] == "failed"
    report = check(college, assertion(type=["Assertion", "Endorsement"]))
    assert report.check(CheckName.PROOF).outcome.value == "failed"
