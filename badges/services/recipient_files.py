"""Lists of recipients that somebody hands in as a file: a text, or a workbook, which is opened in a child process."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from threading import BoundedSemaphore
from typing import BinaryIO, Final

from badges.errors import InvalidInputError, UnavailableError
from badges.issuing.recipients import Cells, Recipients, read_cells, read_file
from badges.issuing.spreadsheet import MOST_BYTES, is_spreadsheet

PATIENCE_SECONDS: Final = 45
# So many workbooks at once in this process: each may take the memory of one child.
_PLACES: Final = BoundedSemaphore(2)


def read_recipients(file: BinaryIO) -> Recipients:
    """Return the recipients in a file, whatever it is: CSV, tabs, addresses, or an Excel workbook.

    file: at its beginning; it can be wound back.

    Raises InvalidInputError for what is no list, UnavailableError when too many workbooks are being opened.
    """
    sample = file.read(8)
    file.seek(0)
    if not is_spreadsheet(sample):
        return read_file(file)
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise InvalidInputError("The file is too large: at most %(most)s MB.", field="file", most=MOST_BYTES >> 20)
    if not _PLACES.acquire(timeout=PATIENCE_SECONDS):
        raise UnavailableError("Too many workbooks are being opened. Try again in a minute.")
    try:
        answer = _ask_child(data)
    finally:
        _PLACES.release()
    return read_cells(_rows(answer))


def _rows(answer: bytes) -> Iterator[Cells]:
    lines = io.BytesIO(answer)
    problem = json.loads(lines.readline())
    if problem is not None:
        raise InvalidInputError(problem["problem"], field="file", **problem["values"])
    for line in lines:
        number, cells = json.loads(line)
        yield number, cells


def _ask_child(data: bytes) -> bytes:
    command = [sys.executable, "-m", "badges.issuing.spreadsheet_child"]
    try:
        done = subprocess.run(  # noqa: S603 — our own module, and the workbook only on its input
            command, input=data, capture_output=True, timeout=PATIENCE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        done = None
    if done is None or done.returncode != 0:
        raise InvalidInputError(
            "This workbook took too much memory or time to open. Save the sheet as .csv and try again.", field="file"
        )
    return done.stdout
