"""Ed25519 public keys out of their 32 bytes, but not those for which one signature fits every text."""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from badges.errors import StandardsError

_PRIME: Final = 2**255 - 19
_OF_ORDER_8: Final = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
# The y coordinates of the eight points whose order divides eight.
_SMALL_ORDER: Final = frozenset((0, 1, _PRIME - 1, _OF_ORDER_8, _PRIME - _OF_ORDER_8))


class WeakEd25519KeyError(StandardsError):
    """The bytes are a point that nobody can own as a key, or a second spelling of a point."""


def ed25519_from_bytes(raw: bytes) -> Ed25519PublicKey:
    """Return the public key of 32 bytes.

    With a point of small order as its key anybody can write a signature that fits whatever is signed.

    Raises WeakEd25519KeyError for such a point, or a coordinate beyond the prime.
    Source: RFC 8032, section 5.1.3; NIST SP 800-186, appendix D.1.3 (validation of public keys).
    """
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    if y >= _PRIME or y in _SMALL_ORDER:
        raise WeakEd25519KeyError("This Ed25519 key is one with which anybody could sign.")
    return Ed25519PublicKey.from_public_bytes(raw)
