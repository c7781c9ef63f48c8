"""Public keys as PEM texts, as Open Badges 2.0 and older documents publish them."""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from badges.errors import StandardsError
from badges.standards.did.ed25519 import WeakEd25519KeyError, ed25519_from_bytes
from badges.standards.did.jwk import JwkError, check_rsa_strength
from badges.standards.signer import PublicKey
from badges.vocab.json import JsonValue

MAXIMUM_CHARACTERS: Final = 8 * 1024


class PemError(StandardsError):
    """A text is no public key in PEM, or one of a kind or size that cannot be trusted."""


def pem_to_public_key(pem: JsonValue) -> PublicKey:
    """Return the key of a PEM text (SubjectPublicKeyInfo, or PKCS#1 for RSA).

    Raises PemError if it is none, weak, or not RSA, P-256, P-384 or Ed25519.
    Source: RFC 7468, section 13; Open Badges 2.0, "CryptographicKey".
    """
    if not isinstance(pem, str) or len(pem) > MAXIMUM_CHARACTERS:
        raise PemError("The key document holds no public key that can be read.")
    try:
        key = load_pem_public_key(pem.encode("ascii", "replace"))
        if isinstance(key, Ed25519PublicKey):
            return ed25519_from_bytes(key.public_bytes_raw())
    except WeakEd25519KeyError as error:
        raise PemError(error.message) from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise PemError("The key document holds no public key that can be read.") from error
    if isinstance(key, RSAPublicKey):
        try:
            check_rsa_strength(key)
        except JwkError as error:
            raise PemError("The key is too weak: %(reason)s", reason=error) from error
        return key
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1 | SECP384R1):
        return key
    raise PemError("The key is of a kind or size that cannot be trusted.")
