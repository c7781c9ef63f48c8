"""Public keys as JSON Web Keys, read with suspicion."""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    SECP384R1,
    EllipticCurve,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from badges.errors import StandardsError
from badges.standards.base64url import Base64UrlError, decode_base64url, encode_base64url
from badges.standards.did.ed25519 import WeakEd25519KeyError, ed25519_from_bytes
from badges.standards.signer import KeyAlgorithm, PublicKey
from badges.vocab.json import JsonObject

MINIMUM_RSA_BITS: Final = 2048
MAXIMUM_RSA_BITS: Final = 8192
MINIMUM_RSA_EXPONENT: Final = 65537
MAXIMUM_RSA_EXPONENT: Final = 2**32

PRIVATE_MEMBERS: Final = frozenset(("d", "p", "q", "dp", "dq", "qi", "oth", "k"))

_CURVES: Final[dict[str, tuple[type[EllipticCurve], int]]] = {
    "P-256": (SECP256R1, 32),
    "P-384": (SECP384R1, 48),
}
# RFC 7518, 3.1; RFC 8037, 3.1; RFC 9864, 2.2. The first name is the one that we write.
_ALGORITHMS: Final = {
    "RSA": ("RS256",),
    "P-256": ("ES256",),
    "P-384": ("ES384",),
    "Ed25519": ("EdDSA", "Ed25519"),
}


class JwkError(StandardsError):
    """A JSON Web Key is malformed, weak, private, or of a kind that is not supported."""


class PrivateJwkError(JwkError):
    """A JSON Web Key that should be public has a private member."""


def public_key_to_jwk(key: PublicKey, key_id: str, algorithm: KeyAlgorithm) -> JsonObject:
    """Return a public key as a JWK with kid, use and alg.

    Raises JwkError for a curve that has no JOSE name here.
    Source: RFC 7517, section 4; RFC 7518, section 6; RFC 8037, section 2.
    """
    return {**_key_members(key), "kid": key_id, "use": "sig", "alg": algorithm.value}


def jwk_to_public_key(jwk: JsonObject) -> PublicKey:
    """Return the key of a public JWK.

    Raises PrivateJwkError if it has a private member; JwkError if it is malformed, of another kind or meant for
    something else than checking signatures of ours, a point off its curve, an RSA modulus outside 2048 to 8192
    bits or even, an RSA exponent below 65537, or an Ed25519 point of small order.
    Source: RFC 7517, section 4; RFC 7518, section 6; RFC 8037, section 2; NIST SP 800-56B, section 6.2.
    """
    key = _read_key(jwk)
    algorithms = _ALGORITHMS[kind_of(key)]
    if jwk.get("alg", algorithms[0]) not in algorithms:
        raise JwkError("This key is for signatures of the kind %(kind)s.", kind=str(jwk["alg"])[:40])
    return key


def _read_key(jwk: JsonObject) -> PublicKey:
    private = PRIVATE_MEMBERS & jwk.keys()
    if private:
        raise PrivateJwkError("This key has the private member %(name)s.", name=min(private))
    if jwk.get("use", "sig") != "sig":
        raise JwkError("This key is not for signatures.")
    operations = jwk.get("key_ops", ["verify"])
    if not isinstance(operations, list) or "verify" not in operations:
        raise JwkError("This key is not for checking signatures.")
    kind = jwk.get("kty")
    if kind == "RSA":
        return _rsa_key(jwk)
    if kind == "EC":
        return _curve_key(jwk)
    if kind == "OKP" and jwk.get("crv") == "Ed25519":
        return _ed25519_key(jwk)
    raise JwkError("This JSON Web Key is of a kind that is not supported: RSA, P-256, P-384 and Ed25519 are.")


def check_rsa_strength(key: RSAPublicKey) -> None:
    """Check the size of an RSA key and its exponent. Raises JwkError."""
    numbers = key.public_numbers()
    _check_rsa_numbers(numbers.n, numbers.e)


def kind_of(key: PublicKey) -> str:
    """Return the name of a key's curve, or "RSA". Raises JwkError for a curve that has no JOSE name here."""
    return str(_key_members(key).get("crv", "RSA"))


def _key_members(key: PublicKey) -> JsonObject:
    if isinstance(key, Ed25519PublicKey):
        raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return {"kty": "OKP", "crv": "Ed25519", "x": encode_base64url(raw)}
    if isinstance(key, RSAPublicKey):
        numbers = key.public_numbers()
        return {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}
    for name, (curve, size) in _CURVES.items():
        if isinstance(key.curve, curve):
            point = key.public_numbers()
            return {"kty": "EC", "crv": name, "x": _number(point.x, size), "y": _number(point.y, size)}
    raise JwkError("Keys on the curve %(curve)s are not supported.", curve=key.curve.name)


def _number(value: int, size: int = 0) -> str:
    return encode_base64url(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


def _bytes_member(jwk: JsonObject, name: str, size: int = 0) -> bytes:
    value = jwk.get(name)
    if not isinstance(value, str):
        raise JwkError('The key has no text member "%(name)s".', name=name)
    try:
        data = decode_base64url(value, maximum_bytes=MAXIMUM_RSA_BITS)
    except Base64UrlError as error:
        raise JwkError('The member "%(name)s" of the key is not base64url.', name=name) from error
    if not data or (size and len(data) != size):
        raise JwkError('The member "%(name)s" of the key has the wrong length.', name=name)
    return data


def _ed25519_key(jwk: JsonObject) -> Ed25519PublicKey:
    try:
        return ed25519_from_bytes(_bytes_member(jwk, "x", 32))
    except WeakEd25519KeyError as error:
        raise JwkError(error.message) from error


def _rsa_key(jwk: JsonObject) -> RSAPublicKey:
    modulus = int.from_bytes(_bytes_member(jwk, "n"), "big")
    exponent = int.from_bytes(_bytes_member(jwk, "e"), "big")
    _check_rsa_numbers(modulus, exponent)
    try:
        return RSAPublicNumbers(exponent, modulus).public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise JwkError("The numbers of this RSA key do not fit together.") from error


def _check_rsa_numbers(modulus: int, exponent: int) -> None:
    if not MINIMUM_RSA_BITS <= modulus.bit_length() <= MAXIMUM_RSA_BITS:
        raise JwkError("An RSA key has 2048 to 8192 bits, not %(bits)s.", bits=modulus.bit_length())
    if modulus % 2 == 0 or exponent % 2 == 0:
        raise JwkError("The numbers of an RSA key are odd; these are not.")
    if not MINIMUM_RSA_EXPONENT <= exponent < MAXIMUM_RSA_EXPONENT:
        raise JwkError("The exponent of this RSA key is outside what is safe (65537 is usual).")


def _curve_key(jwk: JsonObject) -> EllipticCurvePublicKey:
    name = jwk.get("crv")
    if not isinstance(name, str) or name not in _CURVES:
        raise JwkError("Only the curves P-256 and P-384 are supported.")
    curve, size = _CURVES[name]
    x, y = (int.from_bytes(_bytes_member(jwk, member, size), "big") for member in ("x", "y"))
    try:
        return EllipticCurvePublicNumbers(x, y, curve()).public_key()
    except ValueError as error:
        raise JwkError("This key is no point of its curve.") from error
