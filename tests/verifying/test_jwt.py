"""Open Badges 3.0 as a JWT: signature, claims, and whose key it is."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives import hmac
from cryptography.hazmat.primitives.hashes import SHA256

from badges.standards.json_text import write_json
from badges.standards.proofs import vc_jwt
from badges.standards.signer import KeyAlgorithm
from badges.verifying.report import CheckName, Format, Verdict
from badges.vocab.json import JsonObject
from tests.verifying.making import (
    DID_URL,
    ISSUER,
    JWKS_URL,
    KEY_URL,
    FreshSigner,
    Library,
    World,
    credential,
    entry,
    jwt_text,
    outcomes,
)


@pytest.fixture
def library() -> Library:
    return Library()


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def claims(**changes: object) -> JsonObject:
    return {**vc_jwt.credential_claims(credential()), **changes}


def test_a_sound_token_is_valid(library: Library) -> None:
    report = library.check(library.jwt(credentialStatus=entry()))
    assert (report.verdict, report.format) == (Verdict.VALID, Format.OB3_JWT)
    assert outcomes(report)["proof"] == "passed"


@pytest.mark.parametrize(("algorithm", "outcome"), [("ES256", "passed"), ("EdDSA", "warning")])
def test_other_kinds_of_keys_count(library: Library, algorithm: str, outcome: str) -> None:
    signer = FreshSigner(KeyAlgorithm(algorithm))
    library.world.put(JWKS_URL, {"keys": [signer.jwk]})
    report = library.check(jwt_text({"jwk": signer.jwk}, claims(), signer))
    assert report.verdict is Verdict.VALID
    assert outcomes(report)["proof"] == outcome


def test_a_token_that_was_changed_is_invalid(library: Library) -> None:
    header, payload, signature = library.jwt().split(".")
    changed = json.loads(base64.urlsafe_b64decode(payload + "=="))
    changed["name"] = "Another"
    text = f"{header}.{encode(write_json(changed).encode())}.{signature}"
    report = library.check(text)
    assert (report.verdict, outcomes(report)["proof"]) == (Verdict.INVALID, "failed")


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "did:web:else.example"),
        ("jti", "https://library.example/credentials/2"),
        ("sub", "urn:uuid:00000000-0000-4000-8000-000000000000"),
        ("nbf", 1),
        ("exp", 4102444800),
    ],
)
def test_a_claim_that_differs_from_the_badge_is_invalid(library: Library, claim: str, value: object) -> None:
    text = jwt_text({"kid": KEY_URL, "typ": "JWT"}, claims(**{claim: value}), library.rsa)
    assert outcomes(library.check(text))["proof"] == "failed"


def test_a_missing_sub_is_a_warning(library: Library) -> None:
    payload = claims()
    del payload["sub"]
    report = library.check(jwt_text({"kid": KEY_URL}, payload, library.rsa))
    assert (report.verdict, outcomes(report)["proof"]) == (Verdict.VALID, "warning")


def test_a_plain_credential_of_vc_2_is_a_warning(library: Library) -> None:
    """Securing Verifiable Credentials using JOSE and COSE, 3.1.1: the payload is the credential and nothing else."""
    report = library.check(jwt_text({"kid": KEY_URL, "typ": "vc+jwt", "cty": "vc"}, credential(), library.rsa))
    assert (report.verdict, outcomes(report)["proof"]) == (Verdict.VALID, "warning")
    expired = credential(validUntil="2026-12-02T00:00:00Z")
    report = library.check(jwt_text({"kid": KEY_URL, "typ": "vc+jwt"}, expired, library.rsa))
    assert outcomes(report)["validity"] == "failed"
    assert outcomes(library.check(jwt_text({"kid": KEY_URL}, credential(), library.rsa)))["proof"] == "failed"


# Attacks on the algorithm (RFC 8725, 2.1 and 3.1).


def test_a_token_without_a_signature_is_invalid(library: Library) -> None:
    for name in ("none", "None", "NONE", ""):
        text = f"{encode(write_json({'alg': name, 'jwk': library.rsa.jwk}).encode())}.{library.jwt().split('.')[1]}."
        assert library.check(text).verdict is Verdict.INVALID
        assert library.check(text + "AAAA").verdict is Verdict.INVALID


def test_hmac_over_the_public_key_is_invalid(library: Library) -> None:
    for secret in (library.rsa.pem.encode(), write_json(library.rsa.jwk).encode()):
        start = f"{encode(write_json({'alg': 'HS256', 'kid': KEY_URL}).encode())}.{library.jwt().split('.')[1]}"
        code = hmac.HMAC(secret, SHA256())
        code.update(start.encode())
        report = library.check(f"{start}.{encode(code.finalize())}")
        assert (report.verdict, outcomes(report)["proof"]) == (Verdict.INVALID, "failed")


def test_an_algorithm_that_does_not_fit_the_key_is_invalid(library: Library) -> None:
    signer = FreshSigner(KeyAlgorithm.ES256)
    library.world.put(KEY_URL, library.rsa.jwk)
    assert outcomes(library.check(jwt_text({"kid": KEY_URL}, claims(), signer)))["proof"] == "failed"


def test_an_algorithm_that_we_do_not_know_is_unknown(library: Library) -> None:
    _, payload, signature = library.jwt().split(".")
    text = f"{encode(write_json({'alg': 'PS256', 'kid': KEY_URL}).encode())}.{payload}.{signature}"
    assert outcomes(library.check(text))["proof"] == "unknown"


# Which key (Open Badges 3.0, "Create the JOSE Header").


def test_kid_and_jwk_must_be_the_same_key(library: Library) -> None:
    stranger = FreshSigner(KeyAlgorithm.RS256, 1)
    forged = jwt_text({"kid": KEY_URL, "jwk": stranger.jwk}, claims(), stranger)
    assert outcomes(library.check(forged))["proof"] == "failed"
    confused = jwt_text({"kid": KEY_URL, "jwk": stranger.jwk}, claims(), library.rsa)
    assert outcomes(library.check(confused))["proof"] == "failed"
    both = jwt_text({"kid": KEY_URL, "jwk": library.rsa.jwk}, claims(), library.rsa)
    assert library.check(both).verdict is Verdict.VALID


def test_a_stranger_who_names_the_issuers_key_is_invalid(library: Library) -> None:
    stranger = FreshSigner(KeyAlgorithm.RS256, 1)
    assert outcomes(library.check(jwt_text({"kid": KEY_URL}, claims(), stranger)))["proof"] == "failed"


def test_a_private_key_in_the_token_is_refused(library: Library) -> None:
    text = jwt_text({"jwk": {**library.rsa.jwk, "d": "AQAB"}}, claims(), library.rsa)
    assert library.check(text).verdict is Verdict.INVALID


def test_a_token_that_names_no_key_is_unknown(library: Library) -> None:
    report = library.check(jwt_text({"typ": "JWT"}, claims(), library.rsa))
    assert (report.verdict, outcomes(report)["proof"]) == (Verdict.UNKNOWN, "unknown")


def test_a_key_set_in_place_of_a_key_is_read(library: Library) -> None:
    library.world.put(KEY_URL, {"keys": [FreshSigner(KeyAlgorithm.RS256, 1).jwk | {"kid": "old"}, library.rsa.jwk]})
    assert library.check(jwt_text({"kid": KEY_URL + "#key-1"}, claims(), library.rsa)).verdict is Verdict.VALID
    assert outcomes(library.check(jwt_text({"kid": KEY_URL}, claims(), library.rsa)))["proof"] == "failed"


def test_a_key_named_by_a_did_counts(library: Library) -> None:
    text = jwt_text({"kid": library.method}, claims(), library.ed25519)
    assert library.check(text).verdict is Verdict.VALID
    assert library.check(text, fetcher=World()).verdict is Verdict.UNKNOWN


# Whose key it is (Open Badges 3.0, "Key provenance").


def test_without_network_the_key_is_unknown(library: Library) -> None:
    report = library.check(library.jwt(), fetcher=World())
    assert (outcomes(report)["proof"], outcomes(report)["issuer"]) == ("unknown", "unknown")


def test_a_key_inside_the_token_leaves_the_issuer_unknown(library: Library) -> None:
    text = jwt_text({"jwk": library.rsa.jwk}, claims(), library.rsa)
    report = library.check(text, fetcher=World())
    assert (outcomes(report)["proof"], outcomes(report)["issuer"]) == ("passed", "unknown")
    assert library.check(text).verdict is Verdict.VALID


def test_a_key_that_nobody_lists_is_not_the_issuers(library: Library) -> None:
    stranger = FreshSigner(KeyAlgorithm.RS256, 1)
    report = library.check(jwt_text({"jwk": stranger.jwk}, claims(), stranger))
    assert (report.verdict, outcomes(report)["issuer"]) == (Verdict.INVALID, "failed")


def test_a_key_that_only_one_document_could_list_is_unknown_while_the_other_was_not_seen(library: Library) -> None:
    stranger = FreshSigner(KeyAlgorithm.RS256, 1)
    text = jwt_text({"jwk": stranger.jwk}, claims(), stranger)
    del library.world.documents[JWKS_URL]
    assert outcomes(library.check(text))["issuer"] == "unknown"
    library.world.put(JWKS_URL, "", 404)
    assert outcomes(library.check(text))["issuer"] == "failed"


def test_the_did_document_may_list_the_key_instead(library: Library) -> None:
    library.world.put(JWKS_URL, {"keys": []})
    method = {"id": f"{ISSUER}#rsa", "type": "JsonWebKey", "controller": ISSUER, "publicKeyJwk": library.rsa.jwk}
    document = library.did_document
    document["verificationMethod"].append(method)
    document["assertionMethod"].append("#rsa")
    library.world.put(DID_URL, document)
    assert library.check(library.jwt()).verdict is Verdict.VALID


@pytest.mark.parametrize("place", ["key", "set"])
def test_a_key_of_another_issuer_on_the_same_host_does_not_count(library: Library, place: str) -> None:
    other = "did:web:library.example:other"
    key_set: JsonObject = {"keys": [library.rsa.jwk | ({"iss": other} if place == "key" else {})]}
    library.world.put(JWKS_URL, key_set | ({"iss": other} if place == "set" else {}))
    assert outcomes(library.check(library.jwt()))["issuer"] == "failed"


def test_an_https_issuer_needs_its_key_set(library: Library) -> None:
    issuer = "https://college.example/issuer"
    document = credential(issuer={"id": issuer, "type": ["Profile"], "name": "C"})
    text = vc_jwt.sign(document, library.rsa, KEY_URL)
    assert outcomes(library.check(text))["issuer"] == "unknown"
    library.world.put("https://college.example/.well-known/jwks.json", {"keys": [library.rsa.jwk]})
    assert library.check(text).verdict is Verdict.VALID
    library.world.put("https://college.example/.well-known/jwks.json", {"keys": []})
    assert library.check(text).check(CheckName.ISSUER).outcome.value == "failed"
