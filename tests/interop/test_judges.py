"""The judges judge: each accepts a good badge of others, and refuses a bad one for the right reason."""

from __future__ import annotations

import copy
import http.server
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from openbadgeslib.ob3 import add_data_integrity_proof, multikey_from_pem, resolve_did

from tests.interop.conftest import ReadBaked, ValidateOb2
from tests.interop.second_opinion import (
    openbadgeslib_unbake,
    openbadgeslib_verify_embedded,
    openbadgeslib_verify_jwt,
)

ISSUER = "did:web:badges.example.org"
DID_URL = "https://badges.example.org/.well-known/did.json"


@pytest.fixture
def sample(standards_data: Path) -> dict[str, Any]:
    """An OB 3.0 badge with an embedded proof, signed by others, whose issuer is no DID."""
    text = (standards_data / "ob30-validator-samples" / "simple.json").read_text()
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@pytest.fixture
def sample_key(sample: dict[str, Any]) -> bytes:
    """The public key of that badge, as PEM."""
    method: str = sample["proof"][0]["verificationMethod"]
    return bytes(resolve_did("did:key:" + method.partition("#")[2]))


@pytest.fixture
def unsigned(sample: dict[str, Any]) -> dict[str, Any]:
    """The same badge without its proof, of an issuer with a did:web."""
    document = copy.deepcopy(sample)
    del document["proof"]
    document["issuer"]["id"] = ISSUER
    return document


def private_pem(key: ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def public_pem(key: ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    """An issuer's RSA key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class TestEmbedded:
    """openbadgeslib on embedded proofs."""

    def test_accepts_a_badge_of_others(self, sample: dict[str, Any], sample_key: bytes) -> None:
        opinion = openbadgeslib_verify_embedded(sample, public_key_pem=sample_key)
        assert opinion.valid, opinion.reason

    def test_refuses_it_when_one_word_is_changed(self, sample: dict[str, Any], sample_key: bytes) -> None:
        sample["credentialSubject"]["achievement"]["name"] = "Leadership"
        opinion = openbadgeslib_verify_embedded(sample, public_key_pem=sample_key)
        assert not opinion.valid
        assert "signature" in opinion.reason

    def test_finds_the_key_in_the_documents(self, unsigned: dict[str, Any]) -> None:
        key = ed25519.Ed25519PrivateKey.generate()
        method = f"{ISSUER}#key-1"
        signed = add_data_integrity_proof(unsigned, private_pem(key), method)
        did_document = {
            "id": ISSUER,
            "verificationMethod": [
                {
                    "id": method,
                    "type": "Multikey",
                    "controller": ISSUER,
                    "publicKeyMultibase": multikey_from_pem(public_pem(key)),
                }
            ],
        }
        opinion = openbadgeslib_verify_embedded(signed, {DID_URL: did_document})
        assert opinion.valid, opinion.reason

        without = openbadgeslib_verify_embedded(signed, {})
        assert not without.valid
        assert f"not among the documents of this test: {DID_URL}" in without.reason


class TestJwt:
    """openbadgeslib on VC-JWT."""

    @pytest.fixture
    def token(self, unsigned: dict[str, Any], key: rsa.RSAPrivateKey) -> str:
        claims = {
            "iss": ISSUER,
            "jti": unsigned["id"],
            "sub": unsigned["credentialSubject"]["id"],
            "nbf": int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()),
        }
        headers = {"typ": "JWT", "kid": f"{ISSUER}#key-2"}
        return jwt.encode({**unsigned, **claims}, private_pem(key), algorithm="RS256", headers=headers)

    def test_accepts_a_token(self, token: str, key: rsa.RSAPrivateKey) -> None:
        opinion = openbadgeslib_verify_jwt(token, public_pem(key))
        assert opinion.valid, opinion.reason

    def test_refuses_it_with_another_key(self, token: str) -> None:
        other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        opinion = openbadgeslib_verify_jwt(token, public_pem(other))
        assert (opinion.valid, opinion.reason) == (False, "Invalid signature")

    def test_finds_the_key_in_the_documents(self, token: str, key: rsa.RSAPrivateKey) -> None:
        jwk = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        did_document = {
            "id": ISSUER,
            "verificationMethod": [
                {
                    "id": f"{ISSUER}#key-2",
                    "type": "JsonWebKey",
                    "controller": ISSUER,
                    "publicKeyJwk": jwk,
                }
            ],
        }
        opinion = openbadgeslib_verify_jwt(token, issuer_did=ISSUER, documents={DID_URL: did_document})
        assert opinion.valid, opinion.reason


class TestOb2Validator:
    """The official Open Badges 2.0 validator."""

    @pytest.fixture
    def site(self, standards_data: Path) -> Iterator[str]:
        """What https://example.org serves in the validator's own samples, on this machine."""
        samples = standards_data / "ob20-validator-samples"
        files = {
            "/beths-robotics-badge.json": samples / "basic-assertion.json",
            **{f"/{path.name}": path for path in (samples / "assets").iterdir()},
        }

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = files.get(self.path)
                body = path.read_bytes() if path else b""
                is_json = path is not None and path.suffix == ".json"
                self.send_response(200 if path else 404)
                self.send_header("Content-Type", "application/ld+json" if is_json else "image/png")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()

    @pytest.fixture
    def maps(self, site: str) -> dict[str, str]:
        return {"https://example.org": site, "http://example.org": site}

    def test_accepts_a_hosted_badge(self, ob2_validator: ValidateOb2, maps: dict[str, str]) -> None:
        report = ob2_validator("https://example.org/beths-robotics-badge.json", maps=maps)
        assert report.valid, report.messages

    def test_accepts_a_signed_badge(
        self, ob2_validator: ValidateOb2, maps: dict[str, str], standards_data: Path
    ) -> None:
        token = (standards_data / "ob20-validator-samples" / "simple.jwt").read_text()
        report = ob2_validator(token, maps=maps)
        assert report.valid, report.messages

    def test_refuses_another_recipient(self, ob2_validator: ValidateOb2, maps: dict[str, str]) -> None:
        report = ob2_validator("https://example.org/beths-robotics-badge.json", maps=maps, email="someone@example.org")
        assert not report.valid
        assert "did not match" in report.messages

    def test_refuses_what_it_cannot_reach(self, ob2_validator: ValidateOb2) -> None:
        report = ob2_validator("https://example.org/beths-robotics-badge.json")
        assert not report.valid
        assert "is not mapped to loopback" in report.messages


class TestBakery:
    """The package openbadges_bakery, and openbadgeslib's own reader."""

    def test_reads_a_png(self, bakery: ReadBaked, standards_data: Path) -> None:
        baked = bakery((standards_data / "bakery" / "baked_heart.png").read_bytes())
        assert json.loads(baked)["uid"] == "123"

    def test_reads_an_svg(self, bakery: ReadBaked, standards_data: Path) -> None:
        baked = bakery((standards_data / "bakery" / "baked_example.svg").read_bytes())
        assert baked == "https://example.org/assertion.json"

    def test_finds_nothing_in_a_plain_picture(self, bakery: ReadBaked, standards_data: Path) -> None:
        with pytest.raises(AssertionError, match="nothing baked in"):
            bakery((standards_data / "bakery" / "public_domain_heart.png").read_bytes())

    @pytest.mark.parametrize("name", ["simple-json.png", "simple-jwt.svg"])
    def test_openbadgeslib_reads_3_0_images(self, standards_data: Path, name: str) -> None:
        baked = openbadgeslib_unbake((standards_data / "ob30-validator-samples" / name).read_bytes())
        assert baked.startswith("{" if "json" in name else "eyJ")
