"""Where a key comes from, and what that says about whose it is, for embedded proofs and for tokens."""

from __future__ import annotations

from typing import Any

import pytest

from badges.network.fetcher import WebFetcher
from badges.standards.base64url import encode_base64url
from badges.standards.did.jwk import public_key_to_jwk
from badges.standards.did.multikey import encode_public_key
from badges.standards.json_text import write_json
from badges.standards.proofs import vc_jwt
from badges.standards.proofs.jws import sign_compact
from badges.standards.signer import KeyAlgorithm, Signer
from badges.verifying.report import Report, Verdict
from badges.vocab.json import JsonObject
from tests.standards.local_signer import ed25519_signer, signer_for
from tests.verifying.making import AWARDED, Library, World, credential, moment, outcomes, sign_json

ISSUER = "https://college.example/issuer"
KEY = "https://college.example/keys/1"
KEY_SET = "https://college.example/.well-known/jwks.json"
EVERY_KIND = pytest.mark.parametrize("algorithm", list(KeyAlgorithm))
EMBEDDED_KINDS = pytest.mark.parametrize("algorithm", [KeyAlgorithm.EDDSA, KeyAlgorithm.ES256, KeyAlgorithm.ES384])


@pytest.fixture
def world() -> World:
    return World()


def jwk_of(signer: Signer) -> JsonObject:
    return public_key_to_jwk(signer.public_key, "1", signer.algorithm)


def badge_of(issuer: str) -> JsonObject:
    return credential(issuer={"id": issuer, "type": ["Profile"], "name": "College"})


def embedded(issuer: str, signer: Signer, method: str) -> JsonObject:
    return sign_json(badge_of(issuer), signer, method)


def token(issuer: str, signer: Signer, header: JsonObject, **claims: Any) -> str:
    payload = {**vc_jwt.credential_claims(badge_of(issuer)), **claims}
    return sign_compact({"alg": signer.algorithm.value, **header}, write_json(payload).encode(), signer)


def check(badge: JsonObject | str, world: World) -> Report:
    return Library().check(badge, fetcher=world)


def proof_and_issuer(badge: JsonObject | str, world: World) -> tuple[str, str]:
    found = outcomes(check(badge, world))
    return found["proof"], found["issuer"]


def controller_document(method: JsonObject, **changes: object) -> JsonObject:
    return {
        "@context": ["https://www.w3.org/ns/cid/v1"],
        "id": ISSUER,
        "verificationMethod": [method],
        "assertionMethod": [method["id"]],
        **changes,
    }


def jwk_method(signer: Signer, method_id: str) -> JsonObject:
    return {"id": method_id, "type": "JsonWebKey", "controller": ISSUER, "publicKeyJwk": jwk_of(signer)}


# did:jwk and did:key: the name is the key.


@EVERY_KIND
@pytest.mark.parametrize("fragment", ["#0", ""])
def test_did_jwk_needs_no_document(world: World, algorithm: KeyAlgorithm, fragment: str) -> None:
    signer = signer_for(algorithm)
    did = "did:jwk:" + encode_base64url(write_json(jwk_of(signer)).encode())
    report = check(token(did, signer, {"kid": did + fragment}), world)
    assert (report.verdict, outcomes(report)["issuer"]) == (Verdict.VALID, "warning")
    if algorithm is not KeyAlgorithm.RS256:
        assert check(embedded(did, signer, did + fragment), world).verdict is Verdict.VALID
    assert world.asked == []


def test_did_jwk_of_somebody_else_does_not_speak_for_the_issuer(world: World) -> None:
    signer = signer_for(KeyAlgorithm.ES256)
    did = "did:jwk:" + encode_base64url(write_json(jwk_of(signer)).encode())
    assert proof_and_issuer(token(ISSUER, signer, {"kid": f"{did}#0"}), world) == ("passed", "failed")
    assert proof_and_issuer(embedded(ISSUER, signer, f"{did}#0"), world) == ("passed", "failed")
    assert proof_and_issuer(embedded(did, signer, f"{did}#1"), world)[1] != "passed"


def test_a_damaged_did_jwk_cannot_be_a_key(world: World) -> None:
    assert outcomes(check(embedded(ISSUER, ed25519_signer(), "did:jwk:e30#0"), world))["proof"] == "failed"
    assert outcomes(check(token(ISSUER, signer_for(KeyAlgorithm.ES256), {"kid": "did:jwk:e30"}), world))["proof"] == (
        "failed"
    )


@EMBEDDED_KINDS
def test_did_key_of_every_kind(world: World, algorithm: KeyAlgorithm) -> None:
    signer = signer_for(algorithm)
    multikey = encode_public_key(signer.public_key)
    did = f"did:key:{multikey}"
    assert check(embedded(did, signer, f"{did}#{multikey}"), world).verdict is Verdict.VALID


# A key in the fragment of an address shows only that somebody holds it.


@EMBEDDED_KINDS
@pytest.mark.parametrize("issuer", [ISSUER, "did:web:college.example"])
def test_a_key_in_a_fragment_proves_the_signature_and_not_the_issuer(
    world: World, algorithm: KeyAlgorithm, issuer: str
) -> None:
    signer = signer_for(algorithm)
    badge = embedded(issuer, signer, f"{issuer}#{encode_public_key(signer.public_key)}")
    report = check(badge, world)
    assert (report.verdict, outcomes(report)["proof"]) == (Verdict.UNKNOWN, "passed")


@pytest.mark.parametrize("start", ["z6Mk", "zDnae", "z82L"])
def test_a_damaged_key_in_a_fragment_cannot_be_a_key(world: World, start: str) -> None:
    assert outcomes(check(embedded(ISSUER, ed25519_signer(), f"{ISSUER}#{start}x"), world))["proof"] == "failed"


# Controller documents.


@EVERY_KIND
def test_an_https_controller_document_lists_its_keys(world: World, algorithm: KeyAlgorithm) -> None:
    signer, method_id = signer_for(algorithm), f"{ISSUER}#1"
    method = jwk_method(signer, method_id)
    badges: list[JsonObject | str] = [token(ISSUER, signer, {"kid": method_id})]
    badges += [embedded(ISSUER, signer, method_id)] if algorithm is not KeyAlgorithm.RS256 else []
    world.put(ISSUER, controller_document(method))
    assert {check(badge, world).verdict for badge in badges} == {Verdict.VALID}
    for wrong in (
        {"assertionMethod": [], "authentication": [method_id]},
        {"id": "https://else.example/issuer"},
        {"verificationMethod": [{**method, "controller": "https://else.example/issuer"}]},
        {"verificationMethod": [{**method, "expires": moment(AWARDED)}]},
    ):
        world.put(ISSUER, controller_document(method, **wrong))
        assert {outcomes(check(badge, world))["issuer"] for badge in badges} <= {"failed", "unknown", "skipped"}
        assert Verdict.VALID not in {check(badge, world).verdict for badge in badges}


def test_a_token_that_says_when_it_was_made_may_be_older_than_the_end_of_its_key(world: World) -> None:
    signer, method_id = signer_for(KeyAlgorithm.ES256), f"{ISSUER}#1"
    method = {**jwk_method(signer, method_id), "expires": "2026-12-02T00:00:00Z"}
    world.put(ISSUER, controller_document(method))
    before, after = int(AWARDED.timestamp()), int(AWARDED.timestamp()) + 86_400
    assert check(token(ISSUER, signer, {"kid": method_id}, iat=before), world).verdict is Verdict.VALID
    assert check(token(ISSUER, signer, {"kid": method_id}, iat=after), world).verdict is Verdict.INVALID
    assert check(token(ISSUER, signer, {"kid": method_id}), world).verdict is Verdict.INVALID


def test_old_key_is_found_among_those_of_many_years(world: World) -> None:
    """An issuer that makes new keys every month must not lose the badges of its first years."""
    signer = signer_for(KeyAlgorithm.ES256)
    others = [jwk_method(signer_for(KeyAlgorithm.RS256), f"{ISSUER}#{number}") for number in range(600)]
    methods = [*others, jwk_method(signer, f"{ISSUER}#first")]
    names = [method["id"] for method in methods]
    world.put(ISSUER, controller_document(methods[0], verificationMethod=methods, assertionMethod=names))
    named = token(ISSUER, signer, {"kid": f"{ISSUER}#first"})
    bare = token(ISSUER, signer, {"jwk": jwk_of(signer)})
    assert [check(badge, world).verdict for badge in (named, bare)] == [Verdict.VALID] * 2


def test_a_key_document_in_pem_counts_with_its_owner(world: World) -> None:
    library = Library()
    key: JsonObject = {"id": KEY, "type": "CryptographicKey", "owner": ISSUER, "publicKeyPem": library.rsa.pem}
    badge = token(ISSUER, library.rsa, {"kid": KEY})
    world.put(KEY, key)
    assert proof_and_issuer(badge, world) == ("passed", "unknown")
    world.put(ISSUER, controller_document(key))
    assert check(badge, world).verdict is Verdict.VALID
    world.put(ISSUER, controller_document({**key, "publicKeyPem": Library(number=1).rsa.pem}))
    assert check(badge, world).verdict is Verdict.INVALID


@pytest.mark.parametrize("kid", ["1", "#1"])
def test_a_kid_that_is_no_address_is_a_hint_into_the_document_of_the_issuer(world: World, kid: str) -> None:
    """Securing Verifiable Credentials using JOSE and COSE, 4.1; only where the document lists the key."""
    signer = signer_for(KeyAlgorithm.ES256)
    badge = token(ISSUER, signer, {"kid": kid})
    assert proof_and_issuer(badge, world) == ("unknown", "unknown")
    world.put(ISSUER, controller_document(jwk_method(signer, f"{ISSUER}#1")))
    assert check(badge, world).verdict is Verdict.VALID
    assert outcomes(check(badge, world))["proof"] == "warning"
    for other in ("2", "##1", "1#1", ""):
        assert proof_and_issuer(token(ISSUER, signer, {"kid": other}), world) == ("unknown", "unknown")
    stranger = token(ISSUER, Library().rsa, {"kid": kid})
    assert outcomes(check(stranger, world))["proof"] == "failed"
    assert outcomes(check(token("urn:uuid:1", signer, {"kid": kid}), world))["proof"] == "unknown"


def test_a_damaged_hint_is_no_reason_against_a_badge(world: World) -> None:
    signer = signer_for(KeyAlgorithm.ES256)
    for kid in ("z6Mkx", "did", "x" * 5_000):
        assert outcomes(check(token(ISSUER, signer, {"kid": kid}), world))["proof"] == "unknown"


# Addresses of a bare JWK or a set: whose they are, only the issuer can say.


@EVERY_KIND
@pytest.mark.parametrize("as_set", [False, True])
def test_a_bare_key_counts_once_the_issuer_lists_it(world: World, algorithm: KeyAlgorithm, as_set: bool) -> None:
    signer = signer_for(algorithm)
    badges: list[JsonObject | str] = [token(ISSUER, signer, {"kid": KEY})]
    badges += [embedded(ISSUER, signer, KEY)] if algorithm is not KeyAlgorithm.RS256 else []
    world.put(KEY, {"keys": [jwk_of(signer)]} if as_set else jwk_of(signer))
    for badge in badges:
        assert proof_and_issuer(badge, world)[1] == "unknown"
    world.put(KEY_SET, {"keys": [jwk_of(signer)]})
    assert {check(badge, world).verdict for badge in badges} == {Verdict.VALID}
    world.put(KEY_SET, {"keys": [jwk_of(ed25519_signer(7))]})
    for badge in badges:
        assert proof_and_issuer(badge, world)[1] == "failed"


def test_a_bare_key_that_was_withdrawn_later_leaves_an_older_badge_in_doubt(world: World) -> None:
    """What the badge says of its date may be a lie, so it is never valid; a younger one is not the issuer's."""
    signer = signer_for(KeyAlgorithm.ES256)
    for days, outcome in ((1, "unknown"), (-1, "failed")):
        end = int(AWARDED.timestamp()) + days * 86_400
        world.put(KEY, jwk_of(signer))
        world.put(KEY_SET, {"keys": [{**jwk_of(signer), "revoked": {"revoked_at": end, "reason": "compromised"}}]})
        for header in ({"kid": KEY}, {"jwk": jwk_of(signer)}):
            badge = token(ISSUER, signer, header, iat=int(AWARDED.timestamp()))
            assert proof_and_issuer(badge, world) == ("passed", outcome)
        assert proof_and_issuer(embedded(ISSUER, signer, KEY), world) == ("passed", outcome)


def test_a_set_must_say_which_key_is_meant(world: World) -> None:
    signer, other = signer_for(KeyAlgorithm.ES256), ed25519_signer()
    keys = [{**jwk_of(signer), "kid": "a"}, {**jwk_of(other), "kid": "b"}]
    world.put(KEY_SET, {"keys": keys})
    for kid, outcome in ((f"{KEY_SET}#a", "passed"), (f"{KEY_SET}#b", "failed"), (KEY_SET, "failed")):
        assert outcomes(check(token(ISSUER, signer, {"kid": kid}), world))["proof"] == outcome
        assert outcomes(check(embedded(ISSUER, signer, kid), world))["proof"] == outcome
    world.put(KEY_SET, {"keys": [*keys, {**jwk_of(other), "kid": "a"}]})
    assert outcomes(check(token(ISSUER, signer, {"kid": f"{KEY_SET}#a"}), world))["proof"] == "failed"


@pytest.mark.parametrize(
    "answer",
    [
        {"kty": "oct", "k": "AQAB"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        {**jwk_of(signer_for(KeyAlgorithm.ES256)), "d": "AQAB"},
        {**jwk_of(signer_for(KeyAlgorithm.ES256)), "alg": "ES384"},
        {"keys": []},
        {"keys": [7, "x", None]},
    ],
    ids=range(6),
)
def test_an_address_with_a_damaged_key_names_no_key(world: World, answer: JsonObject) -> None:
    signer = signer_for(KeyAlgorithm.ES256)
    world.put(KEY, answer)
    assert outcomes(check(token(ISSUER, signer, {"kid": KEY}), world))["proof"] == "failed"
    assert outcomes(check(embedded(ISSUER, signer, KEY), world))["proof"] == "failed"


def test_a_key_at_an_address_that_is_not_secure_is_not_asked_for() -> None:
    """Anybody on the way could have put another key there."""
    fetcher = WebFetcher(resolve=lambda host, port, timeout: pytest.fail(f"asked for {host}"))
    signer = signer_for(KeyAlgorithm.ES256)
    for badge in (
        token("http://college.example/issuer", signer, {"kid": KEY.replace("https", "http")}),
        token("http://college.example/issuer", signer, {"jwk": jwk_of(signer)}),
        embedded("http://college.example/issuer", signer, KEY.replace("https", "http")),
    ):
        report = Library().check(badge, fetcher=fetcher)
        assert report.verdict is Verdict.UNKNOWN
        assert "not a secure" in " ".join(str(document.answer) for document in report.documents)


@pytest.mark.parametrize("header", ["x5c", "x5u", "jku"])
def test_a_key_that_another_header_brings_is_not_taken(world: World, header: str) -> None:
    signer = signer_for(KeyAlgorithm.RS256)
    report = check(token(ISSUER, signer, {header: "https://evil.example/key"}), world)
    assert report.verdict is not Verdict.VALID
    assert "https://evil.example/key" not in world.asked


@pytest.mark.parametrize("header", [{"crit": ["exp"]}, {"b64": False}, {"typ": "at+jwt"}, {"x5c": ["AA"]}])
def test_a_header_that_no_badge_may_have_is_invalid(header: JsonObject) -> None:
    library = Library()
    library.world.put("https://college.example/.well-known/jwks.json", {"keys": [library.rsa.jwk]})
    good = token(ISSUER, library.rsa, {"jwk": library.rsa.jwk})
    assert library.check(good).verdict is Verdict.VALID
    assert library.check(token(ISSUER, library.rsa, {"jwk": library.rsa.jwk, **header})).verdict is Verdict.INVALID
