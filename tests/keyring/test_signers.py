"""Every kind of key signs in the form that JOSE and Data Integrity want."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from badges.keyring.signers import PrivateKey, PrivateKeySigner
from badges.standards.signer import KeyAlgorithm, PublicKey


def verify(public_key: PublicKey, signature: bytes, data: bytes) -> None:
    """Raise when the signature does not fit."""
    if isinstance(public_key, ed25519.Ed25519PublicKey):
        public_key.verify(signature, data)
    elif isinstance(public_key, rsa.RSAPublicKey):
        public_key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
    else:
        size = len(signature) // 2
        r, s = (int.from_bytes(half) for half in (signature[:size], signature[size:]))
        public_key.verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))


MAKERS: Final[dict[KeyAlgorithm, tuple[Callable[[], PrivateKey], int]]] = {
    KeyAlgorithm.EDDSA: (ed25519.Ed25519PrivateKey.generate, 64),
    KeyAlgorithm.RS256: (lambda: rsa.generate_private_key(65537, 2048), 256),
    KeyAlgorithm.ES256: (lambda: ec.generate_private_key(ec.SECP256R1()), 64),
}


@pytest.mark.parametrize("algorithm", MAKERS)
def test_signature_fits_and_has_the_fixed_length(algorithm: KeyAlgorithm) -> None:
    """Source: RFC 7518, section 3.4 (ES256 is R and S, 32 bytes each); RFC 8032 (Ed25519: 64 bytes)."""
    make, length = MAKERS[algorithm]
    key = make()
    signer = PrivateKeySigner("key-1", algorithm, key)
    for number in range(20):
        data = f"data {number}".encode()
        signature = signer.sign(data)
        assert len(signature) == length
        verify(signer.public_key, signature, data)
    assert signer.algorithm is algorithm
    assert signer.key_id == "key-1"
