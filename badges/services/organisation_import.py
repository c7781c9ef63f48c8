"""Many organisations at once, from a table: every row is checked, then all are added, or none."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.errors import InvalidInputError
from badges.issuing.text_lines import MOST_LINE_CHARACTERS, text_lines
from badges.services.context import Installation
from badges.services.invitations import invite_organisation
from badges.services.organisations import checked_organisation_name, slug_of
from badges.standards.identity import normalise_email
from badges.storage.records import OrganisationRecord
from badges.vocab.profile import TAKING_PART, OrganisationKind

MOST_ROWS: Final = 2_000
_COLUMNS: Final = ("name", "email", "kind", "above", "slug")
_NEEDED: Final = ("name", "email")
_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file, and its cells by column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Imported:
    """added, there: how many rows were added, and how many were of organisations that are there already."""

    added: int
    there: int


def read_rows(data: bytes) -> list[Row]:
    """Return the rows of a CSV file with a heading: in any encoding, with commas, semicolons or tabs.

    Raises InvalidInputError.
    """
    lines = list(text_lines(io.BytesIO(data)))
    if any(len(line) > MOST_LINE_CHARACTERS for line in lines):  # it was cut, and no row must come of a piece
        raise InvalidInputError("This is no CSV file: %(problem)s.", field="file", problem="a line is too long")
    delimiter = max(",;\t", key=lines[0].count) if lines else ","
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        heading = [name.strip().lower() for name in next(reader, [])]
    except csv.Error as problem:
        raise InvalidInputError("This is no CSV file: %(problem)s.", field="file", problem=problem) from problem
    unknown = [name for name in heading if name and name not in _COLUMNS]
    if unknown or any(name not in heading for name in _NEEDED) or len(set(heading)) != len(heading):
        raise InvalidInputError(
            "The first row must name the columns: name and email, and if you like %(others)s. It is: %(heading)s.",
            field="file",
            others=", ".join(_COLUMNS[2:]),
            heading=", ".join(heading)[:200] or "empty",
        )
    try:
        rows = [
            Row(number, {name: cell.strip() for name, cell in zip(heading, cells, strict=False)})
            for number, cells in enumerate(reader, start=2)
            if any(cell.strip() for cell in cells)
        ]
    except csv.Error as problem:
        raise InvalidInputError("This is no CSV file: %(problem)s.", field="file", problem=problem) from problem
    if not rows or len(rows) > MOST_ROWS:
        raise InvalidInputError("The file must have 1 to %(most)s rows.", field="file", most=MOST_ROWS)
    return rows


def import_organisations(
    session: Session, installation: Installation, rows: Sequence[Row], *, dry_run: bool = False
) -> Imported:
    """Add the organisations of these rows, and invite an owner to each. `above` may be of an earlier row.

    Rows of organisations that are there already, by their short name, are passed over.

    Raises InvalidInputError naming every row that is wrong, with its column; nothing is added then.
    """
    known = {each.slug: each for each in session.scalars(select(OrganisationRecord))}
    problems: list[str] = []
    fresh: list[tuple[Row, str]] = []
    coming = set(known)
    there = 0
    for row in rows:
        slug = row.cells.get("slug") or slug_of(row.cells.get("name", ""))
        found = _problems(row, slug, coming)
        if found:
            problems += [f"row {row.number}, {column}: {problem}" for column, problem in found]
        elif slug in known:
            there += 1
        elif any(other == slug for _, other in fresh):
            problems.append(f"row {row.number}, name: the same as in an earlier row")
        else:
            fresh.append((row, slug))
            coming.add(slug)
    if problems:
        more = f" … and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        raise InvalidInputError(
            "Nothing was added. %(problems)s", field="file", problems="; ".join(problems[:_SHOWN]) + more
        )
    if not dry_run:
        for row, slug in fresh:
            known[slug] = invite_organisation(
                session,
                installation,
                row.cells["name"],
                row.cells["email"],
                kind=OrganisationKind(row.cells.get("kind") or OrganisationKind.SERVICE),
                above=known[row.cells["above"]] if row.cells.get("above") else None,
                slug=slug,
            )
    return Imported(len(fresh), there)


def _problems(row: Row, slug: str, known: set[str]) -> list[tuple[str, str]]:
    """Return what is wrong with a row, each with its column."""
    found = []
    try:
        checked_organisation_name(row.cells.get("name", ""))
    except InvalidInputError as problem:
        found.append(("name", str(problem)))
    try:
        normalise_email(row.cells.get("email", ""))
    except InvalidInputError as problem:
        found.append(("email", str(problem)))
    if row.cells.get("kind") and row.cells["kind"] not in TAKING_PART:
        found.append(("kind", f"must be one of {', '.join(TAKING_PART)}"))
    if row.cells.get("above") and row.cells["above"] not in known:
        found.append(("above", f'there is no "{row.cells["above"][:60]}", here or in an earlier row'))
    if row.cells.get("slug") and row.cells["slug"] != slug_of(row.cells["slug"]):
        found.append(("slug", 'must be letters from a to z, digits and "-"'))
    if not slug:
        found.append(("slug", "is needed: the name has no letter from a to z"))
    return found
