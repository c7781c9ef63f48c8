"""Credentials as tokens."""

from __future__ import annotations

import json
from typing import Any

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badges.errors import BadgesError
from badges.standards.proofs import vc_jwt
from badges.standards.proofs.errors import MalformedProofError
from badges.standards.proofs.jws import sign_compact, verify_compact
from badges.standards.proofs.vc_jwt import JwtSeverity
from badges.standards.signer import KeyAlgorithm
from badges.vocab.json import JsonObject
from tests.standards.local_signer import ISSUER, credential, signer_for

KEY_URL = "https://badges.example.org/keys/key-1.jwk"
RS256 = KeyAlgorithm.RS256
SUBJECT = credential()["credentialSubject"]["id"]


def token(claims: JsonObject, **header: object) -> str:
    full = {"alg": "EdDSA", "kid": KEY_URL, **header}
    return sign_compact(full, json.dumps(claims).encode("utf-8"), signer_for(KeyAlgorithm.EDDSA))


def problems(claims: JsonObject, **header: object) -> list[tuple[str, JwtSeverity]]:
    return [(problem.name, problem.severity) for problem in vc_jwt.read(token(claims, **header)).problems]


def claims_with(**changes: object) -> JsonObject:
    return {**vc_jwt.credential_claims(credential()), **changes}


def test_payload_is_the_credential_with_claims_that_repeat_it() -> None:
    """Open Badges 3.0, "JWT Payload Format"."""
    payload = vc_jwt.credential_claims({**credential(), "proof": [{"type": "x"}]})
    assert payload == {
        **credential(),
        "iss": ISSUER,
        "jti": "https://badges.example.org/credentials/1",
        "sub": SUBJECT,
        "nbf": 1795343400,
        "exp": 1826879400,
    }


def test_no_end_means_no_exp() -> None:
    document = credential()
    del document["validUntil"]
    assert "exp" not in vc_jwt.credential_claims(document)


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
def test_header_has_nothing_but_alg_kid_and_typ(algorithm: KeyAlgorithm) -> None:
    text = vc_jwt.sign(credential(), signer_for(algorithm), KEY_URL)
    assert jwt.get_unverified_header(text) == {"alg": algorithm.value, "kid": KEY_URL, "typ": "JWT"}
    options: Any = {"verify_exp": False, "verify_nbf": False}
    payload = jwt.decode(text, signer_for(algorithm).public_key, algorithms=[algorithm.value], options=options)
    assert payload == vc_jwt.credential_claims(credential())


def test_reads_what_it_signs() -> None:
    read = vc_jwt.read(vc_jwt.sign(credential(), signer_for(RS256), KEY_URL))
    verify_compact(read.jws, signer_for(RS256).public_key, {RS256})
    assert read.document == credential()
    assert read.problems == ()
    assert read.header["kid"] == KEY_URL


@pytest.mark.parametrize("member", ["id", "issuer", "credentialSubject", "validFrom"])
def test_does_not_sign_what_lacks_a_member_that_a_claim_repeats(member: str) -> None:
    document = credential()
    del document[member]
    with pytest.raises(MalformedProofError):
        vc_jwt.credential_claims(document)


@pytest.mark.parametrize("moment", ["2026-11-22T10:30:00.5Z", "2026-11-22T10:30:00", "2026-11-22", "soon", 5, None])
def test_does_not_sign_times_that_a_claim_cannot_repeat(moment: object) -> None:
    with pytest.raises(MalformedProofError):
        vc_jwt.credential_claims({**credential(), "validFrom": moment})


def test_does_not_sign_a_badge_whose_holder_has_no_id() -> None:
    document = credential()
    del document["credentialSubject"]["id"]
    with pytest.raises(MalformedProofError):
        vc_jwt.credential_claims(document)


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "did:web:evil.example"),
        ("iss", None),
        ("jti", "urn:x:2"),
        ("sub", "urn:x:3"),
        ("sub", None),
        ("nbf", 1795343401),
        ("nbf", "1795343400"),
        ("nbf", True),
        ("exp", 1),
        ("exp", None),
    ],
)
def test_a_claim_that_differs_is_an_error(claim: str, value: object) -> None:
    assert problems(claims_with(**{claim: value})) == [(claim, JwtSeverity.ERROR)]


def test_an_absent_sub_is_a_warning_and_other_absent_claims_are_errors() -> None:
    for claim, severity in (
        ("sub", JwtSeverity.WARNING),
        ("iss", JwtSeverity.ERROR),
        ("jti", JwtSeverity.ERROR),
        ("nbf", JwtSeverity.ERROR),
        ("exp", JwtSeverity.ERROR),
    ):
        claims = claims_with()
        del claims[claim]
        assert problems(claims) == [(claim, severity)]


def test_fractions_of_a_second_in_a_strangers_badge_are_no_difference() -> None:
    assert problems(claims_with(validFrom="2026-11-22T10:30:00.250Z")) == []


@pytest.mark.parametrize("header", ["x5c", "jku", "x5u", "iss", "cty", "x5t#S256"])
def test_other_headers_are_errors(header: str) -> None:
    assert problems(claims_with(), **{header: "x"}) == [(header, JwtSeverity.ERROR)]


def test_typ_and_kid_are_what_the_standard_says() -> None:
    assert problems(claims_with(), typ="JWT") == []
    assert problems(claims_with(), typ="jwt") == [("typ", JwtSeverity.WARNING)]
    assert problems(claims_with(), typ="at+jwt") == [("typ", JwtSeverity.ERROR)]
    assert problems(claims_with(), typ=["JWT"]) == [("typ", JwtSeverity.ERROR)]
    assert problems(claims_with(), kid=5) == [("kid", JwtSeverity.ERROR)]
    text = sign_compact({"alg": "EdDSA"}, json.dumps(claims_with()).encode(), signer_for(KeyAlgorithm.EDDSA))
    assert [problem.name for problem in vc_jwt.read(text).problems] == ["kid"]


@pytest.mark.parametrize("media_type", ["vc+jwt", "application/vc+jwt", "VC+JWT", "vc+ld+json+jwt"])
def test_a_plain_credential_is_a_warning_and_need_not_repeat_itself(media_type: str) -> None:
    """Securing Verifiable Credentials using JOSE and COSE, 3.1.1: it has no claims that repeat the credential."""
    assert problems(claims_with(), typ=media_type) == [("typ", JwtSeverity.WARNING)]
    assert problems(claims_with(), typ=media_type, cty="vc") == [("typ", JwtSeverity.WARNING)]
    assert problems(claims_with(), typ=media_type, cty="JWT")[0] == ("cty", JwtSeverity.ERROR)
    assert problems(claims_with(), cty="vc") == [("cty", JwtSeverity.ERROR)]
    bare = {name: value for name, value in claims_with().items() if name not in {"iss", "jti", "sub", "nbf", "exp"}}
    assert {severity for _, severity in problems(bare, typ=media_type)} == {JwtSeverity.WARNING}
    assert ("exp", JwtSeverity.ERROR) in problems({**bare, "exp": 1}, typ=media_type)


@pytest.mark.parametrize("value", [10**400, -(10**400), 1e300, True, "1", None, [], 2**63])
@pytest.mark.parametrize("claim", ["nbf", "exp", "iat"])
def test_a_number_that_is_no_date_differs_and_breaks_nothing(claim: str, value: object) -> None:
    expected = [] if claim == "iat" else [(claim, JwtSeverity.ERROR)]
    assert problems(claims_with(**{claim: value})) == expected


@pytest.mark.parametrize("member", ["d", "p", "q", "dp", "dq", "qi", "k", "oth"])
def test_a_private_key_in_the_header_is_refused(member: str) -> None:
    with pytest.raises(MalformedProofError):
        vc_jwt.read(token(claims_with(), jwk={"kty": "RSA", "n": "x", "e": "AQAB", member: "x"}))


def version_1() -> JsonObject:
    """A token as VC Data Model 1.1, section 6.3.1, has it."""
    return {
        "iss": "https://example.edu/issuer",
        "jti": "urn:uuid:1",
        "sub": "did:example:1",
        "nbf": 1262304000,
        "exp": 1893456000,
        "vc": {
            "@context": ["https://www.w3.org/2018/credentials/v1"],
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "credentialSubject": {"type": ["AchievementSubject"]},
        },
    }


def test_fills_a_version_1_credential_in_from_its_claims() -> None:
    read = vc_jwt.read(token(version_1()))
    assert read.problems == ()
    assert read.document == {
        **version_1()["vc"],
        "id": "urn:uuid:1",
        "issuer": "https://example.edu/issuer",
        "issuanceDate": "2010-01-01T00:00:00Z",
        "expirationDate": "2030-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:1", "type": ["AchievementSubject"]},
    }


@pytest.mark.parametrize(
    ("claim", "member", "value"),
    [
        ("iss", "issuer", "https://evil.example/"),
        ("iss", "issuer", {"id": "https://evil.example/"}),
        ("jti", "id", "urn:uuid:2"),
        ("nbf", "issuanceDate", "2011-01-01T00:00:00Z"),
        ("exp", "expirationDate", "2040-01-01T00:00:00Z"),
        ("sub", "credentialSubject", {"id": "did:example:2"}),
    ],
)
def test_a_version_1_credential_must_agree_with_its_claims(claim: str, member: str, value: object) -> None:
    claims = version_1()
    claims["vc"][member] = value
    assert problems(claims) == [(claim, JwtSeverity.ERROR)]


def test_the_first_context_must_agree_with_the_form() -> None:
    claims = version_1()
    claims["vc"]["@context"] = ["https://www.w3.org/ns/credentials/v2"]
    assert problems(claims) == [("@context", JwtSeverity.ERROR)]
    assert problems(claims_with(**{"@context": "https://www.w3.org/2018/credentials/v1"})) == [
        ("@context", JwtSeverity.ERROR)
    ]


@pytest.mark.parametrize("payload", [b"", b"[]", b"{", b"\xff", b'{"iss":1,"iss":2}', b'{"vc":[]}', b'{"vc":"x"}'])
def test_refuses_payloads_that_are_no_credential(payload: bytes) -> None:
    header = {"alg": "EdDSA", "kid": KEY_URL}
    with pytest.raises(MalformedProofError):
        vc_jwt.read(sign_compact(header, payload, signer_for(KeyAlgorithm.EDDSA)))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "@context", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = st.sampled_from(
    ["iss", "jti", "sub", "nbf", "exp", "iat", "vc", "id", "issuer", "credentialSubject", "validFrom", "@context"]
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(NAMES, VALUES, max_size=5), st.booleans())
def test_never_fails_in_another_way(members: JsonObject, in_vc: bool) -> None:
    claims = {**version_1(), "vc": {**version_1()["vc"], **members}} if in_vc else claims_with(**members)
    try:
        vc_jwt.read(token(claims))
    except BadgesError:
        return
