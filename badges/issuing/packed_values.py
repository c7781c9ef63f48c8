"""The values of a credential as few bytes, and back: what is kept of a badge beside the pattern of its text.

Each kind of slot has a form of its own; what it takes, the template has checked, so there is one spelling of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from badges.errors import StandardsError
from badges.issuing.credential_template import Slot, Values

_SIGNATURE_BYTES: Final = 64
_MOMENT_BYTES: Final = 6
_INDEX_BYTES: Final = 4
_LENGTH_BYTES: Final = 3
_HASH_PREFIX: Final = "sha256$"
_FIXED: Final = {
    Slot.SUBJECT_ID: 16,
    Slot.IDENTITY_HASH: 32,
    Slot.SALT: 16,
    Slot.VALID_FROM: _MOMENT_BYTES,
    Slot.VALID_UNTIL: _MOMENT_BYTES,
    Slot.STATUS_INDEX: _INDEX_BYTES,
}
_NOT_DIGITS: Final = str.maketrans("", "", "-T:Z")


class PackedValuesError(StandardsError):
    """These bytes are not what was packed."""


def pack_values(values: Values, signature: bytes) -> bytes:
    """Return a credential's values and signature, but for the number of its award, which is known elsewhere."""
    pieces = [signature]
    for slot, value in values.items():
        if slot is Slot.SUBJECT_ID:
            pieces.append(bytes.fromhex(value.replace("-", "")))
        elif slot is Slot.IDENTITY_HASH:
            pieces.append(bytes.fromhex(value[len(_HASH_PREFIX) :]))
        elif slot is Slot.SALT:
            pieces.append(bytes.fromhex(value))
        elif slot is Slot.VALID_FROM or slot is Slot.VALID_UNTIL:
            pieces.append(int(value.translate(_NOT_DIGITS)).to_bytes(_MOMENT_BYTES, "big"))
        elif slot is Slot.STATUS_INDEX:
            pieces.append(int(value).to_bytes(_INDEX_BYTES, "big"))
        elif slot is not Slot.AWARD_ID:
            text = value.encode()
            pieces += (len(text).to_bytes(_LENGTH_BYTES, "big"), text)
    return b"".join(pieces)


def unpack_values(packed: bytes, slots: Sequence[Slot], award_id: UUID) -> tuple[dict[Slot, str], bytes]:
    """Return the values and the signature that were packed. slots: in the order in which they were.

    Raises PackedValuesError for other bytes.
    """
    place = _SIGNATURE_BYTES
    values: dict[Slot, str] = {}
    for slot in slots:
        if slot is Slot.AWARD_ID:
            values[slot] = str(award_id)
            continue
        size = _FIXED.get(slot)
        if size is None:
            size = int.from_bytes(packed[place : place + _LENGTH_BYTES], "big")
            place += _LENGTH_BYTES
        piece = packed[place : place + size]
        if len(piece) != size:
            raise PackedValuesError("The kept values of a badge break off.")
        values[slot] = _read(slot, piece)
        place += size
    if place != len(packed):
        raise PackedValuesError("The kept values of a badge have something behind their end.")
    return values, packed[:_SIGNATURE_BYTES]


def _read(slot: Slot, piece: bytes) -> str:
    if slot is Slot.SUBJECT_ID:
        return str(UUID(bytes=piece))
    if slot is Slot.IDENTITY_HASH:
        return _HASH_PREFIX + piece.hex()
    if slot is Slot.SALT:
        return piece.hex()
    if slot is Slot.STATUS_INDEX:
        return str(int.from_bytes(piece, "big"))
    if slot in (Slot.VALID_FROM, Slot.VALID_UNTIL):
        digits = f"{int.from_bytes(piece, 'big'):014d}"
        return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{digits[8:10]}:{digits[10:12]}:{digits[12:]}Z"
    try:
        return piece.decode()
    except UnicodeDecodeError as problem:
        raise PackedValuesError("The kept values of a badge are damaged.") from problem
