"""JSON Web Keys."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from badges.errors import BadgesError
from badges.standards.base64url import encode_base64url
from badges.standards.did.jwk import (
    PRIVATE_MEMBERS,
    JwkError,
    PrivateJwkError,
    jwk_to_public_key,
    public_key_to_jwk,
)
from badges.standards.signer import KeyAlgorithm, PublicKey
from badges.vocab.json import JsonObject
from tests.standards.local_signer import signer_for


def jwk_of(algorithm: KeyAlgorithm) -> JsonObject:
    return public_key_to_jwk(signer_for(algorithm).public_key, "key-1", algorithm)


def der(key: PublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def number(value: int) -> str:
    return encode_base64url(value.to_bytes((value.bit_length() + 7) // 8, "big"))


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
def test_reads_the_key_that_it_writes(algorithm: KeyAlgorithm) -> None:
    jwk = jwk_of(algorithm)
    assert (jwk["kid"], jwk["use"], jwk["alg"]) == ("key-1", "sig", algorithm.value)
    assert not PRIVATE_MEMBERS & jwk.keys()
    assert der(jwk_to_public_key(jwk)) == der(signer_for(algorithm).public_key)


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
def test_pyjwt_reads_the_same_key(algorithm: KeyAlgorithm) -> None:
    readers: dict[str, Any] = {"RSA": RSAAlgorithm, "EC": ECAlgorithm, "OKP": OKPAlgorithm}
    jwk = jwk_of(algorithm)
    assert der(readers[jwk["kty"]].from_jwk(jwk)) == der(signer_for(algorithm).public_key)


@pytest.mark.parametrize("member", sorted(PRIVATE_MEMBERS))
def test_refuses_private_members(member: str) -> None:
    with pytest.raises(PrivateJwkError):
        jwk_to_public_key({**jwk_of(KeyAlgorithm.RS256), member: "AQAB"})


MODULUS = int.from_bytes(b"\xc1" + b"\x55" * 255, "big")


@pytest.mark.parametrize(
    ("modulus", "exponent"),
    [
        (MODULUS + 1, 65537),
        (MODULUS >> 8, 65537),
        ((1 << 8200) + 1, 65537),
        (MODULUS, 1),
        (MODULUS, 3),
        (MODULUS, 65536),
        (MODULUS, 2**33 + 1),
        (MODULUS, 0),
    ],
)
def test_refuses_weak_and_odd_rsa_keys(modulus: int, exponent: int) -> None:
    with pytest.raises(JwkError):
        jwk_to_public_key({"kty": "RSA", "n": number(modulus), "e": number(exponent)})


def test_refuses_a_short_real_rsa_key() -> None:
    key = generate_private_key(public_exponent=65537, key_size=1024).public_key()
    with pytest.raises(JwkError):
        jwk_to_public_key(public_key_to_jwk(key, "weak", KeyAlgorithm.RS256))


@pytest.mark.parametrize(
    "change",
    [
        {"kty": "oct"},
        {"kty": None},
        {"kty": ["EC"]},
        {"crv": "P-521"},
        {"crv": "secp256k1"},
        {"crv": {}},
        {"use": "enc"},
        {"alg": "ES384"},
        {"alg": "RS256"},
        {"alg": "HS256"},
        {"alg": ["ES256"]},
        {"alg": None},
        {"key_ops": []},
        {"key_ops": ["sign"]},
        {"key_ops": "verify"},
        {"x": "AAAA"},
        {"x": ""},
        {"x": 5},
        {"x": "A" * 43},
        {"x": "AA=="},
        {"y": None},
    ],
)
def test_refuses_malformed_curve_keys(change: JsonObject) -> None:
    with pytest.raises(JwkError):
        jwk_to_public_key({**jwk_of(KeyAlgorithm.ES256), **change})


@pytest.mark.parametrize("change", [{"crv": "X25519"}, {"crv": "Ed448"}, {"x": "AAAA"}])
def test_refuses_other_okp_keys(change: JsonObject) -> None:
    with pytest.raises(JwkError):
        jwk_to_public_key({**jwk_of(KeyAlgorithm.EDDSA), **change})


def test_an_ed25519_key_may_go_by_either_name_of_its_algorithm() -> None:
    """RFC 8037, 3.1; RFC 9864, 2.2."""
    for name in ("EdDSA", "Ed25519"):
        jwk_to_public_key({**jwk_of(KeyAlgorithm.EDDSA), "alg": name, "key_ops": ["verify"]})


NAMES = st.sampled_from(["kty", "crv", "x", "y", "n", "e", "use", "alg", "kid"])
VALUES = st.sampled_from(["RSA", "EC", "OKP", "P-256", "Ed25519", "AQAB", "A" * 43, "sig"]) | st.text() | st.none()


@given(st.dictionaries(NAMES, VALUES | st.integers() | st.lists(st.text(max_size=2), max_size=2)))
def test_never_fails_in_another_way(jwk: JsonObject) -> None:
    try:
        jwk_to_public_key(jwk)
    except BadgesError:
        return
