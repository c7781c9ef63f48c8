"""Tokens (JWT, JWS): every letter, headers that lie, keys in each other's place, signatures spelled otherwise."""

from __future__ import annotations

import hmac
import json
from hashlib import sha256
from typing import Final

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from badges.standards.base64url import decode_base64url, encode_base64url
from badges.standards.signer import KeyAlgorithm
from badges.verifying.report import CheckName, Outcome, Verdict
from badges.vocab.json import JsonObject, JsonValue
from tests.verifying.making import DID_URL, ISSUER, JWKS_URL, KEY_URL, FreshSigner, World, jwt_text
from tests.verifying.mutations.forms import ES256, ES256_KEY_URL, LIBRARY, WORLD, Form, check, token_forms
from tests.verifying.mutations.judging import P256_ORDER, hold

SOME = settings(max_examples=40, deadline=None)
each_token = pytest.mark.parametrize("form", token_forms(), ids=lambda form: form.name)
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
STRANGER: Final = FreshSigner(KeyAlgorithm.RS256, 5)
STRANGER_URL: Final = "https://stranger.example/key.jwk"


def parts(form: Form) -> list[str]:
    return form.data.decode().split(".")


def decoded(part: str) -> JsonObject:
    found: JsonObject = json.loads(decode_base64url(part, maximum_bytes=100_000))
    return found


def encoded(value: JsonValue) -> str:
    return encode_base64url(json.dumps(value).encode())


@each_token
@SOME
@given(data=st.data())
def test_one_letter(form: Form, data: st.DataObject) -> None:
    text = form.data.decode()
    position = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from(LETTERS + ".=+/ \n~"))
    assume(text[position] != letter)
    changed = text[:position] + letter + text[position + 1 :]
    assert hold(form, changed.encode()).verdict is not Verdict.VALID


@each_token
def test_another_spelling_of_the_same_bytes_is_refused(form: Form) -> None:
    """Base64 has bits to spare and may be padded; base64url in a JWS may not. Source: RFC 7515, section 2."""
    head, payload, signature = parts(form)
    for changed in (
        f"{head}.{payload}.{signature}=",
        f"{head}=.{payload}.{signature}",
        f"{head}.{payload}.{signature[:-1]}{LETTERS[LETTERS.index(signature[-1]) ^ 1]}",
        f"{head}.{payload}.{signature}.",
        f"{head}.{payload}",
        f"{head}.{payload}.",
        f".{payload}.{signature}",
        f"{head}..{signature}",
        f"{head}.\n{payload}.{signature}",
        json.dumps({"protected": head, "payload": payload, "signature": signature}),
    ):
        assert hold(form, changed.encode()).verdict is not Verdict.VALID


@each_token
def test_white_space_around_it_says_nothing(form: Form) -> None:
    assert hold(form, b"\xef\xbb\xbf \r\n" + form.data + b"\n").verdict is Verdict.VALID


@each_token
@SOME
@given(data=st.data())
def test_one_value_of_header_or_payload_with_the_old_signature(form: Form, data: st.DataObject) -> None:
    head, payload, signature = parts(form)
    which = data.draw(st.sampled_from([0, 1]))
    document = decoded((head, payload)[which])
    name = data.draw(st.sampled_from([*document, "alg", "kid", "jwk", "typ", "crit", "b64", "zip", "x5u", "exp"]))
    document[name] = data.draw(st.sampled_from([None, "none", "", 0, [], {}, "RS256", "HS256", "x", True, 2**53 + 1]))
    changed = [encoded(document), payload] if which == 0 else [head, encoded(document)]
    assume(changed != [head, payload])
    assert hold(form, ".".join([*changed, signature]).encode()).verdict is not Verdict.VALID


def thumbprint(jwk: JsonObject) -> bytes:
    """Source: RFC 7638, section 3."""
    required = {name: jwk[name] for name in ("crv", "e", "kty", "n", "x", "y") if name in jwk}
    return encode_base64url(sha256(json.dumps(required, separators=(",", ":")).encode()).digest()).encode()


def secrets_of(signer: FreshSigner) -> dict[str, bytes]:
    """Every text of a public key that a careless checker may take for the secret of an HMAC."""
    public = signer.public_key
    jwk = signer.jwk
    return {
        "PEM": signer.pem.encode(),
        "PEM, no line feed": signer.pem.strip().encode(),
        "DER": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "JWK": json.dumps(jwk).encode(),
        "JWK, short": json.dumps(jwk, separators=(",", ":")).encode(),
        "modulus": str(jwk.get("n", jwk.get("x"))).encode(),
        "kid": KEY_URL.encode(),
        "thumbprint": thumbprint(jwk),
        "empty": b"",
    }


@each_token
@pytest.mark.parametrize("secret", secrets_of(LIBRARY.rsa))
@pytest.mark.parametrize("algorithm", ["HS256", "hs256", "HS384", "HS512"])
def test_an_hmac_with_the_public_key_as_its_secret(form: Form, algorithm: str, secret: str) -> None:
    """Source: RFC 8725, section 2.1."""
    head, payload, _ = parts(form)
    header = encoded({**decoded(head), "alg": algorithm})
    key = secrets_of(ES256 if form.name == "ES256" else LIBRARY.rsa)[secret]
    signature = encode_base64url(hmac.new(key, f"{header}.{payload}".encode(), sha256).digest())
    report = hold(form, f"{header}.{payload}.{signature}".encode())
    assert report.verdict is Verdict.INVALID


@each_token
@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", "", None, 0, [], ["RS256"], {"RS256": 1}, True])
def test_no_algorithm(form: Form, algorithm: JsonValue) -> None:
    head, payload, signature = parts(form)
    header = encoded({**decoded(head), "alg": algorithm})
    for ending in ("", signature, "AA", encode_base64url(b"none")):
        assert hold(form, f"{header}.{payload}.{ending}".encode()).verdict is Verdict.INVALID


@each_token
@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "PS256", "ES256", "ES384", "ES256K", "EdDSA", "Ed25519"])
def test_another_algorithm_with_the_old_signature(form: Form, algorithm: str) -> None:
    head, payload, signature = parts(form)
    assume_other = decoded(head)["alg"] != algorithm
    header = encoded({**decoded(head), "alg": algorithm})
    if assume_other:
        assert hold(form, f"{header}.{payload}.{signature}".encode()).verdict is not Verdict.VALID


def test_the_twin_of_an_ecdsa_signature_is_the_only_change_that_fits() -> None:
    """(r, s) and (r, -s) both fit; nobody else can make either, and no word of the badge differs."""
    form = next(form for form in token_forms() if form.name == "ES256")
    head, payload, signature = parts(form)
    raw = decode_base64url(signature, maximum_bytes=100)
    r, s = raw[:32], int.from_bytes(raw[32:], "big")
    twin = r + (P256_ORDER - s).to_bytes(32, "big")
    assert hold(form, f"{head}.{payload}.{encode_base64url(twin)}".encode()).verdict is Verdict.VALID
    for changed in (
        bytes(64),
        r + bytes(32),
        bytes(32) + raw[32:],
        raw + b"\0",
        b"\0" + raw,
        raw[:-1],
        r + (P256_ORDER).to_bytes(32, "big"),
        P256_ORDER.to_bytes(32, "big") + raw[32:],
        bytes([0x30, 0x44, 0x02, 0x20]) + r + bytes([0x02, 0x20]) + raw[32:],
        raw[32:] + r,
    ):
        text = f"{head}.{payload}.{encode_base64url(changed)}"
        assert hold(form, text.encode()).verdict is Verdict.INVALID


def test_an_eddsa_signature_has_one_spelling() -> None:
    """S and S + L both fit the equation; the second is refused. Source: RFC 8032, section 5.1.7, step 1."""
    form = next(form for form in token_forms() if form.name == "EdDSA")
    head, payload, signature = parts(form)
    raw = decode_base64url(signature, maximum_bytes=100)
    order = 2**252 + 27742317777372353535851937790883648493
    s = int.from_bytes(raw[32:], "little")
    for factor in range(1, 15):
        other = raw[:32] + (s + factor * order).to_bytes(32, "little")
        text = f"{head}.{payload}.{encode_base64url(other)}"
        assert hold(form, text.encode()).verdict is Verdict.INVALID


def test_an_rsa_signature_has_one_length() -> None:
    form = token_forms()[0]
    head, payload, signature = parts(form)
    raw = decode_base64url(signature, maximum_bytes=1000)
    modulus = decode_base64url(LIBRARY.rsa.jwk["n"], maximum_bytes=1000)
    beyond = int.from_bytes(raw, "big") + int.from_bytes(modulus, "big")
    changes = [b"\0" + raw, raw[1:], raw + b"\0", b"", bytes(256), b"\0" * 255 + b"\1"]
    if beyond.bit_length() <= 2048:
        changes.append(beyond.to_bytes(256, "big"))
    for changed in changes:
        text = f"{head}.{payload}.{encode_base64url(changed)}"
        assert hold(form, text.encode()).verdict is not Verdict.VALID


KIDS: Final[dict[str, JsonValue]] = {
    "ours": KEY_URL,
    "ours, ES256": ES256_KEY_URL,
    "stranger": STRANGER_URL,
    "name": "key-1",
    "issuer": ISSUER,
    "method": LIBRARY.method,
    "empty": "",
    "number": 7,
    "list": [KEY_URL],
    "file": "file:///etc/passwd",
    "relative": "../keys/rsa-1.jwk",
    "fragment": KEY_URL + "#",
    "user": "https://library.example@stranger.example/key.jwk",
    "none": None,
}
# A kid that is no address of a key is a mere name: then the key in the token counts, if the issuer lists it.
NAMES: Final = frozenset({"none", "name", "empty", "file", "relative", "issuer"})
JWKS: Final[dict[str, JsonValue]] = {
    "ours": LIBRARY.rsa.jwk,
    "ours, ES256": ES256.jwk,
    "stranger": STRANGER.jwk,
    "stranger with our kid": {**STRANGER.jwk, "kid": LIBRARY.rsa.key_id, "iss": ISSUER},
    "a secret": {"kty": "oct", "k": encode_base64url(LIBRARY.rsa.pem.encode())},
    "text": json.dumps(LIBRARY.rsa.jwk),
    "set": {"keys": [LIBRARY.rsa.jwk]},
    "none": None,
}


@pytest.mark.parametrize("jwk", JWKS)
@pytest.mark.parametrize("kid", KIDS)
@pytest.mark.parametrize("signer", ["library", "stranger"])
def test_kid_and_jwk_in_all_combinations(kid: str, jwk: str, signer: str) -> None:
    """A stranger's signature is never the library's; the library's own counts only with a key of its own."""
    world = World(dict(WORLD.documents))
    world.put(STRANGER_URL, STRANGER.jwk)
    world.put("https://library.example@stranger.example/key.jwk", STRANGER.jwk)
    header: JsonObject = {"typ": "JWT"}
    if KIDS[kid] is not None:
        header["kid"] = KIDS[kid]
    if JWKS[jwk] is not None:
        header["jwk"] = JWKS[jwk]
    payload = decoded(parts(token_forms()[0])[1])
    report = check(jwt_text(header, payload, LIBRARY.rsa if signer == "library" else STRANGER), world)
    if signer == "stranger":
        assert report.verdict is not Verdict.VALID
        assert report.check(CheckName.ISSUER).outcome is not Outcome.PASSED
    elif report.verdict is Verdict.VALID:
        assert kid in {"ours", "fragment"} or (jwk == "ours" and kid in NAMES)


def test_a_header_member_named_twice_is_refused() -> None:
    _, payload, _ = parts(token_forms()[0])
    for header in (
        f'{{"alg":"RS256","kid":"{KEY_URL}","kid":"{STRANGER_URL}"}}',
        f'{{"alg":"none","\\u0061lg":"RS256","kid":"{KEY_URL}"}}',
    ):
        start = f"{encode_base64url(header.encode())}.{payload}"
        text = f"{start}.{encode_base64url(LIBRARY.rsa.sign(start.encode()))}"
        report = check(text)
        assert report.verdict is Verdict.INVALID
        assert "twice" in str(report.checks[0].message)


def test_nobody_was_asked_for_what_is_no_key() -> None:
    asked = {url for url in WORLD.asked if url not in WORLD.documents}
    assert not any(url.startswith(("file:", "..")) for url in asked)
    assert {DID_URL, JWKS_URL} <= set(WORLD.documents)
