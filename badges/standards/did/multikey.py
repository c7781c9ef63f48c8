"""Keys as Multikey texts (`z6Mk…`), and base58btc, in which they are written."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    SECP384R1,
    EllipticCurve,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from badges.errors import StandardsError
from badges.standards.did.ed25519 import WeakEd25519KeyError, ed25519_from_bytes
from badges.standards.signer import PublicKey

ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
MAXIMUM_LENGTH: Final = 512

_GROUP: Final = 8  # as many letters as make a number that Python adds up quickly
_VALUES: Final = {letter: value for value, letter in enumerate(ALPHABET)}
_PAIRS: Final = [first + second for first in ALPHABET for second in ALPHABET]
_ED25519: Final = b"\xed\x01"
_P256: Final = b"\x80\x24"
_P384: Final = b"\x81\x24"
_PRIVATE: Final = frozenset((b"\x80\x26", b"\x86\x26", b"\x87\x26"))


class MultikeyError(StandardsError):
    """A text is no Multikey, or one of a kind that is not supported."""


def encode_base58(data: bytes) -> str:
    """Return bytes in base58btc, without the multibase prefix.

    Source: Controlled Identifiers v1.0, section 3.5 "Base Encode".
    """
    number = int.from_bytes(data, "big")
    pairs: list[str] = []
    while number:
        number, remainder = divmod(number, 58 * 58)
        pairs.append(_PAIRS[remainder])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return ALPHABET[0] * zeros + "".join(reversed(pairs)).lstrip(ALPHABET[0])


def decode_base58(text: str) -> bytes:
    """Return the bytes of a base58btc text, without the multibase prefix.

    Raises MultikeyError for letters that are not of the alphabet, or more than MAXIMUM_LENGTH of them.
    Source: Controlled Identifiers v1.0, section 3.5 "Base Decode".
    """
    if len(text) > MAXIMUM_LENGTH:
        raise MultikeyError("A base58 text of %(length)s letters is too long.", length=len(text))
    number = 0
    for start in range(0, len(text), _GROUP):
        group = text[start : start + _GROUP]
        value = 0
        for letter in group:
            if letter not in _VALUES:
                raise MultikeyError('"%(letter)s" is no letter of base58.', letter=letter)
            value = value * 58 + _VALUES[letter]
        number = number * 58 ** len(group) + value
    zeros = len(text) - len(text.lstrip(ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def decode_multibase_base58(text: str) -> bytes:
    """Return the bytes of a multibase text that starts with "z". Raises MultikeyError."""
    if not text.startswith("z"):
        raise MultikeyError('A multibase text in base58 starts with "z".')
    return decode_base58(text[1:])


def encode_public_key(key: PublicKey) -> str:
    """Return an Ed25519, P-256 or P-384 public key as a Multikey text.

    Raises MultikeyError for another kind of key.
    Source: Controlled Identifiers v1.0, section 2.2.2 "Multikey".
    """
    if isinstance(key, Ed25519PublicKey):
        return "z" + encode_base58(_ED25519 + key.public_bytes(Encoding.Raw, PublicFormat.Raw))
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1 | SECP384R1):
        header = _P256 if isinstance(key.curve, SECP256R1) else _P384
        return "z" + encode_base58(header + key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))
    raise MultikeyError("Only Ed25519, P-256 and P-384 keys are written as a Multikey.")


@lru_cache(maxsize=1024)
def decode_public_key(text: str) -> PublicKey:
    """Return the key of a Multikey text. The keys used last are remembered.

    Raises MultikeyError if it is malformed, private, weak, of another kind, or no point of its curve.
    Source: Controlled Identifiers v1.0, section 2.2.2 "Multikey".
    """
    return decode_multikey(decode_multibase_base58(text))


def decode_multikey(data: bytes) -> PublicKey:
    """Return the key in the bytes of a Multikey, without their multibase. Raises as decode_public_key."""
    header, raw = data[:2], data[2:]
    if header in _PRIVATE:
        raise MultikeyError("This Multikey is a private key; it must never be published.")
    if header == _ED25519 and len(raw) == 32:
        return _ed25519(raw)
    if header == _P256 and len(raw) == 33:
        return _point(SECP256R1(), raw)
    if header == _P384 and len(raw) == 49:
        return _point(SECP384R1(), raw)
    raise MultikeyError("This Multikey is of a kind that is not supported; Ed25519, P-256 and P-384 are.")


def _ed25519(raw: bytes) -> Ed25519PublicKey:
    try:
        return ed25519_from_bytes(raw)
    except WeakEd25519KeyError as error:
        raise MultikeyError(error.message) from error


def _point(curve: EllipticCurve, raw: bytes) -> EllipticCurvePublicKey:
    try:
        return EllipticCurvePublicKey.from_encoded_point(curve, raw)
    except ValueError as error:
        raise MultikeyError("This Multikey is no point of its curve.") from error
