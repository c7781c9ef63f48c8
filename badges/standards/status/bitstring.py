"""Bitstrings in which each bit is the status of one credential."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable
from typing import Final

from badges.errors import RefusedError, StandardsError
from badges.standards.base64url import Base64UrlError, decode_base64url, encode_base64url

MINIMUM_LENGTH: Final = 131_072
MAXIMUM_BYTES: Final = 16 * 1024 * 1024
MAXIMUM_ENCODED_BYTES: Final = 4 * 1024 * 1024


class StatusIndexError(StandardsError):
    """An index lies outside the bitstring."""


class BitstringError(StandardsError):
    """An encoded list cannot be decoded."""


def empty_bitstring(length: int = MINIMUM_LENGTH) -> bytes:
    """Return a bitstring with all bits cleared. length: number of bits, a multiple of 8, at least 131,072.

    Raises StatusIndexError for another length.
    Source: Bitstring Status List v1.0, section 3.1 "Generate Algorithm".
    """
    if length < MINIMUM_LENGTH or length % 8:
        raise StatusIndexError("A status list has at least 131,072 places, in whole bytes, not %(n)s.", n=length)
    return bytes(length // 8)


def bitstring_of(indexes: Iterable[int], length: int = MINIMUM_LENGTH) -> bytes:
    """Return a bitstring of this length with the bits at these indexes set.

    Raises StatusIndexError if the length is wrong or an index lies outside.
    Source: Bitstring Status List v1.0, section 3.3 "Bitstring Generation Algorithm".
    """
    bits = bytearray(empty_bitstring(length))
    for index in indexes:
        _check_index(index, len(bits))
        bits[index >> 3] |= 0x80 >> (index & 7)
    return bytes(bits)


def get_status_bit(bitstring: bytes, index: int) -> bool:
    """Return whether the bit at an index is set. index: from 0 at the left-most bit of the first byte.

    Raises StatusIndexError if it lies outside.
    """
    _check_index(index, len(bitstring))
    return bool(bitstring[index >> 3] & (0x80 >> (index & 7)))


def encode_bitstring(bitstring: bytes) -> str:
    """Return a bitstring as multibase text: "u" and the base64url of its gzip form; equal bits, equal text.

    Source: Bitstring Status List v1.0, section 3.3 "Bitstring Generation Algorithm".
    """
    return "u" + encode_base64url(gzip.compress(bitstring, compresslevel=9, mtime=0))


def decode_bitstring(text: str, *, maximum_bytes: int = MAXIMUM_BYTES) -> bytes:
    """Return the bitstring of an encoded list.

    text: with the "u", or, as Status List 2021 had it, without.
    maximum_bytes: of the bitstring; nothing beyond it is ever unpacked.

    Raises BitstringError if it is not base64url of one whole gzip file; RefusedError beyond the bound.
    Source: Bitstring Status List v1.0, section 3.4 "Bitstring Expansion Algorithm".
    """
    compressed = _compressed(text)
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        bitstring = unpacker.decompress(compressed, maximum_bytes + 1)
    except zlib.error as error:
        raise BitstringError("The encoded list is not compressed with gzip.") from error
    if len(bitstring) > maximum_bytes:
        raise RefusedError("The status list unpacks to more than %(bytes)s bytes.", bytes=maximum_bytes)
    if not unpacker.eof:
        raise BitstringError("The encoded list breaks off in the middle.")
    if unpacker.unused_data:
        raise BitstringError("The encoded list has something behind its end.")
    return bitstring


def _compressed(text: str) -> bytes:
    # In base64url every gzip file begins with H4sI, so a leading "u" is always the multibase prefix.
    letters = text.removeprefix("u")
    try:
        return decode_base64url(letters.rstrip("="), maximum_bytes=MAXIMUM_ENCODED_BYTES)
    except Base64UrlError as error:
        if len(letters) > MAXIMUM_ENCODED_BYTES * 4 // 3:
            raise RefusedError("The encoded list is too large.") from error
        raise BitstringError("The encoded list is not base64url.") from error


def _check_index(index: int, size_bytes: int) -> None:
    if not 0 <= index < size_bytes * 8:
        raise StatusIndexError("The index %(index)s lies outside the status list.", index=index)
