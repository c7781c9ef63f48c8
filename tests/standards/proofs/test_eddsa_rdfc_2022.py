"""Embedded proofs: what they cover, and every way in which one can fail."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badges.errors import BadgesError
from badges.standards.jsonld.canonical import canonical_digest
from badges.standards.jsonld.contexts import UnknownContextError
from badges.standards.jsonld.expansion import UndefinedTermError
from badges.standards.proofs import eddsa_rdfc_2022, legacy_eddsa
from badges.standards.proofs.errors import InvalidSignatureError, MalformedProofError, UnsupportedProofError
from badges.standards.signer import KeyAlgorithm
from badges.vocab.json import JsonObject
from tests.standards.local_signer import CREATED, METHOD, credential, ed25519_signer, signer_for


def signed() -> JsonObject:
    return eddsa_rdfc_2022.sign(credential(), ed25519_signer(), verification_method=METHOD, created=CREATED)


def verify(document: JsonObject, proof: JsonObject | None = None) -> None:
    key = ed25519_signer().public_key
    eddsa_rdfc_2022.verify(document, document["proof"][0] if proof is None else proof, key)


def test_signs_with_the_proof_as_the_last_member() -> None:
    document = signed()
    assert list(document)[-1] == "proof"
    assert {name: value for name, value in document.items() if name != "proof"} == credential()
    (proof,) = document["proof"]
    assert {**proof, "proofValue": proof["proofValue"][:1]} == {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-11-22T10:30:00Z",
        "verificationMethod": METHOD,
        "proofPurpose": "assertionMethod",
        "proofValue": "z",
    }
    verify(document)


def test_writes_the_time_in_utc_and_whole_seconds() -> None:
    moment = datetime(2026, 6, 1, 12, 0, 0, 999_999, timezone(timedelta(hours=1)))
    document = eddsa_rdfc_2022.sign(credential(), ed25519_signer(), verification_method=METHOD, created=moment)
    assert document["proof"][0]["created"] == "2026-06-01T11:00:00Z"


def test_does_not_depend_on_the_order_of_members() -> None:
    document = signed()
    verify(dict(sorted(document.items())))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("id",), "urn:x:1"),
        (("validUntil",), "2099-01-01T00:00:00Z"),
        (("credentialSubject", "id"), "urn:x:1"),
        (("credentialSubject", "achievement", "name"), "Changed"),
        (("issuer", "name"), "Changed"),
        (("type",), ["VerifiableCredential", "OpenBadgeCredential", "EndorsementCredential"]),
        (("credentialSubject", "achievement", "criteria", "id"), "https://x.example/"),
    ],
)
def test_notices_every_change(path: tuple[str, ...], value: object) -> None:
    document = signed()
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(InvalidSignatureError):
        verify(document)


def test_notices_a_member_taken_away() -> None:
    document = signed()
    del document["validUntil"]
    with pytest.raises(InvalidSignatureError):
        verify(document)


def test_notices_a_member_added_that_nothing_defines() -> None:
    document = signed()
    document["credentialSubject"]["grade"] = "A*"
    with pytest.raises(UndefinedTermError):
        verify(document)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("created", "2026-11-22T10:30:01Z"),
        ("verificationMethod", METHOD + "2"),
        ("proofPurpose", "authentication"),
        ("expires", "2099-01-01T00:00:00Z"),
        ("domain", "example.org"),
        ("challenge", "abc"),
        ("id", "urn:x:1"),
    ],
)
def test_notices_every_change_of_the_proof(name: str, value: str) -> None:
    document = signed()
    document["proof"][0][name] = value
    with pytest.raises(InvalidSignatureError):
        verify(document)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("created", "yesterday"),
        ("created", "2026-11-22T10:30:00"),
        ("created", "2026-13-22T10:30:00Z"),
        ("created", 5),
        ("expires", ""),
        ("verificationMethod", {"id": METHOD}),
        ("verificationMethod", None),
        ("proofPurpose", ["assertionMethod"]),
        ("proofValue", "u" + "A" * 86),
        ("proofValue", "z" + "0OIl"),
        ("proofValue", "z111"),
        ("proofValue", "z" + "1" * 1000),
        ("proofValue", None),
        ("proofValue", ["z"]),
        ("previousProof", "urn:x:1"),
        ("previousProof", []),
        ("@context", ["https://www.w3.org/ns/credentials/v1"]),
        ("@context", {}),
    ],
)
def test_says_that_a_proof_is_malformed(name: str, value: object) -> None:
    document = signed()
    document["proof"][0][name] = value
    with pytest.raises(MalformedProofError):
        verify(document)


@pytest.mark.parametrize(
    ("name", "value"),
    [("type", "Ed25519Signature2020"), ("cryptosuite", "eddsa-jcs-2022"), ("cryptosuite", None), ("type", [])],
)
def test_says_that_a_proof_is_of_another_kind(name: str, value: object) -> None:
    document = signed()
    document["proof"][0][name] = value
    with pytest.raises(UnsupportedProofError):
        verify(document)


def test_contexts_of_the_proof_start_those_of_the_document() -> None:
    """VC-DI-EDDSA 3.2.2, step 4: the proof's contexts are then the ones that count."""
    document = signed()
    document["proof"][0]["@context"] = document["@context"]
    verify(document)
    verify({**document, "@context": [*document["@context"], "https://w3id.org/security/multikey/v1"]})
    document["proof"][0]["@context"] = document["@context"][::-1]
    with pytest.raises(MalformedProofError):
        verify(document)
    document["proof"][0]["@context"] = document["@context"][:1]
    with pytest.raises(UndefinedTermError):
        verify(document)


def test_a_context_added_by_a_stranger_is_not_fetched() -> None:
    document = signed()
    document["@context"] = [*document["@context"], "https://evil.example/context"]
    with pytest.raises(UnknownContextError):
        verify(document)


def test_another_key_does_not_fit() -> None:
    document = signed()
    with pytest.raises(InvalidSignatureError):
        eddsa_rdfc_2022.verify(document, document["proof"][0], ed25519_signer(2).public_key)
    with pytest.raises(UnsupportedProofError):
        eddsa_rdfc_2022.verify(document, document["proof"][0], signer_for(KeyAlgorithm.ES256).public_key)


def test_each_proof_of_a_set_stands_alone() -> None:
    first = signed()
    other = eddsa_rdfc_2022.sign(credential(), ed25519_signer(2), verification_method=METHOD, created=CREATED)
    both = {**first, "proof": [*first["proof"], *other["proof"]]}
    verify(both)
    with pytest.raises(InvalidSignatureError):
        verify(both, both["proof"][1])


def test_signs_only_with_a_fitting_key_an_aware_time_and_no_proof_yet() -> None:
    with pytest.raises(UnsupportedProofError):
        eddsa_rdfc_2022.sign(credential(), signer_for(KeyAlgorithm.RS256), verification_method=METHOD, created=CREATED)
    with pytest.raises(MalformedProofError):
        eddsa_rdfc_2022.sign(
            credential(),
            ed25519_signer(),
            verification_method=METHOD,
            created=datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None),
        )
    with pytest.raises(MalformedProofError):
        eddsa_rdfc_2022.sign(signed(), ed25519_signer(), verification_method=METHOD, created=CREATED)
    with pytest.raises(UndefinedTermError):
        eddsa_rdfc_2022.sign(
            {**credential(), "grade": "A"}, ed25519_signer(), verification_method=METHOD, created=CREATED
        )


def test_hash_has_the_proof_first() -> None:
    document = credential()
    one = eddsa_rdfc_2022.hash_data(document, {"type": "DataIntegrityProof"})
    two = eddsa_rdfc_2022.hash_data({**document, "name": "x"}, {"type": "DataIntegrityProof"})
    assert len(one) == 64
    assert one[:32] == two[:32]
    assert one[32:] == canonical_digest(document) != two[32:]


def test_legacy_suites_are_verified_only_under_their_names() -> None:
    document = signed()
    with pytest.raises(UnsupportedProofError):
        legacy_eddsa.verify(document, document["proof"][0], ed25519_signer().public_key)
    old = {**document["proof"][0], "cryptosuite": "eddsa-2022"}
    with pytest.raises(InvalidSignatureError):
        legacy_eddsa.verify(document, old, ed25519_signer().public_key)


VALUES = (
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=8) | st.lists(st.text(max_size=3), max_size=2)
)
NAMES = ["type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue", "@context"]


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from([*NAMES, "previousProof", "id", "x"]), VALUES, min_size=1, max_size=3))
def test_hostile_proofs_fail_in_a_plain_way(members: JsonObject) -> None:
    document = copy.deepcopy(signed())
    if {**document["proof"][0], **members} == document["proof"][0]:
        return
    document["proof"][0].update(members)
    with pytest.raises(BadgesError):
        verify(document)
