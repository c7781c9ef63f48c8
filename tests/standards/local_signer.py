"""Signers with keys in memory, and a credential to sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    SECP384R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384

from badges.standards.signer import KeyAlgorithm, PublicKey
from badges.vocab.json import JsonObject

CREATED: Final = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
ISSUER: Final = "did:web:badges.example.org"
METHOD: Final = ISSUER + "#key-1"


@dataclass(frozen=True)
class LocalSigner:
    """A signer whose private key is in memory."""

    private_key: Ed25519PrivateKey | EllipticCurvePrivateKey | RSAPrivateKey
    algorithm: KeyAlgorithm
    key_id: str = "key-1"

    @property
    def public_key(self) -> PublicKey:
        return self.private_key.public_key()

    def sign(self, data: bytes) -> bytes:
        key = self.private_key
        if isinstance(key, Ed25519PrivateKey):
            return key.sign(data)
        if isinstance(key, RSAPrivateKey):
            return key.sign(data, PKCS1v15(), SHA256())
        is_p256 = self.algorithm is KeyAlgorithm.ES256
        r, s = decode_dss_signature(key.sign(data, ECDSA(SHA256() if is_p256 else SHA384())))
        size = 32 if is_p256 else 48
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def ed25519_signer(seed: int = 1) -> LocalSigner:
    """An Ed25519 signer; the same seed gives the same key."""
    return LocalSigner(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32), KeyAlgorithm.EDDSA)


@cache
def signer_for(algorithm: KeyAlgorithm) -> LocalSigner:
    """A signer for each algorithm."""
    if algorithm is KeyAlgorithm.EDDSA:
        return ed25519_signer()
    if algorithm is KeyAlgorithm.RS256:
        return LocalSigner(generate_private_key(public_exponent=65537, key_size=2048), algorithm)
    curve = SECP256R1() if algorithm is KeyAlgorithm.ES256 else SECP384R1()
    return LocalSigner(derive_private_key(123456789, curve), algorithm)


def credential() -> JsonObject:
    """A small badge, unsigned."""
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "https://badges.example.org/credentials/1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": ISSUER, "type": ["Profile"], "name": "Ysbyty Gwynedd"},
        "validFrom": "2026-11-22T10:30:00Z",
        "validUntil": "2027-11-22T10:30:00Z",
        "credentialSubject": {
            "id": "urn:uuid:4a8b1a0e-6a0d-4c3c-9df6-2b6d4c1c0001",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://badges.example.org/achievements/org/asked/1",
                "type": ["Achievement"],
                "name": "I asked what matters",
                "description": "Asked three patients what matters to them.",
                "criteria": {"narrative": "Ask, listen, write it down."},
            },
        },
    }
