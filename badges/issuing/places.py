"""The order in which the places of a status list are given out: by chance, each once, without looking which are free.

Who was awarded one after the other must not be neighbours in a list. So the positions 0, 1, 2, … are put through a
permutation of the list's own: a Feistel network with a keyed hash, whose every step can be undone, so that no two
positions give one place. A thousand places cost no question to the database, the last as little as the first.

Source: Bitstring Status List v1.0, section 5.1 "Herd Privacy"; Luby and Rackoff, 1988.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from typing import Final

_STEPS: Final = 8
_HASH_BYTES: Final = 4


def place_at(seed: str, length: int, position: int) -> int:
    """Return the place that is given out at a position.

    seed: of the list, in hexadecimal. length: of the list, a power of two. position: from 0 to length - 1.

    Raises ValueError for another length or position.
    """
    if length < 4 or length & (length - 1) or not 0 <= position < length:
        raise ValueError(f"no position {position} in a list of {length}")
    low_bits = (length.bit_length() - 1) // 2
    high, low = position >> low_bits, position & ((1 << low_bits) - 1)
    mask_low, mask_high = (1 << low_bits) - 1, (length >> low_bits) - 1
    mix = _mixer(seed)
    for step in range(0, _STEPS, 2):
        high ^= mix(step, low) & mask_high
        low ^= mix(step + 1, high) & mask_low
    return high << low_bits | low


@lru_cache(maxsize=64)
def _mixer(seed: str) -> Callable[[int, int], int]:
    """Return a keyed hash from small numbers to 32 bits. It remembers: a half of a place has some hundred values."""
    key = bytes.fromhex(seed)

    @lru_cache(maxsize=_STEPS * 1024)
    def mix(step: int, half: int) -> int:
        return int.from_bytes(blake2b(b"%d.%d" % (step, half), key=key, digest_size=_HASH_BYTES).digest(), "big")

    return mix
