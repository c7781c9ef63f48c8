"""Lists of recipients that somebody hands in as a file: a text, or a workbook, which is opened in a child process."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import BinaryIO, Final

from badges.errors import InvalidInputError
from badges.issuing.recipients import Cells, Recipients, read_cells, read_file
from badges.issuing.spreadsheet import MOST_BYTES, is_spreadsheet
from badges.services.children import Child
from badges.wording import say

_CHILD: Final = Child(
    "badges.issuing.spreadsheet_child",
    patience_seconds=45,
    busy=say("Too many workbooks are being opened. Try again in a minute."),
)


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
    answer = _CHILD.ask(data)
    if answer is None:
        raise InvalidInputError(
            "This workbook took too much memory or time to open. Save the sheet as .csv and try again.", field="file"
        )
    return read_cells(_rows(answer))


def _rows(answer: bytes) -> Iterator[Cells]:
    lines = io.BytesIO(answer)
    problem = json.loads(lines.readline())
    if problem is not None:
        raise InvalidInputError(problem["problem"], field="file", **problem["values"])
    for line in lines:
        number, cells = json.loads(line)
        yield number, cells
