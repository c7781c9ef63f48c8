"""Open Badges 2.0 documents: the same award for readers of the older version."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from badges.errors import StandardsError
from badges.standards.jsonld.expansion import expand_safely
from badges.standards.ob2.documents import (
    RevokedAssertion,
    assertion_document,
    badge_class_document,
    issuer_document,
    key_document,
    revocation_list_document,
    revoked_assertion_document,
    signed_assertion_document,
)
from badges.standards.ob2.model import check_shape
from badges.standards.ob3.documents import credential_document
from badges.vocab.award import Award
from badges.vocab.image import Image
from badges.vocab.json import JsonObject
from tests.standards.samples import (
    ACHIEVEMENT,
    AWARD_ID,
    AWARDS,
    EMAIL,
    FULL_AWARD,
    HOST,
    ISSUER,
    PLAIN_AWARD,
    SUBJECT_ID,
)

KEY_URL = f"{HOST}/ob2/keys/k1"
LIST_URL = f"{HOST}/ob2/revocations/north"
PEM = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"
DECOYS = [RevokedAssertion("urn:uuid:00000000-0000-4000-8000-000000000001", "mistake"),
          RevokedAssertion("urn:uuid:00000000-0000-4000-8000-000000000002", "twice")]  # fmt: skip
awards = pytest.mark.parametrize("award", AWARDS.values(), ids=AWARDS.keys())


def every_document(award: Award) -> list[tuple[str, JsonObject]]:
    return [
        ("Assertion", assertion_document(award)),
        ("Assertion", assertion_document(award, "mistake")),
        ("Assertion", signed_assertion_document(award, KEY_URL)),
        ("BadgeClass", badge_class_document(award.achievement, award.issuer)),
        ("Profile", issuer_document(award.issuer, [KEY_URL], LIST_URL)),
        ("CryptographicKey", key_document(KEY_URL, award.issuer.ob2_url, PEM)),
        ("RevocationList", revocation_list_document(LIST_URL, award.issuer.ob2_url, [], DECOYS)),
    ]


@awards
def test_documents_have_no_shape_problem_and_no_undefined_term(award: Award) -> None:
    """The recipient type `id` is a recommended one, but its context turns it into a JSON-LD keyword."""
    for class_name, document in every_document(award):
        assert check_shape(document, class_name) == []
        if document.get("recipient", {}).get("type") != "id":
            assert expand_safely(document)
        assert EMAIL not in json.dumps(document)


def test_hosted_assertion_is_at_its_address() -> None:
    document = assertion_document(FULL_AWARD)

    assert document["id"] == FULL_AWARD.ob2_assertion_url
    assert document["verification"] == {"type": "HostedBadge"}
    assert document["badge"] == ACHIEVEMENT.ob2_url
    assert (document["issuedOn"], document["expires"]) == ("2026-11-22T09:30:00Z", "2029-11-22T09:30:00Z")


def test_signed_assertion_names_its_key() -> None:
    document = signed_assertion_document(FULL_AWARD, KEY_URL)

    assert document["id"] == f"urn:uuid:{AWARD_ID}"
    assert document["verification"] == {"type": "SignedBadge", "creator": KEY_URL}


def test_recipient_is_hashed_as_in_version_3() -> None:
    older = assertion_document(FULL_AWARD)["recipient"]
    newer = credential_document(FULL_AWARD)["credentialSubject"]["identifier"][0]

    assert older == {"type": "email", "hashed": True, "identity": newer["identityHash"], "salt": newer["salt"]}


def test_recipient_without_email_is_the_anonymous_subject() -> None:
    assert assertion_document(PLAIN_AWARD)["recipient"] == {"type": "id", "hashed": False, "identity": SUBJECT_ID}


def test_badge_class_has_the_caption_and_the_newer_achievement() -> None:
    document = badge_class_document(ACHIEVEMENT, ISSUER)

    assert document["image"] == {"type": "Image", "id": ACHIEVEMENT.image.url, "caption": "A magnifying glass"}
    assert document["related"][0]["id"] == ACHIEVEMENT.id
    assert document["alignment"][0]["type"] == "AlignmentObject"
    assert badge_class_document(replace(ACHIEVEMENT, image=Image("https://i")), ISSUER)["image"] == "https://i"


def test_issuer_names_its_key_and_the_newer_profile_by_web_address() -> None:
    document = issuer_document(ISSUER, [KEY_URL], LIST_URL)

    assert document["publicKey"] == KEY_URL
    assert document["verification"]["startsWith"] == [f"{HOST}/"]
    assert document["related"][0]["id"] == f"{HOST}/organisations/north"
    assert issuer_document(ISSUER, ["https://a", "https://b"])["publicKey"] == ["https://a", "https://b"]
    assert "publicKey" not in issuer_document(ISSUER)


def test_issuer_with_a_port_or_another_did_is_written() -> None:
    local = replace(ISSUER, did="did:web:localhost%3A5000:organisations:north", ob2_url="http://localhost:5000/i")
    assert issuer_document(local)["related"][0]["id"] == "http://localhost:5000/organisations/north"
    assert "related" not in issuer_document(replace(ISSUER, did="did:key:z6Mk"))


def test_withdrawn_assertion_says_nothing_else() -> None:
    document = revoked_assertion_document(FULL_AWARD.ob2_assertion_url, "mistake")

    assert set(document) == {"@context", "type", "id", "revoked", "revocationReason"}
    assert assertion_document(FULL_AWARD, "mistake") == document


def test_revocation_list_has_two_entries_at_least() -> None:
    """The official Python validator misses a withdrawal in a list of one."""
    entry = RevokedAssertion(f"urn:uuid:{AWARD_ID}", "mistake")

    with pytest.raises(StandardsError, match="decoys"):
        revocation_list_document(LIST_URL, ISSUER.ob2_url, [entry], [])
    with pytest.raises(StandardsError, match="decoys"):
        revocation_list_document(LIST_URL, ISSUER.ob2_url, [entry], [entry])
    entries = revocation_list_document(LIST_URL, ISSUER.ob2_url, [entry], DECOYS)["revokedAssertions"]
    assert [item["id"] for item in entries] == sorted(item["id"] for item in entries)
    assert {"id": entry.id, "revoked": True, "revocationReason": "mistake"} in entries
    assert len(entries) == 3
