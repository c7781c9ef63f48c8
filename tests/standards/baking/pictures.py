"""Small pictures to bake into."""

from __future__ import annotations

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>'


def make_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def make_png(*extra: bytes) -> bytes:
    """One black pixel, with extra chunks before the pixels."""
    head = make_chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixels = make_chunk(b"IDAT", zlib.compress(b"\0\0"))
    return SIGNATURE + head + b"".join(extra) + pixels + make_chunk(b"IEND", b"")


PNG = make_png()
