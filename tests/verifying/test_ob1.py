"""Badges of Open Badges 0.5, 1.0 and 1.1, hosted and signed."""

from __future__ import annotations

from typing import Any

import pytest

from badges.standards.baking.png import bake_png
from badges.standards.baking.svg import bake_svg
from badges.standards.fetching import FetchedDocument
from badges.standards.identity import hash_identity
from badges.standards.json_text import write_json
from badges.standards.signer import KeyAlgorithm
from badges.verifying.pipeline import verify
from badges.verifying.report import CheckName, Format, Report, Verdict
from badges.vocab.json import JsonObject
from badges.vocab.view import BadgeVersion
from tests.verifying.making import AT, EMAIL, FreshSigner, World, jwt_text, outcomes
from tests.verifying.test_intake import SVG, png

V1 = "https://w3id.org/openbadges/v1"
HOST = "https://library.example/ob1"
ASSERTION, CLASS, ISSUER = f"{HOST}/assertions/1", f"{HOST}/classes/1", f"{HOST}/issuer"
KEY, LIST = f"{HOST}/key.pem", f"{HOST}/revocations"
SIGNER = FreshSigner(KeyAlgorithm.RS256)
PASSED = {"passed", "skipped"}


def changed(document: JsonObject, changes: JsonObject) -> JsonObject:
    return {name: value for name, value in {**document, **changes}.items() if value is not None}


def assertion(**changes: Any) -> JsonObject:
    """An assertion of 1.0."""
    document: JsonObject = {
        "uid": "qp8g1s",
        "recipient": {"type": "email", "hashed": True, "salt": "salt", "identity": hash_identity(EMAIL, "salt")},
        "badge": CLASS,
        "issuedOn": 1764579600,
        "verify": {"type": "hosted", "url": ASSERTION},
    }
    return changed(document, changes)


def badge_class(**changes: Any) -> JsonObject:
    document = {
        "name": "Evidence search skills",
        "description": "Can find evidence.",
        "image": f"{HOST}/1.png",
        "criteria": f"{HOST}/criteria",
        "issuer": ISSUER,
    }
    return changed(document, changes)


def issuer(**changes: Any) -> JsonObject:
    return changed({"name": "Anytown Hospitals Library", "url": "https://library.example/"}, changes)


def typed(document: JsonObject, class_name: str, url: str) -> JsonObject:
    """The same in 1.1."""
    return {"@context": V1, "type": class_name, "id": url, **document}


def oldest(**changes: Any) -> JsonObject:
    """An assertion of 0.5."""
    document = {
        "recipient": hash_identity(EMAIL, "salt"),
        "salt": "salt",
        "issued_on": "2011-06-01",
        "badge": {
            "version": "0.5.0",
            "name": "Evidence search skills",
            "image": "/1.png",
            "description": "Can find evidence.",
            "criteria": "/criteria",
            "issuer": {"origin": "https://library.example", "name": "Anytown Hospitals Library"},
        },
    }
    return changed(document, changes)


@pytest.fixture
def world() -> World:
    world = World()
    world.put(ASSERTION, assertion())
    world.put(CLASS, badge_class())
    world.put(ISSUER, issuer())
    world.put(KEY, SIGNER.pem)
    return world


def check(world: World, badge: JsonObject | str | bytes, **options: Any) -> Report:
    submitted = write_json(badge) if isinstance(badge, dict) else badge
    return verify(submitted, **{"fetcher": world, "at": AT, **options})


def jws(document: JsonObject | None = None, signer: FreshSigner = SIGNER) -> str:
    signed = assertion(verify={"type": "signed", "url": KEY})
    return jwt_text({}, document or signed, signer)


# Hosted.


def test_a_sound_badge_of_1_0_is_valid(world: World) -> None:
    report = check(world, assertion(), email=EMAIL)
    assert (report.verdict, report.format) == (Verdict.VALID, Format.OB1_HOSTED)
    assert set(outcomes(report).values()) == PASSED
    assert report.view is not None
    assert (report.view.version, report.view.name) == (BadgeVersion.OB1_0, "Evidence search skills")
    assert (report.view.issuer.id, report.view.issuer.name) == (ISSUER, "Anytown Hospitals Library")
    assert EMAIL not in repr(report)


def test_a_sound_badge_of_1_1_is_valid(world: World) -> None:
    badge = typed(assertion(), "Assertion", ASSERTION)
    world.put(ASSERTION, badge)
    world.put(CLASS, typed(badge_class(), "BadgeClass", CLASS))
    world.put(ISSUER, typed(issuer(), "IssuerOrg", ISSUER))
    report = check(world, badge, email=EMAIL)
    assert (report.verdict, set(outcomes(report).values())) == (Verdict.VALID, PASSED)
    assert report.view is not None
    assert report.view.version is BadgeVersion.OB1_1


def test_a_badge_of_0_5_is_valid_by_its_link_and_by_the_picture_that_holds_the_link(world: World) -> None:
    """Its address is nowhere in it. Baking Specification 1.0: the text may be the address."""
    world.put(ASSERTION, oldest())
    picture = bake_png(png(), assertion=ASSERTION)
    legacy = picture.replace(b"iTXt", b"tEXt").replace(b"openbadges\0\0\0\0\0", b"openbadges\0")
    assert legacy != picture
    drawing = bake_svg(SVG, assertion=ASSERTION).encode()
    for badge in (ASSERTION, picture, drawing):
        report = check(world, badge, email=EMAIL)
        assert (report.verdict, report.format) == (Verdict.VALID, Format.OB0_5_HOSTED)
        assert set(outcomes(report).values()) == PASSED
        assert report.view is not None
        assert report.view.image is not None
        assert report.view.image.url == "https://library.example/1.png"


def test_a_badge_of_0_5_without_its_link_is_unknown(world: World) -> None:
    report = check(world, oldest())
    found = outcomes(report)
    assert (report.verdict, found["shape"], found["proof"], found["issuer"]) == (
        Verdict.UNKNOWN,
        "passed",
        "unknown",
        "unknown",
    )
    assert "link" in str(report.check(CheckName.PROOF).mend)


def test_a_badge_of_0_5_need_not_say_when_it_was_awarded(world: World) -> None:
    """0.5: `issued_on` is optional."""
    world.put(ASSERTION, oldest(issued_on=None, recipient=EMAIL, salt=None))
    report = check(world, ASSERTION, email=EMAIL)
    assert (report.verdict, outcomes(report)["validity"]) == (Verdict.VALID, "warning")
    world.put(ASSERTION, oldest(issued_on=None, expires="2012-01-01"))
    assert outcomes(check(world, ASSERTION))["validity"] == "failed"


def test_an_old_badge_on_another_host_than_its_issuer_is_invalid(world: World) -> None:
    """0.5: the origin is that of the assertion, and nothing inside the badge can widen it."""
    url = "https://evil.example/1"
    rules = {"startsWith": "https://evil.example/", "allowedOrigins": ["evil.example"]}
    for name in ("verification", "verify"):
        forged = oldest()
        forged["badge"]["issuer"][name] = rules
        forged["badge"]["issuer"]["id"] = url
        world.put(url, forged)
        report = check(world, url)
        assert (report.verdict, outcomes(report)["issuer"]) == (Verdict.INVALID, "failed")
    linked = assertion(verify={"type": "hosted", "url": url})
    world.put(url, linked)
    assert outcomes(check(world, linked))["issuer"] == "failed"


@pytest.mark.parametrize(
    "changes",
    [
        {"recipient": {"type": "email", "hashed": False, "identity": "else@example.org"}},
        {"issuedOn": "2012-01-01"},
        {"expires": "2099-01-01"},
        {"badge": f"{HOST}/classes/2"},
        {"uid": "2"},
    ],
)
def test_a_copy_that_says_something_else_is_invalid(world: World, changes: JsonObject) -> None:
    assert outcomes(check(world, assertion(**changes)))["proof"] == "failed"


def test_a_copy_with_the_date_in_another_spelling_is_the_same(world: World) -> None:
    assert check(world, assertion(issuedOn="2025-12-01T09:00:00Z")).verdict is Verdict.VALID


@pytest.mark.parametrize("answer", ["", {"revoked": True}, {"revoked": True, "revocationReason": "mistake"}])
def test_a_withdrawn_badge_is_invalid(world: World, answer: JsonObject | str) -> None:
    """1.0, "Revocation": the address of a hosted badge answers 410 Gone."""
    world.put(ASSERTION, answer, 410)
    report = check(world, assertion())
    assert (report.verdict, outcomes(report)["status"]) == (Verdict.INVALID, "failed")


@pytest.mark.parametrize(
    ("changes", "name", "outcome"),
    [
        ({"recipient": EMAIL}, "shape", "failed"),
        ({"recipient": None}, "shape", "failed"),
        ({"verify": {"type": "hosted"}}, "proof", "failed"),
        ({"verify": {"type": "hosted", "url": 7}}, "proof", "failed"),
        ({"verify": None, "id": ASSERTION}, "shape", "failed"),
        ({"verify": "hosted"}, "shape", "failed"),
        ({"verify": {"type": "charm", "url": ASSERTION}}, "shape", "failed"),
        ({"badge": 7}, "shape", "failed"),
        ({"badge": {}}, "shape", "failed"),
        ({"issuedOn": "yesterday"}, "validity", "failed"),
        ({"expires": 1322697600}, "validity", "failed"),
        ({"uid": None}, "shape", "warning"),
        ({"image": "data:image/png;base64,AAAA"}, "shape", "passed"),
    ],
)
def test_what_is_wrong_with_an_old_badge_is_found(world: World, changes: JsonObject, name: str, outcome: str) -> None:
    badge = assertion(**changes)
    world.put(ASSERTION, badge)
    assert outcomes(check(world, badge))[name] == outcome


def test_an_old_badge_may_lead_to_newer_documents_and_a_new_one_to_older(world: World) -> None:
    v2 = "https://w3id.org/openbadges/v2"
    profile = {"@context": v2, "type": "Issuer", "id": ISSUER, **issuer(email="l@library.example")}
    world.put(ISSUER, profile)
    assert check(world, assertion()).verdict is Verdict.VALID
    newer = {
        "@context": v2,
        "type": "Assertion",
        "id": ASSERTION,
        **assertion(verify=None, issuedOn="2025-12-01T09:00:00Z"),
    }
    newer["verification"] = {"type": "hosted"}
    world.put(ASSERTION, newer)
    report = check(world, newer)
    assert (report.verdict, report.format) == (Verdict.VALID, Format.OB2_HOSTED)


def test_an_issuer_that_was_not_seen_is_unknown(world: World) -> None:
    for url in (CLASS, ISSUER):
        del world.documents[url]
        report = check(world, assertion())
        assert (report.verdict, outcomes(report)["issuer"]) == (Verdict.UNKNOWN, "unknown")


# Signed.


def test_a_sound_signed_badge_is_valid(world: World) -> None:
    for badge in (jws(), bake_png(png(), assertion=jws())):
        report = check(world, badge, email=EMAIL)
        assert (report.verdict, report.format) == (Verdict.VALID, Format.OB1_SIGNED)
        assert set(outcomes(report).values()) == PASSED


def test_the_key_may_stand_in_a_key_document(world: World) -> None:
    world.put(KEY, {"publicKeyPem": SIGNER.pem})
    assert check(world, jws()).verdict is Verdict.VALID


def test_a_changed_signed_badge_is_invalid(world: World) -> None:
    head, _, signature = jws().split(".")
    other = jws(assertion(verify={"type": "signed", "url": KEY}, uid="2")).split(".")[1]
    assert outcomes(check(world, f"{head}.{other}.{signature}"))["proof"] == "failed"
    assert outcomes(check(world, assertion(verify={"type": "signed", "url": KEY})))["proof"] == "failed"


def test_a_key_on_another_host_is_not_the_issuers(world: World) -> None:
    stranger, url = FreshSigner(KeyAlgorithm.RS256, 1), "https://evil.example/key.pem"
    world.put(url, stranger.pem)
    report = check(world, jws(assertion(verify={"type": "signed", "url": url}), stranger))
    assert (outcomes(report)["proof"], outcomes(report)["issuer"]) == ("passed", "failed")


def test_an_issuer_that_names_its_keys_has_signed_with_one_of_them(world: World) -> None:
    """Else whoever can put a file on its host could sign in the old way."""
    world.put(ISSUER, issuer(publicKey=f"{HOST}/keys/1"))
    assert outcomes(check(world, jws()))["issuer"] == "failed"
    world.put(ISSUER, issuer(publicKey=[f"{HOST}/keys/1", KEY]))
    assert outcomes(check(world, jws()))["issuer"] == "passed"


@pytest.mark.parametrize("text", ["", "{", "{}", '{"publicKeyPem": 7}', "no key", "<html>"])
def test_a_key_that_is_none_is_invalid(world: World, text: str) -> None:
    world.put(KEY, text)
    assert outcomes(check(world, jws()))["proof"] == "failed"


def test_a_key_that_was_not_seen_is_unknown(world: World) -> None:
    for url in (KEY, "urn:key"):
        world.documents.pop(url, None)
        report = check(world, jws(assertion(verify={"type": "signed", "url": url})))
        assert (report.verdict, outcomes(report)["proof"]) == (Verdict.UNKNOWN, "unknown")


def test_the_profile_of_another_host_in_the_issuers_place_is_invalid(world: World) -> None:
    world.put(ISSUER, typed(issuer(), "Issuer", "https://else.example/issuer"))
    assert outcomes(check(world, jws()))["issuer"] == "failed"
    world.put(ISSUER, typed(issuer(), "Issuer", f"{HOST}/the-issuer"))
    assert outcomes(check(world, jws()))["issuer"] == "warning"


def test_a_key_that_is_no_text_is_unknown(world: World) -> None:
    world.documents[KEY] = FetchedDocument(KEY, 200, "text/plain", b"\xff\xfe\xfd")
    assert outcomes(check(world, jws()))["proof"] == "unknown"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({}, "passed"),
        ({"other": "mistake"}, "passed"),
        ({"qp8g1s": "mistake"}, "failed"),
        ({"qp8g1s": None}, "failed"),
        ({"type": "RevocationList"}, "unknown"),
        ({"@context": V1, "type": "RevocationList", "revokedAssertions": [{"uid": "qp8g1s"}]}, "failed"),
        ("[]", "unknown"),
        ("", "unknown"),
    ],
)
def test_the_old_list_of_withdrawn_badges_counts(world: World, answer: JsonObject | str, outcome: str) -> None:
    """1.1, "Revocation": an object, each member the `uid` of a withdrawn badge and the reason."""
    world.put(ISSUER, issuer(revocationList=LIST))
    assert outcomes(check(world, jws()))["status"] == "unknown"
    world.put(LIST, answer)
    report = check(world, jws())
    assert outcomes(report)["status"] == outcome
    assert ("“mistake”" in str(report.check(CheckName.STATUS).message)) is (answer == {"qp8g1s": "mistake"})


@pytest.mark.parametrize(
    ("recipient", "email", "outcome"),
    [
        ({"type": "email", "hashed": False, "identity": "Sam@Example.org "}, EMAIL, "passed"),
        ({"type": ["email"], "hashed": False, "identity": EMAIL}, EMAIL, "passed"),
        ({"type": "email", "hashed": True, "identity": "md5$5ffd0f0c5e6e5c3c3f0cbbbd8b2c7a3a"}, EMAIL, "failed"),
        (
            {"type": "email", "hashed": True, "identity": hash_identity("Sam@Example.org", "")},
            "Sam@Example.org",
            "passed",
        ),
        ({"type": "email", "hashed": True, "identity": hash_identity(EMAIL, "").upper()}, EMAIL, "passed"),
    ],
)
def test_an_old_recipient_is_compared(world: World, recipient: JsonObject, email: str, outcome: str) -> None:
    badge = assertion(recipient=recipient, verify={"type": "signed", "url": KEY})
    report = check(world, jws(badge), email=email)
    assert outcomes(report)["recipient"] == outcome
    assert recipient["identity"] == EMAIL or email not in repr(report.checks)
