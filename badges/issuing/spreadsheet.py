"""An Excel workbook as rows of cells. Pure; what comes from outside is opened in a child (`spreadsheet_child.py`).

Cells are read as they are shown: a formula gives the value that was last worked out, and is never run.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from badges.errors import InvalidInputError
from badges.issuing.recipients import MOST_CELL_CHARACTERS, MOST_COLUMNS, Cells

MOST_BYTES: Final = 20 * 1024 * 1024
# A workbook is a ZIP file: how much it may unpack to. A list of 100,000 people takes about 30 MB.
MOST_UNPACKED_BYTES: Final = 200 * 1024 * 1024
MOST_SHEET_ROWS: Final = 200_000
_ZIP: Final = b"PK\x03\x04"
_OLD: Final = b"\xd0\xcf\x11\xe0"


def is_spreadsheet(sample: bytes) -> bool:
    """Whether a file begins as a workbook does: that of Excel since 2007, or an older one, or OpenDocument."""
    return sample.startswith((_ZIP, _OLD))


def read_spreadsheet(data: bytes) -> Iterator[Cells]:
    """Yield the rows of the first sheet that has any, each with its number. Empty rows are left out.

    Raises InvalidInputError for what is no workbook, is locked with a password, or unpacks to too much.
    """
    if len(data) > MOST_BYTES:
        raise InvalidInputError("The file is too large: at most %(most)s MB.", field="file", most=MOST_BYTES >> 20)
    if data.startswith(_ZIP):
        _check_unpacked_size(data)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.total_height > MOST_SHEET_ROWS:
                raise InvalidInputError(
                    "The sheet has more than %(most)s rows. Split it into several.",
                    field="file",
                    most=f"{MOST_SHEET_ROWS:,}",
                )
            first = (sheet.start or (0, 0))[0] + 1
            rows = [(first + place, _cells(row)) for place, row in enumerate(sheet.iter_rows())]
            filled = [(number, cells) for number, cells in rows if any(cells)]
            if filled:
                yield from filled
                return
    except CalamineError as problem:
        raise InvalidInputError(
            "This workbook cannot be read. Is it locked with a password? Save it as .xlsx or .csv and try again.",
            field="file",
        ) from problem


def _check_unpacked_size(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OverflowError) as problem:
        raise InvalidInputError("This workbook is damaged.", field="file") from problem
    if size > MOST_UNPACKED_BYTES:
        raise InvalidInputError("This workbook unpacks to more than any list of people has.", field="file")


def _cells(row: Sequence[object]) -> list[str]:
    return [_shown(value)[:MOST_CELL_CHARACTERS] for value in row[:MOST_COLUMNS]]


def _shown(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
