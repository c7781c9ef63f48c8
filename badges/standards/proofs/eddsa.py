"""Ed25519, which the eddsa suites have in common."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from badges.standards.proofs.data_integrity import does_not_fit
from badges.standards.proofs.errors import UnsupportedProofError
from badges.standards.signer import PublicKey

SIGNATURE_BYTES: Final = 64


def ed25519_key(public_key: PublicKey) -> Ed25519PublicKey:
    """Return the key if it is an Ed25519 key. Raises UnsupportedProofError."""
    if not isinstance(public_key, Ed25519PublicKey):
        raise UnsupportedProofError("This proof is made with an Ed25519 key; the key given is of another kind.")
    return public_key


def verify_ed25519(public_key: Ed25519PublicKey, signature: bytes, data: bytes) -> None:
    """Check a signature. Raises InvalidSignatureError. Source: RFC 8032, section 5.1.7."""
    if not _fits(public_key.public_bytes_raw(), signature, data):
        raise does_not_fit()


@lru_cache(maxsize=2048)
def _fits(raw_key: bytes, signature: bytes, data: bytes) -> bool:
    """Whether a signature fits. Remembered, because thousands of badges point at the same status list."""
    try:
        Ed25519PublicKey.from_public_bytes(raw_key).verify(signature, data)
    except InvalidSignature:
        return False
    return True
