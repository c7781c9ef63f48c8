"""Open Badges 2.0, hosted and signed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from badges.standards.fetching import FetchedDocument
from badges.standards.identity import hash_identity
from badges.standards.json_text import write_json
from badges.standards.signer import KeyAlgorithm
from badges.verifying.checks.ob2_scope import is_in_scope
from badges.verifying.pipeline import verify
from badges.verifying.report import CheckName, Format, Outcome, Verdict
from badges.vocab.json import JsonObject
from tests.verifying.making import (
    AT,
    AWARDED,
    EMAIL,
    FreshSigner,
    World,
    jwt_text,
    moment,
    outcomes,
)

CONTEXT = "https://w3id.org/openbadges/v2"
HOST = "https://library.example/ob2"
ASSERTION, CLASS, ISSUER = f"{HOST}/assertions/1", f"{HOST}/classes/1", f"{HOST}/issuer"
KEY, LIST = f"{HOST}/keys/1", f"{HOST}/revocations"
SIGNER = FreshSigner(KeyAlgorithm.RS256)


def assertion(**changes: Any) -> JsonObject:
    document: JsonObject = {
        "@context": CONTEXT,
        "type": "Assertion",
        "id": ASSERTION,
        "recipient": {
            "type": "email",
            "hashed": True,
            "salt": "salt",
            "identity": hash_identity(EMAIL, "salt"),
        },
        "badge": CLASS,
        "issuedOn": moment(AWARDED),
        "verification": {"type": "HostedBadge"},
    }
    document.update(changes)
    return {name: value for name, value in document.items() if value is not None}


def badge_class() -> JsonObject:
    return {
        "@context": CONTEXT,
        "type": "BadgeClass",
        "id": CLASS,
        "name": "Evidence search skills",
        "description": "Can find evidence.",
        "image": f"{HOST}/1.png",
        "criteria": {"narrative": "Found and judged evidence."},
        "issuer": ISSUER,
    }


def issuer(**changes: Any) -> JsonObject:
    document = {
        "@context": CONTEXT,
        "type": "Issuer",
        "id": ISSUER,
        "name": "Anytown Hospitals Library",
        "url": "https://library.example/",
        "email": "library@library.example",
        "publicKey": KEY,
    }
    return {**document, **changes}


def key(**changes: Any) -> JsonObject:
    document = {"@context": CONTEXT, "type": "CryptographicKey", "id": KEY, "owner": ISSUER}
    return {**document, "publicKeyPem": SIGNER.pem, **changes}


@pytest.fixture
def world() -> World:
    world = World()
    world.put(ASSERTION, assertion())
    world.put(CLASS, badge_class())
    world.put(ISSUER, issuer())
    world.put(KEY, key())
    return world


def check(world: World, badge: JsonObject | str, **options: Any) -> Any:
    text = badge if isinstance(badge, str) else write_json(badge)
    return verify(text, **{"fetcher": world, "at": AT, **options})


def signed(**changes: Any) -> JsonObject:
    verification = {"type": "SignedBadge", "creator": KEY}
    return assertion(**{"id": "urn:uuid:7d0a9f52", "verification": verification, **changes})


def jws(document: JsonObject | None = None, signer: FreshSigner = SIGNER) -> str:
    return jwt_text({}, document or signed(), signer)


# Hosted ("HostedBadge Verification").


def test_a_sound_hosted_badge_is_valid(world: World) -> None:
    report = check(world, assertion(), email=EMAIL)
    assert (report.verdict, report.format) == (Verdict.VALID, Format.OB2_HOSTED)
    assert report.view.issuer.name == "Anytown Hospitals Library"
    assert set(outcomes(report).values()) == {"passed", "skipped"}


def test_a_hosted_badge_that_was_not_seen_is_unknown(world: World) -> None:
    report = check(world, assertion(), fetcher=World())
    assert report.verdict is Verdict.UNKNOWN
    found = outcomes(report)
    assert (found["proof"], found["issuer"], found["status"]) == ("unknown", "unknown", "unknown")
    for answer, code in (("", 500), ("<html>", 200), ("", 403)):
        world.put(ASSERTION, answer, code)
        assert check(world, assertion()).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    "changes",
    [
        {"recipient": {"type": "email", "hashed": False, "identity": "else@example.org"}},
        {"issuedOn": "2020-01-01T00:00:00Z"},
        {"expires": "2099-01-01T00:00:00Z"},
        {"evidence": "https://evil.example/"},
        {"badge": f"{HOST}/classes/2"},
        {"badge": {**badge_class(), "id": f"{HOST}/classes/2"}},
    ],
)
def test_a_copy_that_says_something_else_is_invalid(world: World, changes: JsonObject) -> None:
    report = check(world, assertion(**changes))
    assert (report.verdict, outcomes(report)["proof"]) == (Verdict.INVALID, "failed")


def test_a_copy_that_says_less_is_judged_by_what_its_address_says(world: World) -> None:
    world.put(ASSERTION, assertion(expires=moment(AT - timedelta(days=1))))
    report = check(world, assertion())
    assert (outcomes(report)["proof"], outcomes(report)["validity"]) == ("warning", "failed")


def test_a_copy_with_its_badge_class_inside_is_the_same_badge(world: World) -> None:
    assert check(world, assertion(badge=badge_class())).verdict is Verdict.VALID
    world.put(ASSERTION, assertion(badge=badge_class()))
    assert check(world, assertion()).verdict is Verdict.VALID


def test_a_badge_in_other_names_for_the_same_thing_is_valid(world: World) -> None:
    """The context makes `verify` the same as `verification`, and `@id`, `@type` the same as `id`, `type`."""
    names = {"id": "@id", "type": "@type", "verification": "verify"}
    for place, document in ((ASSERTION, assertion()), (CLASS, badge_class()), (ISSUER, issuer())):
        world.put(place, {names.get(name, name): value for name, value in document.items()})
    assert check(world, ASSERTION).verdict is Verdict.VALID
    assert check(world, assertion()).verdict is Verdict.VALID


def test_a_badge_that_has_moved_is_valid_with_a_warning(world: World) -> None:
    """The id and the final address differ: a warning in the official validators."""
    moved = FetchedDocument(f"{HOST}/moved/1", 200, "application/json", write_json(assertion()).encode())
    world.documents[ASSERTION] = moved
    report = check(world, assertion())
    assert (report.verdict, outcomes(report)["proof"]) == (Verdict.VALID, "warning")
    assert f"{HOST}/moved/1" in str(report.check(CheckName.PROOF).details)


def test_a_badge_as_learning_platforms_write_it_is_valid(world: World) -> None:
    """Everything in one document, `verify` with its address, nulls and empty lists for what is not there."""
    whole = {**badge_class(), "tags": [], "alignment": None, "issuer": issuer(), "version": ""}
    verify_at = {"type": "hosted", "url": ASSERTION}
    badge = assertion(badge=whole, verification=None, verify=verify_at) | {"expires": None, "evidence": []}
    world.put(ASSERTION, badge)
    for submitted in (ASSERTION, write_json(badge)):
        report = check(world, submitted, email=EMAIL)
        assert (report.verdict, set(outcomes(report).values())) == (Verdict.VALID, {"passed", "skipped"})


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"@context": CONTEXT, "type": "Assertion", "id": ASSERTION, "revoked": True}, 410),
        ({"@context": CONTEXT, "type": "Assertion", "id": ASSERTION, "revoked": True}, 200),
        ("", 410),
    ],
)
def test_a_withdrawn_hosted_badge_is_invalid(world: World, answer: JsonObject | str, code: int) -> None:
    world.put(ASSERTION, answer, code)
    report = check(world, assertion())
    assert report.verdict is Verdict.INVALID
    assert "withdrawn" in str(report.check(CheckName.STATUS).message)


def test_the_dates_of_a_withdrawn_badge_are_those_of_the_copy(world: World) -> None:
    world.put(ASSERTION, "", 410)
    expired = assertion(expires=moment(AT - timedelta(days=1)))
    assert outcomes(check(world, expired))["validity"] == "failed"
    assert outcomes(check(world, assertion()))["validity"] == "passed"
    world.put(ASSERTION, {"@context": CONTEXT, "type": "Assertion", "id": ASSERTION, "revoked": True}, 410)
    assert outcomes(check(world, ASSERTION))["validity"] == "skipped"


def test_a_withdrawn_hosted_badge_is_invalid_by_its_link_too(world: World) -> None:
    world.put(ASSERTION, {"@context": CONTEXT, "type": "Assertion", "id": ASSERTION, "revoked": True}, 410)
    report = check(world, ASSERTION)
    assert (report.verdict, outcomes(report)["status"]) == (Verdict.INVALID, "failed")


def test_a_badge_that_its_address_does_not_know_is_invalid(world: World) -> None:
    world.put(ASSERTION, "", 404)
    assert check(world, assertion()).verdict is Verdict.INVALID


def test_an_address_that_holds_another_badge_is_invalid(world: World) -> None:
    world.put(ASSERTION, assertion(id=f"{HOST}/assertions/2"))
    assert outcomes(check(world, assertion()))["proof"] == "failed"


def test_a_hosted_badge_without_a_web_address_is_invalid(world: World) -> None:
    assert outcomes(check(world, assertion(id="urn:uuid:1")))["proof"] == "failed"


def test_a_badge_on_another_host_than_its_issuer_is_invalid(world: World) -> None:
    """A forger hosts an assertion, and inside it a profile of the library that allows the forger's host."""
    url = "https://evil.example/assertions/1"
    rules = {"startsWith": "https://evil.example/", "allowedOrigins": ["evil.example"]}
    forged = assertion(id=url, badge={**badge_class(), "issuer": issuer(verification=rules)})
    world.put(url, forged)
    report = check(world, forged)
    assert (report.verdict, outcomes(report)["issuer"]) == (Verdict.INVALID, "failed")
    del world.documents[ISSUER]
    assert check(world, forged).verdict is Verdict.UNKNOWN


def test_the_profile_of_another_host_in_the_issuers_place_is_invalid(world: World) -> None:
    world.put(ISSUER, issuer(id="https://else.example/issuer"))
    assert outcomes(check(world, assertion()))["issuer"] == "failed"
    world.put(ISSUER, issuer(id=f"{HOST}/the-issuer"))
    assert outcomes(check(world, assertion()))["issuer"] == "warning"


@pytest.mark.parametrize("url", [CLASS, ISSUER])
def test_a_link_that_was_not_seen_is_unknown(world: World, url: str) -> None:
    del world.documents[url]
    report = check(world, assertion())
    assert (report.verdict, outcomes(report)["issuer"]) == (Verdict.UNKNOWN, "unknown")


@pytest.mark.parametrize(
    ("rules", "url", "fits"),
    [
        ({}, "https://a.example/1", True),
        ({}, "http://a.example/1", True),
        ({}, "https://a.example:8443/1", False),
        ({}, "https://b.example/1", False),
        ({}, "https://a.example.b.example/1", False),
        ({}, "https://user@a.example/1", False),
        ({}, "urn:uuid:1", False),
        ({"startsWith": "https://b.example/x/"}, "https://b.example/x/1", True),
        ({"startsWith": ["https://c.example/", "https://b.example/x/"]}, "https://b.example/x/1", True),
        ({"startsWith": "https://b.example/x/"}, "https://b.example/y/1", False),
        ({"startsWith": "https://b.example/x/"}, "https://b.example/x/../y/1", False),
        ({"startsWith": "https://b.example/x/"}, "https://b.example/x/%2e%2E/y/1", False),
        ({"startsWith": "https://b.example"}, "https://b.example.evil.example/1", False),
        ({"startsWith": "https://b.example/"}, "https://a.example/1", False),
        ({"allowedOrigins": ["b.example"]}, "https://b.example/1", True),
        ({"allowedOrigins": "b.example"}, "https://a.example/1", False),
        ({"allowedOrigins": ["b.example"], "startsWith": "https://b.example/x"}, "https://b.example/y", False),
        ({"allowedOrigins": [7], "startsWith": None}, "https://a.example/1", False),
    ],
)
def test_the_scope_of_an_issuer(rules: JsonObject, url: str, fits: bool) -> None:
    profile = {"id": "https://a.example/issuer", "verification": rules}
    assert is_in_scope(url, profile, "https://a.example/issuer") is fits


# Signed ("SignedBadge Verification").


def test_a_sound_signed_badge_is_valid(world: World) -> None:
    report = check(world, jws(), email=EMAIL)
    assert (report.verdict, report.format) == (Verdict.VALID, Format.OB2_SIGNED)


def test_a_signed_badge_that_was_changed_is_invalid(world: World) -> None:
    parts = jws().split(".")
    parts[1] = jws(signed(issuedOn="2020-01-01T00:00:00Z")).split(".")[1]
    report = check(world, ".".join(parts))
    assert (report.verdict, outcomes(report)["proof"]) == (Verdict.INVALID, "failed")


def test_a_signed_badge_without_its_signature_is_invalid(world: World) -> None:
    report = check(world, signed())
    assert (report.format, outcomes(report)["proof"]) == (Format.OB2_SIGNED, "failed")


def test_a_signed_badge_whose_documents_were_not_seen_is_unknown(world: World) -> None:
    report = check(world, jws(), fetcher=World())
    found = outcomes(report)
    assert report.verdict is Verdict.UNKNOWN
    assert (found["proof"], found["issuer"], found["status"]) == ("unknown", "unknown", "unknown")


def test_another_key_is_invalid(world: World) -> None:
    stranger = FreshSigner(KeyAlgorithm.RS256, 1)
    assert outcomes(check(world, jws(signer=stranger)))["proof"] == "failed"
    elsewhere = "https://evil.example/key"
    world.put(elsewhere, key(id=elsewhere, publicKeyPem=stranger.pem))
    document = signed(verification={"type": "SignedBadge", "creator": elsewhere})
    report = check(world, jws(document, stranger))
    assert (outcomes(report)["proof"], outcomes(report)["issuer"]) == ("passed", "failed")


def test_key_and_issuer_must_name_each_other(world: World) -> None:
    world.put(KEY, key(owner="https://else.example/issuer"))
    assert outcomes(check(world, jws()))["issuer"] == "failed"
    world.put(KEY, key())
    world.put(ISSUER, issuer(publicKey=[f"{HOST}/keys/2"]))
    assert outcomes(check(world, jws()))["issuer"] == "failed"
    world.put(ISSUER, issuer(publicKey=[f"{HOST}/keys/2", KEY]))
    assert outcomes(check(world, jws()))["issuer"] == "passed"


@pytest.mark.parametrize("pem", ["", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", 7, None])
def test_a_key_that_is_none_is_invalid(world: World, pem: object) -> None:
    world.put(KEY, key(publicKeyPem=pem))
    assert outcomes(check(world, jws()))["proof"] == "failed"


def test_a_key_inside_the_profile_is_used(world: World) -> None:
    del world.documents[KEY]
    world.put(ISSUER, issuer(publicKey=key()))
    assert check(world, jws()).verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("entries", "outcome"),
    [
        ([], "passed"),
        (["urn:uuid:else"], "passed"),
        (["urn:uuid:7d0a9f52"], "failed"),
        ([{"id": "urn:uuid:7d0a9f52", "revocationReason": "mistake"}], "failed"),
        ([{"id": "urn:uuid:7d0a9f52", "revoked": False}], "passed"),
        ([{"uid": "12"}], "failed"),
        ([None, 7, {}], "passed"),
    ],
)
def test_the_list_of_withdrawn_badges_counts(world: World, entries: list[object], outcome: str) -> None:
    world.put(ISSUER, issuer(revocationList=LIST))
    badge = jws(signed(uid="12"))
    assert outcomes(check(world, badge))["status"] == "unknown"
    world.put(LIST, {"@context": CONTEXT, "type": "RevocationList", "id": LIST, "revokedAssertions": entries})
    assert outcomes(check(world, badge))["status"] == outcome


def test_the_reason_of_a_withdrawal_is_told(world: World) -> None:
    world.put(ISSUER, issuer(revocationList=LIST))
    line = {"id": "urn:uuid:7d0a9f52", "revocationReason": "Awarded\nby mistake."}
    world.put(LIST, {"@context": CONTEXT, "type": "RevocationList", "id": LIST, "revokedAssertions": [line]})
    assert "“Awarded by mistake.”" in str(check(world, jws()).check(CheckName.STATUS).message)


# Both.


@pytest.mark.parametrize(
    "badge", [assertion(), jws(), badge_class(), issuer()], ids=["hosted", "signed", "class", "issuer"]
)
def test_nothing_is_said_to_have_failed_where_nothing_did(world: World, badge: JsonObject | str) -> None:
    report = check(world, badge)
    assert Outcome.FAILED not in {each.outcome for each in report.checks}
    assert not [each.name for each in report.checks if "earlier check failed" in str(each.message)]


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"issuedOn": moment(AT + timedelta(days=1))}, "failed"),
        ({"expires": moment(AT - timedelta(days=1))}, "failed"),
        ({"expires": moment(AT + timedelta(days=1))}, "passed"),
        ({"issuedOn": "2026-12-01T09:00Z"}, "passed"),
    ],
)
def test_the_dates_count(world: World, changes: JsonObject, outcome: str) -> None:
    assert outcomes(check(world, jws(signed(**changes))))["validity"] == outcome


def test_a_recipient_who_is_somebody_else(world: World) -> None:
    assert outcomes(check(world, jws(), email="else@example.org"))["recipient"] == "failed"
    anonymous = jws(signed(recipient={"type": "id", "hashed": False, "identity": "urn:uuid:9"}))
    assert check(world, anonymous, email=EMAIL).check(CheckName.RECIPIENT).outcome is Outcome.UNKNOWN
