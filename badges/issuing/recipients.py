"""Who is to be awarded: rows out of whatever an awarder has, pasted or in a file. Pure; row by row.

Rows come as they are copied from a spreadsheet (tabs), a CSV file (commas or semicolons), a list of addresses out of a
mail program (`Sam Jones <sam.jones@nhs.net>; …`), with or without a heading, with the columns in any order. What a
column is, is read from its heading, or else from what stands in it. Nothing is refused here because of one row: what is
wrong with a row is said by `services/batch_rows.py`, which knows the rules of an award.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, islice
from typing import BinaryIO, Final

from badges.errors import InvalidInputError
from badges.issuing.column_names import MEANINGS
from badges.issuing.text_lines import MOST_LINE_CHARACTERS, text_lines

MOST_COLUMNS: Final = 60
MOST_CELL_CHARACTERS: Final = 4_000
# How many rows are looked at to learn what the columns are.
_SAMPLE: Final = 50
_DELIMITERS: Final = "\t;,|"
# Every pattern that sees a whole line or cell takes time in proportion to it, whatever stands there: a repetition gives
# nothing back (`++`, `*+`), and what is searched for has a fixed length.
_SIGN: Final = r"[^\s<>;,\"()@]"
_ADDRESS: Final = re.compile(rf"{_SIGN}++@{_SIGN}++")
_HAS_ADDRESS: Final = re.compile(rf"{_SIGN}@{_SIGN}")
_ADDRESS_LIST: Final = re.compile(rf"(?:{_SIGN}++@{_SIGN}++(?:[\s;,]++|$))++")
# `Sam Jones <sam.jones@nhs.net>`, `"Jones, Sam" <…>`, `Jones, Sam (Library) <…>`.
_NAMED: Final = re.compile(
    r"\s*+\"?+(?P<name>[^<>\"\t\r\n]*+)\"?+\s*+<\s*+(?:mailto:)?+(?P<email>[^<>\s@]++@[^<>\s]++)\s*+>\s*+"
)
_NAMED_LIST: Final = re.compile(rf"(?:{_NAMED.pattern.replace('?P<name>', '?:').replace('?P<email>', '?:')}[;,]?+)++")
_DAY: Final = re.compile(
    r"\d{4}-\d\d?-\d\d?(?:[T ].*)?|\d{1,2}[/.\- ](?:\d{1,2}|[A-Za-z]{3,9})[/.\- ]\d{2,4}", re.ASCII
)
# A number or code: no spaces, and a digit in it.
_CODE: Final = re.compile(r"(?=\S{0,19}\d)\S{1,20}")
_ODD_NAME: Final = re.compile("[,()\"']")
_WEB: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


class Column(StrEnum):
    """What a column holds. ignored: nothing that an award has."""

    EMAIL = "email"
    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    NARRATIVE = "narrative"
    EVIDENCE_URL = "evidence_url"
    DATE = "date"
    REFERENCE = "reference"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """One row as it was handed in. number: from 1, the heading not counted. line: in the file, or the row of the sheet.

    cells: all of them, for giving the row back. The others are what the columns mean; "" where there is none.
    """

    number: int
    line: int
    cells: tuple[str, ...]
    email: str = ""
    name: str = ""
    narrative: str = ""
    evidence_url: str = ""
    date: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Recipients:
    """A table of recipients. heading: as it was written, or our own words for the columns. columns: what each holds.

    has_heading: whether the first row was one. rows: read as they are asked for.
    """

    heading: tuple[str, ...]
    columns: tuple[Column, ...]
    has_heading: bool
    rows: Iterator[RecipientRow]


Cells = tuple[int, list[str]]


def read_text(text: str) -> Recipients:
    """Return the recipients of a pasted text. Raises InvalidInputError when there is no address in it."""
    return read_lines(io.StringIO(text, newline=""))


def read_file(file: BinaryIO) -> Recipients:
    """Return the recipients of a text file. file: at its beginning; it can be wound back.

    Raises InvalidInputError when there is no address in it, or it is no text.
    """
    return read_lines(text_lines(file))


def read_lines(lines: Iterable[str]) -> Recipients:
    """Return the recipients of lines of text, each with its end. Raises InvalidInputError when none has an address."""
    waiting = iter(lines)
    first = list(islice(waiting, _SAMPLE))
    delimiter = _delimiter_of(first)
    return read_cells(_cells_of(chain(first, waiting), delimiter))


def read_cells(rows: Iterable[Cells]) -> Recipients:
    """Return the recipients of rows of cells, each with its number in the file: from a sheet, or from lines.

    Raises InvalidInputError when none of the first rows has an address.
    """
    waiting = iter(rows)
    sample = list(islice(waiting, _SAMPLE))
    if not any(any(_HAS_ADDRESS.search(cell) for cell in cells) for _, cells in sample):
        if not sample:
            raise InvalidInputError("There is nothing in this list.", field="rows")
        raise InvalidInputError(
            "There is no e-mail address in the first %(count)s rows. Each row needs one, such as name@example.org.",
            field="rows",
            count=len(sample),
        )
    has_heading = not any(_HAS_ADDRESS.search(cell) for cell in sample[0][1])
    heading = sample[0][1] if has_heading else []
    body = sample[1:] if has_heading else sample
    width = max(len(cells) for _, cells in sample)
    columns = _columns(heading, [cells for _, cells in body], width)
    names = tuple(heading[place] if place < len(heading) else column.value for place, column in enumerate(columns))
    return Recipients(names, columns, has_heading, _rows(chain(body, waiting), columns))


def _delimiter_of(lines: Sequence[str]) -> str:
    """Return what separates the cells: the sign that stands most evenly in the first lines."""
    counted = [line for line in lines[:20] if line.strip() and not _NAMED_LIST.fullmatch(line.strip())]
    if not counted:
        return "\t"
    plain = [re.sub(r'"[^"]*"', "", line) for line in counted]

    def evenness(sign: str) -> tuple[int, int]:
        counts = [line.count(sign) for line in plain]
        return sum(1 for count in counts if count), min(counts)

    return max(_DELIMITERS, key=lambda sign: (*evenness(sign), -_DELIMITERS.index(sign)))


def _cells_of(lines: Iterable[str], delimiter: str) -> Iterator[Cells]:
    """Yield rows of cells. A line of named addresses, or of addresses alone, is a row for each."""
    counted = _Counted(lines)
    reader = csv.reader(counted, delimiter=delimiter, skipinitialspace=True)
    while True:
        counted.taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error:  # a cell beyond all bounds
            cells = []
            reader = csv.reader(counted, delimiter=delimiter, skipinitialspace=True)
        number = counted.line - len(counted.taken) + 1
        if len(counted.taken) > 1 and (not cells or _are_rows(counted.taken, delimiter)):
            # A quote that does not end: each of its lines is a row.
            for place, line in enumerate(counted.taken):
                yield from _rows_of_line(number + place, line, line.replace('"', "").split(delimiter))
        else:
            yield from _rows_of_line(number, counted.taken[0], cells)


def _are_rows(lines: Sequence[str], delimiter: str) -> bool:
    """Whether lines that seem to be one cell are rows behind a quote that does not end."""
    return all(delimiter in line and _HAS_ADDRESS.search(line) for line in lines[1:] if line.strip())


def _rows_of_line(number: int, line: str, cells: Sequence[str]) -> Iterator[Cells]:
    line = line.strip()
    filled = [cell.strip()[:MOST_CELL_CHARACTERS] for cell in cells[:MOST_COLUMNS]]
    addresses = [cell for cell in filled if cell]
    if line.count("@") <= 1 and "<" not in line:  # nearly all lines
        if addresses:
            yield number, filled
    elif "<" in line and "\t" not in line and _NAMED_LIST.fullmatch(line):
        for match in _NAMED.finditer(line):
            yield number, [f"{match['name'].lstrip(' ;,')} <{match['email']}>"]
    elif _ADDRESS_LIST.fullmatch(line):
        for address in _ADDRESS.findall(line):
            yield number, [address]
    elif len(addresses) > 1 and all(_ADDRESS.fullmatch(cell) or _NAMED.fullmatch(cell) for cell in addresses):
        for address in addresses:
            yield number, [address]
    elif addresses:
        yield number, filled


class _Counted(Iterator[str]):
    """Lines with the number of the latest, and those taken since `taken` was emptied. A NUL is taken out."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.line = 0
        self.taken: list[str] = []

    def __next__(self) -> str:
        line = next(self._lines)[:MOST_LINE_CHARACTERS].replace("\0", "")
        self.line += 1
        self.taken.append(line)
        return line


def _columns(heading: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> tuple[Column, ...]:
    """Return what each column holds: by its heading, else by what stands in it."""
    found = [_meaning(heading[place]) if place < len(heading) else None for place in range(width)]
    columns: list[Column | None] = []
    for each in found:
        is_taken = each is not None and each is not Column.IGNORED and each in columns
        columns.append(Column.IGNORED if is_taken else each)
    texts = [[row[place].strip() if place < len(row) else "" for row in rows] for place in range(width)]
    if Column.EMAIL not in columns or not _share(texts[columns.index(Column.EMAIL)], _HAS_ADDRESS.search):
        best = max(range(width), key=lambda place: _share(texts[place], _HAS_ADDRESS.search))
        columns = [None if column is Column.EMAIL else column for column in columns]
        columns[best] = Column.EMAIL
    unknown = [place for place, column in enumerate(columns) if column is None]
    if any(heading):
        unknown = [place for place in unknown if place >= len(heading) or not heading[place].strip()]
    for place in unknown:
        columns[place] = _by_content(texts[place], columns)
    return tuple(column or Column.IGNORED for column in columns)


def _by_content(texts: Sequence[str], known: Sequence[Column | None]) -> Column | None:
    """Return what a column without a heading holds."""
    filled = [text for text in texts if text]
    if not filled:
        return Column.IGNORED
    if Column.EVIDENCE_URL not in known and _share(filled, _WEB.fullmatch) > 0.8:
        return Column.EVIDENCE_URL
    if Column.DATE not in known and _share(filled, _DAY.fullmatch) > 0.8:
        return Column.DATE
    if _share(filled, _CODE.fullmatch) > 0.8:
        return Column.REFERENCE if Column.REFERENCE not in known else Column.IGNORED
    if sum(map(len, filled)) / len(filled) > 40:
        return Column.NARRATIVE if Column.NARRATIVE not in known else Column.IGNORED
    if not {Column.NAME, Column.FIRST_NAME}.intersection(known):
        return Column.FIRST_NAME if all(" " not in text for text in filled) else Column.NAME
    if Column.FIRST_NAME in known and Column.LAST_NAME not in known:
        return Column.LAST_NAME
    return Column.NARRATIVE if Column.NARRATIVE not in known else Column.IGNORED


def _share(texts: Sequence[str], test: Callable[[str], re.Match[str] | None]) -> float:
    filled = [text for text in texts if text]
    return sum(1 for text in filled if test(text)) / len(filled) if filled else 0.0


def _meaning(heading: str) -> Column | None:
    words = re.sub(r"[^a-z0-9]+", " ", heading.lower()).strip()
    name = MEANINGS.get(words)
    return Column(name) if name else None


def _rows(rows: Iterable[Cells], columns: Sequence[Column]) -> Iterator[RecipientRow]:
    places = {column: place for place, column in reversed(list(enumerate(columns))) if column is not Column.IGNORED}
    for number, (line, cells) in enumerate(rows, start=1):
        values = {column: cells[place] for column, place in places.items() if place < len(cells)}
        email, name = values.get(Column.EMAIL, ""), values.get(Column.NAME, "")
        if not email:  # a row that is shorter, or was pasted from elsewhere
            email = next((cell for cell in cells if _HAS_ADDRESS.search(cell)), "")
        if "<" in email and (named := _NAMED.fullmatch(email)):
            email, name = named["email"], name or named["name"].strip()
        if not name:
            parts = (values.get(Column.FIRST_NAME, ""), values.get(Column.LAST_NAME, ""))
            name = " ".join(part for part in parts if part)
        yield RecipientRow(
            number=number,
            line=line,
            cells=tuple(cells),
            email=email.removeprefix("mailto:"),
            name=_straight(name) if _ODD_NAME.search(name) else name,
            narrative=values.get(Column.NARRATIVE, ""),
            evidence_url=values.get(Column.EVIDENCE_URL, ""),
            date=values.get(Column.DATE, ""),
            reference=values.get(Column.REFERENCE, ""),
        )


def _straight(name: str) -> str:
    """Return `Jones, Sam` as `Sam Jones`, and drop what mail programs put behind a name in brackets."""
    name = name.strip().strip("\"'").strip()
    if name.endswith(")") and "(" in name:
        name = name[: name.rindex("(")].rstrip()
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() and "," not in first else name
