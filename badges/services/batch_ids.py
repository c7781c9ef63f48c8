"""The ids of a batch's awards: made from its seed and the number of the row, so that every try gives the same ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

_ROWS_A_MILLISECOND = 4096
_RANDOM_BITS = (1 << 62) - 1


@dataclass(frozen=True, slots=True)
class RowIds:
    """What is random in one row's award. salt: hexadecimal, of the hashed address."""

    award_id: UUID
    subject_id: UUID
    mail_id: UUID
    salt: str


class BatchIds:
    """Makes the ids of one batch."""

    def __init__(self, seed: str, created_at: datetime) -> None:
        self._seed = bytes.fromhex(seed)
        self._milliseconds = int(created_at.timestamp() * 1000)

    def of_row(self, number: int) -> RowIds:
        """Return the ids of a row. The ids of awards and mails come in the order of the rows: a database keeps what
        is in order together, and writes a tenth as much. 62 bits of each are random; subjects and salts are wholly so.

        Source: RFC 9562, section 5.7 (UUID version 7) and 5.4 (version 4).
        """
        chance = blake2b(b"%d" % number, key=self._seed, digest_size=64).digest()
        later, counter = divmod(number, _ROWS_A_MILLISECOND)
        begin = (self._milliseconds + later) << 80 | 0x7 << 76 | counter << 64 | 0x2 << 62
        return RowIds(
            award_id=UUID(int=begin | int.from_bytes(chance[:8], "big") & _RANDOM_BITS),
            subject_id=UUID(bytes=chance[8:24], version=4),
            mail_id=UUID(int=begin | int.from_bytes(chance[24:32], "big") & _RANDOM_BITS),
            salt=chance[32:48].hex(),
        )
