"""A signer over a private key in memory."""

from __future__ import annotations

from typing import TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from badges.errors import ConfigurationError
from badges.standards.signer import KeyAlgorithm, PublicKey

PrivateKey: TypeAlias = ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def new_private_key(algorithm: KeyAlgorithm) -> PrivateKey:
    """Return a fresh private key. Raises ConfigurationError for an algorithm that nothing here signs with."""
    if algorithm is KeyAlgorithm.EDDSA:
        return ed25519.Ed25519PrivateKey.generate()
    if algorithm is KeyAlgorithm.RS256:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    if algorithm is KeyAlgorithm.ES256:
        return ec.generate_private_key(ec.SECP256R1())
    raise ConfigurationError("No keys of the kind %(kind)s are made here.", kind=algorithm)


class PrivateKeySigner:
    """Signs with a private key that this process holds."""

    def __init__(self, key_id: str, algorithm: KeyAlgorithm, private_key: PrivateKey) -> None:
        self._key_id = key_id
        self._algorithm = algorithm
        self._private_key = private_key
        self._public_key: PublicKey = private_key.public_key()

    @property
    def key_id(self) -> str:
        return self._key_id

    @property
    def algorithm(self) -> KeyAlgorithm:
        return self._algorithm

    @property
    def public_key(self) -> PublicKey:
        return self._public_key

    def sign(self, data: bytes) -> bytes:
        """Return the signature over data, in the form that JOSE and Data Integrity want."""
        key = self._private_key
        if isinstance(key, ed25519.Ed25519PrivateKey):
            return key.sign(data)
        if isinstance(key, rsa.RSAPrivateKey):
            return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return joined_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))


def joined_signature(signature: bytes) -> bytes:
    """Return a P-256 signature in DER as r and s, 32 bytes each. Source: RFC 7518, 3.4."""
    r, s = decode_dss_signature(signature)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def fits(public_key: PublicKey, signature: bytes, data: bytes) -> bool:
    """Whether a signature, in the form that a Signer returns, is this key's over data."""
    try:
        if isinstance(public_key, ed25519.Ed25519PublicKey):
            public_key.verify(signature, data)
        elif isinstance(public_key, rsa.RSAPublicKey):
            public_key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        else:
            r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
            public_key.verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def throwaway_signer(algorithm: KeyAlgorithm) -> PrivateKeySigner:
    """Return a signer whose key was made for this moment and is kept nowhere."""
    return PrivateKeySigner("throwaway", algorithm, new_private_key(algorithm))
