"""One row of a batch: what is right, what is wrong, and why, in words that name the cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, TypedDict

from badges.errors import InvalidInputError
from badges.issuing.domain_typos import suggested_address
from badges.issuing.recipients import RecipientRow
from badges.services.evidence import checked_evidence
from badges.services.names import checked_name
from badges.services.typed_texts import checked_line
from badges.standards.identity import normalise_email
from badges.storage.records import RowState
from badges.vocab.award import Evidence
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import Wording, say

REFERENCE_MAX: Final = 200
DATE_MAX: Final = 40
EARLIEST: Final = date(2000, 1, 1)
_NOON: Final = 12
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO: Final = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ][\d:.+Zz-]*)?", re.ASCII)
_BRITISH: Final = re.compile(r"(\d{1,2})[/.\- ](\d{1,2}|[A-Za-z]{3,9})[/.\- ](\d{4}|\d\d)", re.ASCII)


class RowTexts(TypedDict):
    """The texts of a row."""

    email: str
    name: str
    narrative: str
    evidence_url: str
    date: str
    reference: str


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row as it is kept. date: as it was typed; valid_from: what it means. problem: None for one that is ready.

    field: of the cell that is not right.
    """

    state: RowState
    email: str
    name: str
    narrative: str
    evidence_url: str
    date: str
    valid_from: datetime | None
    reference: str
    problem: Wording | None = None
    field: str = ""
    suggestion: str | None = None


def check_row(row: RecipientRow, now: datetime, *, is_sure: bool = False) -> CheckedRow:
    """Return a row with its texts cleaned, and what is wrong with it.

    now: aware; no award begins later. is_sure: somebody has looked at the address, and it is right.
    """
    problem: tuple[str, Wording] | None = None
    cleaned: RowTexts = {
        "email": row.email.strip()[:254],
        "name": row.name.strip()[:200],
        "narrative": row.narrative.strip()[:4000],
        "evidence_url": row.evidence_url.strip()[:1000],
        "date": row.date.strip()[:DATE_MAX],
        "reference": row.reference.strip()[:REFERENCE_MAX],
    }
    valid_from = None
    try:
        cleaned["email"] = normalise_email(row.email)
        cleaned["name"] = checked_name(row.name)
        if row.narrative or row.evidence_url:
            url = row.evidence_url.strip()
            if url.lower().startswith("www."):
                url = f"https://{url}"
            kept = checked_evidence([Evidence(row.narrative, url)])
            cleaned["narrative"] = kept[0]["narrative"] if kept else ""
            cleaned["evidence_url"] = kept[0]["url"] if kept else ""
        valid_from = checked_day(row.date, now)
        cleaned["reference"] = checked_line(row.reference, REFERENCE_MAX, field="reference")
    except InvalidInputError as error:
        problem = (error.field or "email", error.message)
    if problem is not None:
        return CheckedRow(
            state=RowState.WRONG, valid_from=None, problem=problem[1], field=problem[0], **_storable(cleaned)
        )
    meant = None if is_sure else suggested_address(cleaned["email"])
    if meant is not None:
        return CheckedRow(
            state=RowState.LOOK,
            valid_from=valid_from,
            problem=doubt_wording(meant),
            field="email",
            suggestion=meant,
            **cleaned,
        )
    return CheckedRow(state=RowState.READY, valid_from=valid_from, **cleaned)


def _storable(texts: RowTexts) -> RowTexts:
    """Return texts without what no database keeps: half characters and NUL."""
    return {
        "email": storable(texts["email"]),
        "name": storable(texts["name"]),
        "narrative": storable(texts["narrative"]),
        "evidence_url": storable(texts["evidence_url"]),
        "date": storable(texts["date"]),
        "reference": storable(texts["reference"]),
    }


def doubt_wording(meant: str) -> Wording:
    """Return what is asked about an address that is probably mistyped."""
    return say("Is this address right? It looks like %(meant)s.", meant=meant)


def storable(text: str) -> str:
    """Return a text without what no database keeps: half characters and NUL."""
    return text.encode(errors="replace").decode().replace("\0", "")


def checked_day(text: str, now: datetime) -> datetime | None:
    """Return the moment at which an award of this day begins: its noon in UTC, which is the same day in England.

    text: a day as it is written in England or by the standard, or "" for now. A day of today begins now.

    Raises InvalidInputError for what is no day, lies in the future, or before the year 2000.
    """
    text = text.strip()
    if not text:
        return None
    day = _day_of(text)
    if day is None:
        raise InvalidInputError(
            '"%(text)s" is no date. Write it like 2026-03-31 or 31/03/2026.', field="date", text=text[:40]
        )
    if day > now.astimezone(UTC).date():
        raise InvalidInputError("%(day)s is in the future. A badge begins today at the latest.", field="date", day=day)
    if day < EARLIEST:
        raise InvalidInputError("%(day)s is too long ago: not before the year 2000.", field="date", day=day)
    return min(datetime(day.year, day.month, day.day, _NOON, tzinfo=UTC), now.replace(microsecond=0))


def _day_of(text: str) -> date | None:
    iso, british = _ISO.fullmatch(text), _BRITISH.fullmatch(text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if british:
            month = british[2]
            number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
            year = int(british[3])
            return date(year + 2000 if year < 100 else year, number, int(british[1]))
    except ValueError:
        return None
    return None


def kept_problem(problem: Wording | None, field: str) -> JsonObject | None:
    """Return a problem as the row's record keeps it."""
    if problem is None:
        return None
    values = {name: _kept_value(value) for name, value in problem.values.items()}
    return {"template": problem.template, "values": values, "field": field}


def _kept_value(value: object) -> JsonValue:
    """A day is kept as one, to be written in the reader's language."""
    if isinstance(value, date):
        return {"day": value.isoformat()[:10]}
    return value if isinstance(value, int) else storable(str(value))


def problem_wording(kept: JsonObject | None) -> Wording | None:
    """Return a problem as it was kept, for people."""
    if kept is None:
        return None
    values = {
        name: date.fromisoformat(value["day"]) if isinstance(value, dict) else value
        for name, value in kept["values"].items()
    }
    return Wording(kept["template"], values)


def without_dots(address: str) -> str:
    """Return an address without the dots before the @: two that differ in these only may be one person, or two."""
    local, _, domain = address.rpartition("@")
    return f"{local.replace('.', '')}@{domain}"


def kept_cells(cells: Sequence[str]) -> list[str]:
    """Return the cells of a row that is left aside, for giving it back."""
    return [storable(cell) for cell in cells]
