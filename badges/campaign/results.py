"""Reads what can be reached with a class of the pack: results, some of them with levels."""

from __future__ import annotations

import re
from typing import Any, Final

from badges.campaign.reading import Table
from badges.standards.ob3.enumerations import RESULT_TYPES

_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_WITH_LEVELS: Final = "RubricCriterionLevel"


def read_results(table: Table) -> tuple[dict[str, Any], ...]:
    """Return the possible results of a class, an empty tuple if it has none. Raises ConfigurationError."""
    results = tuple(_read_result(each) for each in table.tables("results"))
    _refuse_twins(table, "results", [result["slug"] for result in results])
    return results


def _read_result(table: Table) -> dict[str, Any]:
    table.allow_only(frozenset({"slug", "name", "type", "levels", "allowed_values", "value_min", "value_max"}))
    result_type = table.text("type")
    if result_type not in RESULT_TYPES:
        table.refuse("type", f"must be one of {', '.join(sorted(RESULT_TYPES))}")
    levels = [_read_level(each) for each in table.tables("levels")]
    if bool(levels) != (result_type == _WITH_LEVELS):
        table.refuse("levels", f"must be there for {_WITH_LEVELS}, and for nothing else")
    _refuse_twins(table, "levels", [level["slug"] for level in levels])
    found: dict[str, Any] = {
        "slug": _slug(table),
        "name": table.text("name", longest=100),
        "type": result_type,
        "levels": levels,
        "allowed_values": list(table.texts("allowed_values")) if "allowed_values" in table.values else [],
        "value_min": table.optional_text("value_min"),
        "value_max": table.optional_text("value_max"),
    }
    return {name: value for name, value in found.items() if value}


def _read_level(table: Table) -> dict[str, str]:
    table.allow_only(frozenset({"slug", "name", "description", "points"}))
    found = {
        "slug": _slug(table),
        "name": table.text("name", longest=100),
        "description": table.optional_text("description"),
        "points": table.optional_text("points"),
    }
    return {name: value for name, value in found.items() if value}


def _slug(table: Table) -> str:
    slug = table.text("slug", longest=40)
    if not _SLUG.fullmatch(slug):
        table.refuse("slug", "must be small letters, digits and hyphens")
    return slug


def _refuse_twins(table: Table, field: str, slugs: list[str]) -> None:
    if len(set(slugs)) != len(slugs):
        table.refuse(field, "has the same slug twice")
