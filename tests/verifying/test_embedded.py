"""Open Badges 3.0 with an embedded proof: what makes it valid, invalid, unknown."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest

from badges.standards.signer import KeyAlgorithm
from badges.verifying.report import CheckName, Format, Outcome, Verdict
from badges.vocab.json import JsonObject
from tests.verifying.making import (
    AT,
    AWARDED,
    DID_URL,
    EMAIL,
    ISSUER,
    FreshSigner,
    Library,
    World,
    credential,
    entry,
    moment,
    outcomes,
    sign,
    sign_as,
    sign_json,
)


@pytest.fixture
def library() -> Library:
    return Library()


def test_a_sound_badge_is_valid(library: Library) -> None:
    report = library.check(library.embedded(credentialStatus=entry()), email=EMAIL)
    assert report.verdict is Verdict.VALID
    assert report.format is Format.OB3_EMBEDDED
    assert outcomes(report) == {
        "shape": "passed",
        "proof": "passed",
        "issuer": "passed",
        "refresh": "skipped",
        "status": "passed",
        "validity": "passed",
        "recipient": "passed",
        "endorsements": "skipped",
        "contents": "skipped",
    }
    assert report.view is not None
    assert report.view.name == "Evidence search skills"
    assert [document.url for document in report.documents] == [DID_URL, "https://library.example/status/1"]


@pytest.mark.parametrize(
    "change",
    [
        lambda badge: badge.update(name="Another name"),
        lambda badge: badge.update(validFrom=moment(AWARDED - timedelta(days=1))),
        lambda badge: badge["issuer"].update(name="Another library"),
        lambda badge: badge["credentialSubject"].update(id="urn:uuid:7d0a9f52-8c34-4c1e-a3d5-0f5c1b8e2a11"),
        lambda badge: badge["credentialSubject"]["achievement"].update(description="Can do anything."),
        lambda badge: badge.update(validUntil=moment(AT + timedelta(days=900))),
        lambda badge: badge["proof"][0].update(created=moment(AWARDED + timedelta(seconds=1))),
        lambda badge: badge["credentialSubject"].pop("identifier"),
    ],
)
def test_a_badge_that_was_changed_is_invalid(library: Library, change: object) -> None:
    badge = library.embedded()
    change(badge)  # type: ignore[operator]
    report = library.check(badge)
    assert report.verdict is Verdict.INVALID
    check = report.check(CheckName.PROOF)
    assert check.outcome is Outcome.FAILED
    assert str(check.message) == "This badge has been changed since it was awarded, so it cannot be trusted."
    assert report.check(CheckName.ISSUER).outcome is Outcome.SKIPPED
    assert report.check(CheckName.VALIDITY).outcome is not Outcome.SKIPPED


def test_the_proof_of_another_badge_does_not_fit(library: Library) -> None:
    badge, other = library.embedded(), library.embedded(id="https://library.example/credentials/2")
    assert library.check({**badge, "proof": other["proof"]}).check(CheckName.PROOF).outcome is Outcome.FAILED


def test_a_badge_without_a_proof_is_invalid(library: Library) -> None:
    report = library.check(credential())
    assert report.check(CheckName.PROOF).outcome is Outcome.FAILED
    assert report.verdict is Verdict.INVALID


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"proofPurpose": "authentication"}, "failed"),
        ({"created": "yesterday"}, "failed"),
        ({"created": moment(AT + timedelta(days=400))}, "failed"),
        ({"expires": moment(AT - timedelta(days=1))}, "failed"),
        ({"proofValue": "z123"}, "failed"),
        ({"proofValue": None}, "failed"),
        ({"cryptosuite": "bbs-2023"}, "unknown"),
        ({"cryptosuite": "ecdsa-sd-2023"}, "failed"),
        ({"cryptosuite": "ecdsa-rdfc-2019"}, "failed"),
        ({"cryptosuite": "eddsa-jcs-2022"}, "failed"),
        ({"cryptosuite": ["eddsa-rdfc-2022"]}, "unknown"),
        ({"type": "Ed25519Signature2018"}, "unknown"),
        ({"type": "Ed25519Signature2020"}, "failed"),
        ({"type": ["DataIntegrityProof"]}, "unknown"),
        ({"id": ["urn:x:1"]}, "failed"),
        ({"domain": {"x": 1}}, "failed"),
        ({"challenge": 7}, "failed"),
        ({"verificationMethod": "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"}, "failed"),
        ({"verificationMethod": "did:example:1#key"}, "unknown"),
        ({"verificationMethod": 7}, "failed"),
        ({"verificationMethod": "did:web:library.example#z6Mkbroken"}, "unknown"),
        ({"verificationMethod": "https://nowhere.example/issuer#z6Mkbroken"}, "failed"),
    ],
)
def test_what_a_proof_says_of_itself_counts(library: Library, change: JsonObject, outcome: str) -> None:
    badge = library.embedded()
    badge["proof"][0].update(change)
    report = library.check(badge)
    assert outcomes(report)["proof"] == outcome
    assert report.verdict is not Verdict.VALID


@pytest.mark.parametrize(
    ("options", "verdict"),
    [
        ({}, "valid"),
        ({"created": moment(AT + timedelta(minutes=5))}, "valid"),
        ({"created": moment(AT + timedelta(days=1))}, "invalid"),
        ({"expires": moment(AT + timedelta(days=1))}, "valid"),
        ({"expires": moment(AT - timedelta(days=1))}, "invalid"),
        ({"proofPurpose": "authentication"}, "invalid"),
    ],
)
def test_a_signed_proof_is_held_to_what_it_says(library: Library, options: dict[str, str], verdict: str) -> None:
    badge = sign_as(credential(), library.ed25519, library.method, **options)
    assert library.check(badge).verdict == verdict


@pytest.mark.parametrize("proof", [[], "proof", [7], {}, [[]], 1.5, [None]])
def test_what_is_no_proof_is_never_valid(library: Library, proof: object) -> None:
    assert library.check({**library.embedded(), "proof": proof}).verdict is not Verdict.VALID


def test_proofs_of_unknown_kinds_are_left_alone(library: Library) -> None:
    badge = library.embedded()
    unknown = {"type": "DataIntegrityProof", "cryptosuite": "tomorrow-2030", "proofPurpose": "assertionMethod"}
    badge["proof"].insert(0, {**unknown, "someNewWord": True})
    assert library.check(badge).verdict is Verdict.VALID
    assert outcomes(library.check({**badge, "name": "Another"}))["proof"] == "failed"
    badge["proof"].pop()
    assert outcomes(library.check(badge))["proof"] == "unknown"


@pytest.mark.parametrize(
    "options",
    [
        {"id": ["urn:x:1"]},
        {"challenge": 7},
        {"nonce": {}},
        {"domain": {"x": 1}},
        {"domain": ["https://a.example", 7]},
        {"created": "2026-12-01"},
        {"expires": None},
        {"proofPurpose": ["assertionMethod"]},
    ],
)
def test_a_signed_proof_in_another_form_than_the_standards_is_invalid(library: Library, options: JsonObject) -> None:
    """A suite that signs the JSON would cover anything (VC Data Integrity 1.0, 2.1)."""
    assert library.check(sign_json(credential(), library.ed25519, library.method)).verdict is Verdict.VALID
    badge = sign_json(credential(), library.ed25519, library.method, **options)
    assert outcomes(library.check(badge))["proof"] == "failed"


def test_one_good_proof_among_several_is_enough(library: Library) -> None:
    badge = library.embedded()
    bad = copy.deepcopy(badge["proof"][0])
    bad["created"] = moment(AWARDED + timedelta(seconds=5))
    badge["proof"].insert(0, bad)
    assert library.check(badge).verdict is Verdict.VALID


# Who signed (Open Badges 3.0, "Linked Data Proof Format"; Controlled Identifiers v1.0, 3.3).


def test_a_key_that_only_sits_in_the_fragment_leaves_the_issuer_unknown(library: Library) -> None:
    report = library.check(library.embedded(), fetcher=World())
    assert report.verdict is Verdict.UNKNOWN
    assert outcomes(report)["proof"] == "passed"
    check = report.check(CheckName.ISSUER)
    assert check.outcome is Outcome.UNKNOWN
    assert "the issuer's own document was not seen" in str(check.message)


def test_a_key_with_a_plain_name_cannot_be_checked_without_its_document() -> None:
    signer = FreshSigner(KeyAlgorithm.EDDSA)
    badge = sign(credential(), signer, f"{ISSUER}#key-1")
    report = Library().check(badge, fetcher=World())
    assert (outcomes(report)["proof"], outcomes(report)["issuer"]) == ("unknown", "unknown")
    assert "could not be checked" in str(report.check(CheckName.ISSUER).message)


def test_an_https_issuer_counts_once_its_document_lists_the_key() -> None:
    library, signer = Library(), FreshSigner(KeyAlgorithm.EDDSA)
    issuer = "https://college.example/issuer"
    method = f"{issuer}#{signer.multikey}"
    badge = sign(credential(issuer={"id": issuer, "type": ["Profile"], "name": "C"}), signer, method)
    assert library.check(badge).verdict is Verdict.UNKNOWN
    document = {
        "id": issuer,
        "verificationMethod": [
            {"id": method, "type": "Multikey", "controller": issuer, "publicKeyMultibase": signer.multikey}
        ],
        "assertionMethod": [method],
    }
    library.world.put(issuer, document)
    assert library.check(badge).verdict is Verdict.VALID
    library.world.put(issuer, {**document, "assertionMethod": []})
    assert outcomes(library.check(badge))["issuer"] == "failed"
    library.world.put(issuer, "<html>a page</html>")
    assert library.check(badge).verdict is Verdict.UNKNOWN


def test_a_key_document_of_its_own_counts_only_with_its_controller() -> None:
    library, signer = Library(), FreshSigner(KeyAlgorithm.EDDSA)
    issuer, method = "https://college.example/issuer", "https://college.example/keys/1"
    badge = sign(credential(issuer={"id": issuer, "type": ["Profile"], "name": "C"}), signer, method)
    key = {"id": method, "type": "Multikey", "controller": issuer, "publicKeyMultibase": signer.multikey}
    library.world.put(method, key)
    report = library.check(badge)
    assert (outcomes(report)["proof"], outcomes(report)["issuer"]) == ("passed", "unknown")
    library.world.put(issuer, {"id": issuer, "verificationMethod": [key], "assertionMethod": [method]})
    assert library.check(badge).verdict is Verdict.VALID
    library.world.put(issuer, {"id": issuer, "assertionMethod": []})
    assert outcomes(library.check(badge))["issuer"] == "failed"


def test_a_document_that_does_not_list_the_key_speaks_against_it(library: Library) -> None:
    stranger = FreshSigner(KeyAlgorithm.EDDSA)
    report = library.check(sign(credential(), stranger, f"{ISSUER}#{stranger.multikey}"))
    assert report.verdict is Verdict.INVALID
    assert (outcomes(report)["proof"], outcomes(report)["issuer"]) == ("passed", "failed")


@pytest.mark.parametrize("damage", ["purpose", "subject", "controller", "revoked"])
def test_a_key_that_may_not_sign_badges_speaks_against_it(library: Library, damage: str) -> None:
    document = copy.deepcopy(library.did_document)
    if damage == "purpose":
        document["authentication"] = document.pop("assertionMethod")
    elif damage == "subject":
        document["id"] = "did:web:else.example"
    elif damage == "controller":
        document["verificationMethod"][0]["controller"] = "did:web:else.example"
    else:
        document["verificationMethod"][0]["revoked"] = moment(AWARDED - timedelta(days=1))
    badge = library.embedded()
    library.world.put(DID_URL, document)
    assert outcomes(library.check(badge))["issuer"] == "failed"


def test_a_stranger_cannot_publish_a_document_in_the_issuers_name(library: Library) -> None:
    """The stranger's host answers with a document that says it is the library's and lists the stranger's key."""
    stranger = FreshSigner(KeyAlgorithm.EDDSA)
    method = f"did:web:evil.example#{stranger.multikey}"
    document = {
        "id": ISSUER,
        "verificationMethod": [
            {"id": method, "type": "Multikey", "controller": ISSUER, "publicKeyMultibase": stranger.multikey}
        ],
        "assertionMethod": [method],
    }
    library.world.put("https://evil.example/.well-known/did.json", document)
    report = library.check(sign(credential(), stranger, method))
    assert (outcomes(report)["proof"], outcomes(report)["issuer"]) == ("passed", "failed")


def test_a_key_that_ended_later_still_counts_for_older_badges(library: Library) -> None:
    document = copy.deepcopy(library.did_document)
    document["verificationMethod"][0]["expires"] = moment(AWARDED + timedelta(days=1))
    badge = library.embedded()
    library.world.put(DID_URL, document)
    assert library.check(badge).verdict is Verdict.VALID


def test_somebody_elses_key_does_not_speak_for_the_issuer(library: Library) -> None:
    stranger = FreshSigner(KeyAlgorithm.EDDSA)
    did = f"did:key:{stranger.multikey}"
    report = library.check(sign(credential(), stranger, f"{did}#{stranger.multikey}"))
    assert report.verdict is Verdict.INVALID
    assert (outcomes(report)["proof"], outcomes(report)["issuer"]) == ("passed", "failed")


@pytest.mark.parametrize("has_fragment", [True, False])
def test_did_key_needs_no_document(has_fragment: bool) -> None:
    signer, world = FreshSigner(KeyAlgorithm.EDDSA), World()
    did = f"did:key:{signer.multikey}"
    document = credential(issuer={"id": did, "type": ["Profile"], "name": "Demonstration"})
    method = f"{did}#{signer.multikey}" if has_fragment else did
    report = Library().check(sign(document, signer, method), fetcher=world)
    assert report.verdict is Verdict.VALID
    assert world.asked == []


def test_did_key_under_a_good_name_is_not_taken_for_the_organisation() -> None:
    signer = FreshSigner(KeyAlgorithm.EDDSA)
    did = f"did:key:{signer.multikey}"
    document = credential(issuer={"id": did, "type": ["Profile"], "name": "Anytown Hospitals Library"})
    report = Library().check(sign(document, signer, f"{did}#{signer.multikey}"))
    check = report.check(CheckName.ISSUER)
    assert check.outcome is Outcome.WARNING
    assert "under any name" in str(check.message)


def test_a_key_is_not_bound_to_an_issuer_without_an_address() -> None:
    signer = FreshSigner(KeyAlgorithm.EDDSA)
    issuer = {"id": "urn:uuid:6f2e33e5-7a29-4155-840a-59483ba10164", "type": ["Profile"], "name": "A"}
    report = Library().check(sign(credential(issuer=issuer), signer, f"did:key:{signer.multikey}"))
    assert outcomes(report)["issuer"] == "unknown"


# Dates (step 4) and recipient (step 5).


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"validFrom": moment(AT + timedelta(seconds=6))}, "failed"),
        ({"validFrom": moment(AT)}, "passed"),
        ({"validUntil": moment(AT - timedelta(seconds=1))}, "failed"),
        ({"validUntil": moment(AT)}, "passed"),
        ({"validUntil": moment(AT + timedelta(days=1))}, "passed"),
    ],
)
def test_a_badge_counts_within_its_dates(library: Library, changes: JsonObject, outcome: str) -> None:
    report = library.check(library.embedded(**changes))
    assert outcomes(report)["validity"] == outcome
    assert report.verdict is (Verdict.VALID if outcome == "passed" else Verdict.INVALID)


def test_an_expired_badge_says_until_when_it_counted(library: Library) -> None:
    report = library.check(library.embedded(validUntil="2026-12-02T00:00:00Z"))
    message = str(report.check(CheckName.VALIDITY).message)
    assert message == "This badge has expired: it counted until 2 December 2026."


@pytest.mark.parametrize(
    ("email", "outcome"),
    [(EMAIL, "passed"), (" Sam@Example.org ", "passed"), ("else@example.org", "failed"), ("", "failed")],
)
def test_an_email_can_be_compared(library: Library, email: str, outcome: str) -> None:
    report = library.check(library.embedded(), email=email)
    assert outcomes(report)["recipient"] == outcome
    assert email.strip() == "" or email.strip() not in str(report.check(CheckName.RECIPIENT))


def test_an_email_cannot_be_compared_with_a_badge_that_names_none(library: Library) -> None:
    subject = credential()["credentialSubject"]
    del subject["identifier"]
    report = library.check(library.embedded(credentialSubject=subject), email=EMAIL)
    assert outcomes(report)["recipient"] == "unknown"
    assert report.verdict is Verdict.UNKNOWN


# What the words mean (safe mode), and where nobody can know.


def test_an_undefined_term_is_invalid_and_named(library: Library) -> None:
    badge = library.embedded()
    badge["favouriteColour"] = "teal"
    report = library.check(badge)
    check = report.check(CheckName.SHAPE)
    assert check.outcome is Outcome.FAILED
    assert "favouriteColour" in str(check.details[0])


def test_a_context_that_we_do_not_have_is_unknown_and_named(library: Library) -> None:
    badge = library.embedded()
    badge["@context"].append("https://unknown.example/context.json")
    report = library.check(badge)
    assert report.verdict is Verdict.UNKNOWN
    assert "https://unknown.example/context.json" in str(report.check(CheckName.SHAPE).message)
    assert outcomes(report)["proof"] == "unknown"
    assert "https://unknown.example/context.json" not in library.world.asked


def test_contexts_in_another_order_are_never_valid(library: Library) -> None:
    badge = library.embedded()
    badge["@context"].reverse()
    assert library.check(badge).verdict is Verdict.INVALID


@pytest.mark.parametrize(("seconds", "verdict"), [(0, "valid"), (5, "valid"), (6, "invalid")])
def test_clocks_may_differ_by_a_moment(seconds: int, verdict: str) -> None:
    """Source: RFC 7519, 4.1.5."""
    library = Library()
    badge = library.embedded(validFrom=moment(AT + timedelta(seconds=seconds)))
    assert library.check(badge).verdict.value == verdict
