"""The exact texts of badges as they are kept: whole, or packed with a text that says nearly the same.

The badges of a batch differ in a tenth of their text. Packed with one of them as dictionary, a badge takes about 250
bytes instead of 3,000. Packing is lossless compression (DEFLATE): what comes out is, byte for byte, what was signed.
"""

from __future__ import annotations

import zlib

from sqlalchemy.orm import Session

from badges.errors import UnavailableError
from badges.storage.records import CredentialDictionaryRecord, CredentialTextRecord

# Raw DEFLATE: no header and no checksum, which would be of the dictionary.
_WINDOW = -15


class Packer:
    """Packs texts with one dictionary."""

    def __init__(self, dictionary: str) -> None:
        self._fresh = zlib.compressobj(6, zlib.DEFLATED, _WINDOW, 8, zlib.Z_DEFAULT_STRATEGY, dictionary.encode())

    def pack(self, text: str) -> bytes:
        """Return the packed form of a text."""
        packing = self._fresh.copy()
        return packing.compress(text.encode()) + packing.flush()


def unpack(packed: bytes, dictionary: str) -> str:
    """Return the text that was packed. Raises UnavailableError for damaged bytes."""
    unpacking = zlib.decompressobj(_WINDOW, zdict=dictionary.encode())
    try:
        text = unpacking.decompress(packed)
    except zlib.error as problem:
        raise UnavailableError("The kept text of a badge is damaged: %(reason)s.", reason=problem) from problem
    if not unpacking.eof:
        raise UnavailableError("The kept text of a badge is damaged: %(reason)s.", reason="it breaks off")
    return text.decode()


def text_of(session: Session, record: CredentialTextRecord) -> str:
    """Return the exact text of one form of a badge. Raises UnavailableError for what is damaged."""
    if record.content is not None:
        return record.content
    assert record.packed is not None
    assert record.dictionary_id is not None
    return unpack(record.packed, _dictionary(session, record.dictionary_id))


def _dictionary(session: Session, number: int) -> str:
    return session.get_one(CredentialDictionaryRecord, number).content
