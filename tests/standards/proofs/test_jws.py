"""Compact signatures: strict reading, and no choice of algorithm for a stranger."""

from __future__ import annotations

import json
from itertools import product

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from hypothesis import given, settings
from hypothesis import strategies as st

from badges.errors import BadgesError, RefusedError
from badges.standards.base64url import encode_base64url
from badges.standards.proofs.errors import (
    InvalidSignatureError,
    MalformedProofError,
    ProofError,
    UnsupportedProofError,
)
from badges.standards.proofs.jws import parse_compact, sign_compact, verify_compact
from badges.standards.signer import KeyAlgorithm
from tests.standards.local_signer import LocalSigner, signer_for

ALL = frozenset(KeyAlgorithm)


def sign(algorithm: KeyAlgorithm, payload: bytes = b'{"a":1}') -> str:
    return sign_compact({"alg": algorithm.value, "typ": "JWT"}, payload, signer_for(algorithm))


def part(text: str) -> str:
    return encode_base64url(text.encode("utf-8"))


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
def test_signs_what_it_and_pyjwt_verify(algorithm: KeyAlgorithm) -> None:
    text = sign(algorithm)
    parsed = parse_compact(text)
    verify_compact(parsed, signer_for(algorithm).public_key, {algorithm})
    assert parsed.payload == b'{"a":1}'
    assert jwt.decode(text, signer_for(algorithm).public_key, algorithms=[algorithm.value]) == {"a": 1}


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
def test_verifies_what_pyjwt_signs(algorithm: KeyAlgorithm) -> None:
    text = jwt.encode({"a": 1}, signer_for(algorithm).private_key, algorithm=algorithm.value)
    verify_compact(parse_compact(text), signer_for(algorithm).public_key, ALL)


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
def test_notices_every_changed_byte_of_payload_and_signature(algorithm: KeyAlgorithm) -> None:
    header, _, signature = sign(algorithm).split(".")
    with pytest.raises(InvalidSignatureError):
        verify_compact(
            parse_compact(header + "." + part('{"a":2}') + "." + signature), signer_for(algorithm).public_key, ALL
        )
    parsed = parse_compact(sign(algorithm))
    for broken in (parsed.signature[:-1], b"", bytes(len(parsed.signature)), parsed.signature + b"\0"):
        text = f"{parsed.signing_input.decode()}.{encode_base64url(broken)}"
        with pytest.raises(ProofError):
            verify_compact(parse_compact(text), signer_for(algorithm).public_key, ALL)


@pytest.mark.parametrize(("named", "held"), [(a, b) for a, b in product(KeyAlgorithm, repeat=2) if a is not b])
def test_the_algorithm_must_fit_the_key(named: KeyAlgorithm, held: KeyAlgorithm) -> None:
    with pytest.raises(MalformedProofError):
        verify_compact(parse_compact(sign(named)), signer_for(held).public_key, ALL)


@pytest.mark.parametrize("name", ["none", "None", "", "HS256", "HS512", "RS1", "PS256", None, 1, ["RS256"], "rs256"])
def test_other_algorithms_are_never_accepted(name: object) -> None:
    text = f"{part(json.dumps({'alg': name}))}.{part('{}')}."
    with pytest.raises(UnsupportedProofError):
        verify_compact(parse_compact(text), signer_for(KeyAlgorithm.RS256).public_key, ALL)


def test_the_public_key_is_no_secret_for_hmac() -> None:
    """RFC 8725, section 2.1: the public key as an HMAC secret."""
    header, payload = part('{"alg":"HS256"}'), part("{}")
    with pytest.raises(UnsupportedProofError):
        verify_compact(
            parse_compact(f"{header}.{payload}.{part('x' * 32)}"), signer_for(KeyAlgorithm.RS256).public_key, ALL
        )


def test_the_caller_chooses_the_algorithms() -> None:
    with pytest.raises(UnsupportedProofError):
        verify_compact(
            parse_compact(sign(KeyAlgorithm.EDDSA)),
            signer_for(KeyAlgorithm.EDDSA).public_key,
            {KeyAlgorithm.RS256},
        )


def test_a_short_rsa_key_is_refused() -> None:
    weak = LocalSigner(generate_private_key(public_exponent=65537, key_size=1024), KeyAlgorithm.RS256)
    parsed = parse_compact(sign_compact({"alg": "RS256"}, b"{}", weak))
    with pytest.raises(MalformedProofError):
        verify_compact(parsed, weak.public_key, ALL)


def test_the_header_names_the_signers_algorithm() -> None:
    with pytest.raises(MalformedProofError):
        sign_compact({"alg": "RS256"}, b"{}", signer_for(KeyAlgorithm.EDDSA))


GOOD = part('{"alg":"EdDSA"}')


@pytest.mark.parametrize(
    "text",
    [
        "",
        "..",
        "a.b",
        f"{GOOD}..x",
        f"{GOOD}.e30",
        f"{GOOD}.e30.AA.AA",
        f"{GOOD}=.e30.AA",
        f"{GOOD}.e30.AB",
        f"{GOOD}.e30.A A",
        f"{GOOD}.e30.AA\n",
        f"{GOOD}.e3+.AA",
        part("[]") + ".e30.AA",
        part("{") + ".e30.AA",
        part('{"alg":"EdDSA","alg":"none"}') + ".e30.AA",
        part('{"alg":"EdDSA","crit":["b64"]}') + ".e30.AA",
        part('{"alg":"EdDSA","crit":[]}') + ".e30.AA",
        part('{"alg":"EdDSA","b64":false}') + ".e30.AA",
        part('{"alg":"EdDSA","b64":true}') + ".e30.AA",
        part('{"alg":' + "[" * 40 + "]" * 40) + ".e30.AA",
    ],
)
def test_refuses_what_is_no_compact_jws(text: str) -> None:
    with pytest.raises(MalformedProofError):
        parse_compact(text)


def test_refuses_what_is_too_large_or_deep() -> None:
    with pytest.raises(RefusedError):
        parse_compact(f"{GOOD}.{'A' * 6_000_000}.AA")
    with pytest.raises(MalformedProofError):
        parse_compact(f"{part(json.dumps({'alg': 'x' * 20_000}))}.e30.AA")
    with pytest.raises(RefusedError):
        parse_compact(part("[" * 100 + "]" * 100) + ".e30.AA")


@settings(max_examples=300)
@given(st.text('eyJhbGciOiJ.-_=A{}"é', max_size=60))
def test_never_fails_in_another_way(text: str) -> None:
    try:
        verify_compact(parse_compact(text), signer_for(KeyAlgorithm.EDDSA).public_key, ALL)
    except BadgesError:
        return
    pytest.fail("nothing of this can be signed")
