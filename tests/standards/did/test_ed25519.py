"""Ed25519 keys with which anybody could sign, and where they might come in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from badges.errors import StandardsError
from badges.standards.base64url import encode_base64url
from badges.standards.did.controller import find_verification_method
from badges.standards.did.ed25519 import ed25519_from_bytes
from badges.standards.did.jwk import jwk_to_public_key
from badges.standards.did.multikey import decode_public_key, encode_base58
from badges.standards.did.pem import pem_to_public_key
from badges.standards.proofs.eddsa import ed25519_key
from tests.standards.local_signer import ed25519_signer

PRIME: Final = 2**255 - 19
D: Final = -121665 * pow(121666, -1, PRIME) % PRIME
SQRT_OF_MINUS_1: Final = pow(2, (PRIME - 1) // 4, PRIME)
Point = tuple[int, int]


def add(one: Point, other: Point) -> Point:
    """Source: RFC 8032, section 5.1.4, in plain coordinates."""
    (x1, y1), (x2, y2) = one, other
    product = D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, PRIME)
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, PRIME)
    return x % PRIME, y % PRIME


def point_of_order_8() -> Point:
    """A point whose double is (sqrt(-1), 0): there x = y * sqrt(-1) or its negative, and -x^2 + y^2 = 1 + d x^2 y^2."""
    for root in (SQRT_OF_MINUS_1, PRIME - SQRT_OF_MINUS_1):
        # With x = root * y: 2 y^2 = 1 - d y^4, a square equation for y^2.
        discriminant = square_root(1 + D)
        for sign in (1, -1):
            y = square_root((-1 + sign * discriminant) * pow(D, -1, PRIME) % PRIME) if discriminant else 0
            if y:
                return root * y % PRIME, y
    raise AssertionError


def square_root(value: int) -> int:
    """A square root, or 0 if there is none. Source: RFC 8032, section 5.1.3."""
    root = pow(value, (PRIME + 3) // 8, PRIME)
    for candidate in (root, root * SQRT_OF_MINUS_1 % PRIME):
        if candidate * candidate % PRIME == value % PRIME:
            return candidate
    return 0


def small_points() -> list[Point]:
    generator = point_of_order_8()
    points = [(0, 1)]
    for _ in range(7):
        points.append(add(points[-1], generator))
    assert len(set(points)) == 8
    assert add(points[-1], generator) == (0, 1)
    return points


def encoded(point: Point) -> bytes:
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


WEAK: Final = [
    *map(encoded, small_points()),
    (1 | 1 << 255).to_bytes(32, "little"),  # zero with a sign
    *((PRIME + y).to_bytes(32, "little") for y in range(19)),  # beyond the prime
]


def from_multikey(raw: bytes) -> object:
    return decode_public_key("z" + encode_base58(b"\xed\x01" + raw))


def from_jwk(raw: bytes) -> object:
    return jwk_to_public_key({"kty": "OKP", "crv": "Ed25519", "x": encode_base64url(raw)})


def from_pem(raw: bytes) -> object:
    key = Ed25519PublicKey.from_public_bytes(raw)
    return pem_to_public_key(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


def from_base58(raw: bytes) -> object:
    method = {
        "id": "did:example:a#key",
        "type": "Ed25519VerificationKey2018",
        "controller": "did:example:a",
        "publicKeyBase58": encode_base58(raw),
    }
    document = {"id": "did:example:a", "verificationMethod": [method], "assertionMethod": ["did:example:a#key"]}
    return find_verification_method(document, "did:example:a#key").public_key


READERS: Final[list[Callable[[bytes], object]]] = [ed25519_from_bytes, from_multikey, from_jwk, from_pem, from_base58]


def test_the_danger_is_real() -> None:
    """With the neutral point as key, one signature fits every text."""
    key = Ed25519PublicKey.from_public_bytes(encoded((0, 1)))
    for text in (b"a badge", b"another badge"):
        ed25519_key(key).verify(encoded((0, 1)) + bytes(32), text)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("raw", WEAK, ids=bytes.hex)
def test_a_key_for_everybody_is_refused_wherever_it_comes_from(read: Callable[[bytes], object], raw: bytes) -> None:
    with pytest.raises(StandardsError, match="anybody could sign"):
        read(raw)


@pytest.mark.parametrize("read", READERS)
def test_an_honest_key_is_read(read: Callable[[bytes], object]) -> None:
    key = ed25519_signer().public_key
    assert isinstance(key, Ed25519PublicKey)
    assert read(key.public_bytes_raw()) == key
