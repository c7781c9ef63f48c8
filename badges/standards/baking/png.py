"""Badges in PNG files: text chunks beside the pixels.

Only chunks are read and copied; no pixel is decoded.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from badges.errors import RefusedError, StandardsError
from badges.standards.baking.baked import MAX_PICTURE_BYTES, MAX_TEXT_BYTES, BakedTexts, check_text_to_bake
from badges.standards.baking.detect import PNG_SIGNATURE
from badges.wording import say

CREDENTIAL_KEYWORD: Final = b"openbadgecredential"
ASSERTION_KEYWORD: Final = b"openbadges"
RECORD_KEYWORD: Final = b"clrcredential"
MAX_CHUNKS: Final = 100_000

_TEXT_CHUNKS: Final = frozenset({b"iTXt", b"tEXt", b"zTXt"})
_DAMAGED: Final = say("This picture was damaged on the way: a checksum in it is wrong. The badge in it is whole.")
_SECOND: Final = say("The picture holds more than one badge of the same kind: the first is read.")
_KEYWORDS: Final = (CREDENTIAL_KEYWORD, ASSERTION_KEYWORD, RECORD_KEYWORD)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """One chunk. raw: all of it, with length and checksum. kind: its four letters."""

    kind: bytes
    raw: memoryview

    @property
    def data(self) -> memoryview:
        return self.raw[8:-4]

    @property
    def is_intact(self) -> bool:
        return zlib.crc32(self.raw[4:-4]) == int.from_bytes(self.raw[-4:], "big")

    @property
    def keyword(self) -> bytes:
        """The keyword of a text chunk, at most 79 bytes; empty if it has none."""
        head, separator, _ = bytes(self.data[:80]).partition(b"\0")
        return head if separator else b""


def bake_png(png: bytes, *, credential: str | None = None, assertion: str | None = None) -> bytes:
    """Return the picture with these texts in it and no other badge; pixels and all other chunks stay as
    they are.

    credential: Open Badges 3.0, assertion: Open Badges 2.0; each JSON or a compact JWS. None: not in the
    picture.

    Raises StandardsError if the picture is no intact PNG or a text cannot be carried; RefusedError if it is
    too large.
    Source: Open Badges 3.0, "Baked Badge" (PNG); Baking Specification 1.0; PNG 1.2, section 11.3.4.5 (iTXt).
    """
    texts = ((CREDENTIAL_KEYWORD, credential), (ASSERTION_KEYWORD, assertion))
    baked = [_international_text(keyword, text) for keyword, text in texts if text is not None]
    parts: list[bytes | memoryview] = [PNG_SIGNATURE]
    is_placed = False
    for chunk in _read_chunks(png):
        if not chunk.is_intact:
            raise StandardsError("The PNG is damaged: the checksum of its %(kind)s part is wrong.", kind=_name(chunk))
        if _holds_badge(chunk):
            continue
        if chunk.kind == b"IDAT" and not is_placed:
            parts.extend(baked)
            is_placed = True
        parts.append(chunk.raw)
    if not is_placed:
        raise StandardsError("The PNG holds no pixels.")
    return b"".join(parts)


def extract_png(data: bytes) -> BakedTexts:
    """Return the badge texts in the picture, the first of each kind.

    iTXt chunks, compressed or not, and the older tEXt with the keyword `openbadges`. A second text, and a wrong
    checksum elsewhere in the picture, are noted and do not keep the first from being read: the signature decides
    what is genuine. A second text is not opened: it is a copy if its chunk is, byte for byte.

    Raises StandardsError if it is no PNG or a text in it cannot be read or has a wrong checksum; RefusedError if
    something is too large.
    Source: Open Badges 3.0, "Baked Badge" (PNG); Baking Specification 1.0; CLR 2.0, "Baked" (PNG); PNG 1.2,
    section 3.4 "CRC algorithm".
    """
    found: dict[bytes, str] = {}
    first: dict[tuple[bytes, bytes], memoryview] = {}
    legacy = ""
    has_damage = has_second = has_rivals = False
    for chunk in _read_chunks(data):
        if not _holds_badge(chunk):
            has_damage = has_damage or not chunk.is_intact
            continue
        if not chunk.is_intact:
            raise StandardsError("The checksum of the badge in the picture is wrong: it was damaged or edited.")
        if (chunk.kind, chunk.keyword) in first:
            has_second = True
            has_rivals |= chunk.data != first[chunk.kind, chunk.keyword]
            continue
        first[chunk.kind, chunk.keyword] = chunk.data
        if chunk.kind == b"tEXt":
            legacy = _latin_text(chunk)
        else:
            found[chunk.keyword] = _read_international_text(chunk)
    assertion = found.get(ASSERTION_KEYWORD) or legacy
    has_rivals |= legacy not in ("", assertion)
    problems = (*((_DAMAGED,) if has_damage else ()), *((_SECOND,) if has_second else ()))
    record = found.get(RECORD_KEYWORD) or None
    return BakedTexts(found.get(CREDENTIAL_KEYWORD) or None, assertion or None, record, problems, has_rivals)


def _read_chunks(png: bytes) -> Iterator[_Chunk]:
    """Each chunk up to the last, IEND; what follows it is not part of the picture."""
    if len(png) > MAX_PICTURE_BYTES:
        raise RefusedError("The picture is larger than %(limit)s bytes.", limit=MAX_PICTURE_BYTES)
    if not png.startswith(PNG_SIGNATURE):
        raise StandardsError("This is no PNG file.")
    view, position = memoryview(png), len(PNG_SIGNATURE)
    for _ in range(MAX_CHUNKS):
        if len(png) - position < 12:
            raise StandardsError("The PNG is cut off: it ends after %(size)s bytes.", size=len(png))
        length, kind = struct.unpack_from(">I4s", png, position)
        end = position + 12 + length
        if end > len(png):
            raise StandardsError("The PNG is cut off: it ends after %(size)s bytes.", size=len(png))
        yield _Chunk(kind, view[position:end])
        if kind == b"IEND":
            return
        position = end
    raise RefusedError("The PNG has more than %(limit)s parts.", limit=MAX_CHUNKS)


def _holds_badge(chunk: _Chunk) -> bool:
    return chunk.kind in _TEXT_CHUNKS and chunk.keyword in _KEYWORDS and not _is_foreign(chunk)


def _is_foreign(chunk: _Chunk) -> bool:
    """A kind of chunk that no version of the standard uses for this keyword."""
    return chunk.kind == b"zTXt" or (chunk.kind == b"tEXt" and chunk.keyword != ASSERTION_KEYWORD)


def _international_text(keyword: bytes, text: str) -> bytes:
    """One iTXt chunk: not compressed, without language and translated keyword."""
    body = b"iTXt" + keyword + b"\0\0\0\0\0" + check_text_to_bake(text)
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def _read_international_text(chunk: _Chunk) -> str:
    if len(chunk.data) > MAX_TEXT_BYTES + 1024:
        raise RefusedError("The badge in the picture is larger than %(limit)s bytes.", limit=MAX_TEXT_BYTES)
    flags, text = _split_international_text(bytes(chunk.data))
    if flags[0] == 1 and flags[1] == 0:
        text = _decompress(text)
    elif flags[0] != 0:
        raise StandardsError("The badge in the picture is packed in an unknown way.")
    if len(text) > MAX_TEXT_BYTES:
        raise RefusedError("The badge in the picture is larger than %(limit)s bytes.", limit=MAX_TEXT_BYTES)
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise StandardsError("The badge in the picture is not written in UTF-8.") from error


def _split_international_text(data: bytes) -> tuple[bytes, bytes]:
    """The two compression bytes, and the text behind keyword, language tag and translated keyword."""
    _, _, rest = data.partition(b"\0")
    parts = rest[2:].split(b"\0", 2)
    if len(rest) < 2 or len(parts) != 3:
        raise StandardsError("The badge in the picture is cut off.")
    return rest[:2], parts[2]


def _decompress(data: bytes) -> bytes:
    """Unpack, but never more than the limit: a small file can stand for gigabytes."""
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(data, MAX_TEXT_BYTES + 1)
    except zlib.error as error:
        raise StandardsError("The badge in the picture cannot be unpacked.") from error
    if len(text) <= MAX_TEXT_BYTES and not unpacker.eof:
        raise StandardsError("The badge in the picture is cut off.")
    return text


def _latin_text(chunk: _Chunk) -> str:
    """The text of a tEXt chunk: Latin-1 by the standard, though some wrote UTF-8."""
    if len(chunk.data) > MAX_TEXT_BYTES:
        raise RefusedError("The badge in the picture is larger than %(limit)s bytes.", limit=MAX_TEXT_BYTES)
    text = bytes(chunk.data).partition(b"\0")[2]
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _name(chunk: _Chunk) -> str:
    return chunk.kind.decode("ascii", "replace")
