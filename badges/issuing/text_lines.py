"""The lines of a text file that somebody's spreadsheet or mail program has written, in whatever encoding. Pure."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO, Final

from badges.errors import InvalidInputError

MOST_LINE_CHARACTERS: Final = 100_000
_SAMPLE_BYTES: Final = 4_096


def text_lines(file: BinaryIO) -> Iterator[str]:
    """Return the lines of a file, each with its end: UTF-8 (line by line Windows-1252 where it is not), or UTF-16, with
    any ends of lines. A line that is too long is cut into several.

    file: at its beginning; it can be wound back. Raises InvalidInputError for what is no text.
    """
    sample = file.read(_SAMPLE_BYTES)
    file.seek(0)
    wide = _wide_encoding(sample)
    if wide is not None:
        return iter(io.TextIOWrapper(file, encoding=wide, errors="replace", newline=""))
    if b"\0" in sample:
        raise InvalidInputError("This is no list: the file is neither text nor an Excel workbook.", field="file")
    has_old_ends = b"\n" not in sample and b"\r" in sample
    return _lines_of(file, b"\r" if has_old_ends else b"\n")


def _wide_encoding(sample: bytes) -> str | None:
    """Whether a text is UTF-16, as Excel's "Unicode text" is, and which; by its mark, or by where its zeros are."""
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    pairs = max(len(sample) // 2, 1)
    if sample[1::2].count(0) > pairs * 0.4 and not sample[::2].count(0):
        return "utf-16-le"
    if sample[::2].count(0) > pairs * 0.4 and not sample[1::2].count(0):
        return "utf-16-be"
    return None


def _lines_of(file: BinaryIO, end: bytes) -> Iterator[str]:
    """Yield the lines of a file, each decoded by itself: files are put together from pieces of different programs."""
    is_first = True
    for line in _byte_lines(file, end):
        if is_first:
            line = line.removeprefix(b"\xef\xbb\xbf")
            is_first = False
        try:
            yield line.decode()
        except UnicodeDecodeError:
            yield line.decode("cp1252", errors="replace")


def _byte_lines(file: BinaryIO, end: bytes) -> Iterator[bytes]:
    if end == b"\n":
        while line := file.readline(MOST_LINE_CHARACTERS + 1):
            yield line
        return
    rest = b""
    while piece := file.read(1 << 16):
        *whole, rest = (rest + piece).split(end)
        yield from (line + b"\n" for line in whole)
        if len(rest) > MOST_LINE_CHARACTERS:
            yield rest
            rest = b""
    if rest:
        yield rest
