"""What signs: the side of a key that the standards see. The keys themselves are in `badges/keyring/`."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol, TypeAlias

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

PublicKey: TypeAlias = Ed25519PublicKey | EllipticCurvePublicKey | RSAPublicKey


class KeyAlgorithm(StrEnum):
    """The JOSE name of what a key does."""

    EDDSA = "EdDSA"
    RS256 = "RS256"
    ES256 = "ES256"
    ES384 = "ES384"


class Signer(Protocol):
    """Signs bytes with one key. Ed25519: RFC 8032. RS256: PKCS#1 v1.5 with SHA-256. ES256: r || s (RFC 7518, 3.4)."""

    @property
    def key_id(self) -> str:
        """The key's short identifier, as in its address."""
        ...

    @property
    def algorithm(self) -> KeyAlgorithm: ...

    @property
    def public_key(self) -> PublicKey: ...

    def sign(self, data: bytes) -> bytes:
        """Return the signature over data. Raises UnavailableError when the key cannot be reached."""
        ...
