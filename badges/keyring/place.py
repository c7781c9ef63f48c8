"""Where private keys are kept: what every kind of place can do. `KEY_PLACES` in `badges/keyring` lists them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from badges.errors import ConfigurationError
from badges.standards.did.jwk import JwkError, check_rsa_strength
from badges.standards.signer import KeyAlgorithm, PublicKey, Signer


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A key where it is kept. uri: its lasting name. signer: its public half is the one that the place itself has."""

    uri: str
    signer: Signer


class KeyPlace(Protocol):
    """A kind of place where keys are kept, named by the scheme of their URIs."""

    def open(self, uri: str) -> KeptKey:
        """Return a key that is kept here.

        Raises ConfigurationError when it is missing, refused to us, or no key that can be used; UnavailableError when
        the place does not answer.
        """
        ...

    def make(self, algorithm: KeyAlgorithm, like: str) -> KeptKey:
        """Make a new key. like: the URI of a key beside which it is to be kept, or no more than the scheme.

        Raises ConfigurationError when no keys are made here, saying what to do; UnavailableError.
        """
        ...


def key_id_of(key: PublicKey) -> str:
    """Return the short name of a key. It follows from its public half, so two keys never share one."""
    info = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(info).hexdigest()[:16]


def usable_key(key: object, uri: str) -> tuple[PublicKey, KeyAlgorithm]:
    """Return a public key and what it signs with. Raises ConfigurationError for one that is not used here."""
    if isinstance(key, ed25519.Ed25519PublicKey):
        return key, KeyAlgorithm.EDDSA
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key, KeyAlgorithm.ES256
    if isinstance(key, rsa.RSAPublicKey):
        try:
            check_rsa_strength(key)
        except JwkError as problem:
            raise ConfigurationError(
                "The signing key %(uri)s is too weak: %(problem)s", uri=uri, problem=problem
            ) from problem
        return key, KeyAlgorithm.RS256
    raise ConfigurationError(
        "The signing key %(uri)s is of a kind that is not used here: Ed25519, RSA and P-256 are.", uri=uri
    )
