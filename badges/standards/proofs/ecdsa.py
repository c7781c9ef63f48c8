"""ECDSA on P-256 and P-384, which the ecdsa suites have in common: the curve of the key decides the hash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    SECP384R1,
    EllipticCurve,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, HashAlgorithm

from badges.standards.jsonld.rdfc10 import HashName
from badges.standards.proofs.data_integrity import does_not_fit
from badges.standards.proofs.errors import UnsupportedProofError
from badges.standards.signer import PublicKey


@dataclass(frozen=True, slots=True)
class EcdsaKey:
    """A public key with the hash that goes with its curve. signature_bytes: the length of r || s."""

    public_key: EllipticCurvePublicKey
    hash_name: HashName
    algorithm: HashAlgorithm
    signature_bytes: int

    def verify(self, signature: bytes, data: bytes) -> None:
        """Check a signature, r || s. Raises InvalidSignatureError. Source: FIPS 186-5, section 6.4.2."""
        middle = len(signature) // 2
        r, s = int.from_bytes(signature[:middle], "big"), int.from_bytes(signature[middle:], "big")
        try:
            self.public_key.verify(encode_dss_signature(r, s), data, ECDSA(self.algorithm))
        except InvalidSignature as error:
            raise does_not_fit() from error


_HASHES: Final[dict[type[EllipticCurve], tuple[HashName, type[HashAlgorithm], int]]] = {
    SECP256R1: ("sha256", SHA256, 64),
    SECP384R1: ("sha384", SHA384, 96),
}


def ecdsa_key(public_key: PublicKey) -> EcdsaKey:
    """Return a P-256 key with SHA-256, or a P-384 key with SHA-384. Raises UnsupportedProofError for others.

    Source: Data Integrity ECDSA Cryptosuites v1.0, section 3.1 and 3.2.3.
    """
    found = _HASHES.get(type(public_key.curve)) if isinstance(public_key, EllipticCurvePublicKey) else None
    if found is None or not isinstance(public_key, EllipticCurvePublicKey):
        raise UnsupportedProofError("This proof is made with a P-256 or P-384 key; the key given is of another kind.")
    hash_name, algorithm, signature_bytes = found
    return EcdsaKey(public_key, hash_name, algorithm(), signature_bytes)
