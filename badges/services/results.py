"""What was reached with a badge: named by the awarder, checked against the class, kept with the award.

A class keeps its possible results as {slug, name, type, levels?: [{slug, name, description?, points?}],
allowed_values?, value_min?, value_max?}; an award keeps {slug, value?, level?, status?}.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from badges.errors import InvalidInputError
from badges.standards.ob3.enumerations import RESULT_STATUSES
from badges.standards.plain_text import strip_controls
from badges.storage.records import AchievementVersionRecord
from badges.vocab.json import JsonObject
from badges.vocab.result import Result, ResultDescription, RubricLevel


def checked_results(version: AchievementVersionRecord, given: Mapping[str, str]) -> list[JsonObject]:
    """Return the results as the award's record keeps them.

    given: from the slug of a possible result to a level's slug, a status, or a value. Raises InvalidInputError.
    """
    possible = {entry["slug"]: entry for entry in version.result_descriptions or []}
    return [_checked(possible, slug.strip(), strip_controls(value).strip()) for slug, value in given.items()]


def descriptions_of(version: AchievementVersionRecord, achievement_url: str) -> tuple[ResultDescription, ...]:
    """Return the possible results of a class, each with an address inside the class's own."""
    return tuple(
        ResultDescription(
            id=_result_url(achievement_url, entry["slug"]),
            name=entry["name"],
            result_type=entry["type"],
            levels=tuple(
                RubricLevel(
                    _level_url(achievement_url, entry["slug"], level["slug"]),
                    level["name"],
                    level.get("description", ""),
                    level.get("points", ""),
                )
                for level in entry.get("levels", [])
            ),
            allowed_values=tuple(entry.get("allowed_values", [])),
            value_min=entry.get("value_min", ""),
            value_max=entry.get("value_max", ""),
        )
        for entry in version.result_descriptions or []
    )


def results_of(kept: list[JsonObject] | None, achievement_url: str) -> tuple[Result, ...]:
    """Return an award's results as values."""
    return tuple(
        Result(
            description_id=_result_url(achievement_url, entry["slug"]),
            value=entry.get("value", ""),
            level_id=_level_url(achievement_url, entry["slug"], entry["level"]) if "level" in entry else "",
            status=entry.get("status", ""),
        )
        for entry in kept or []
    )


def results_in_words(version: AchievementVersionRecord, kept: list[JsonObject] | None) -> list[tuple[str, str]]:
    """Return an award's results for people: the name of each and what was reached."""
    possible = {entry["slug"]: entry for entry in version.result_descriptions or []}
    return [(possible[entry["slug"]]["name"], _in_words(possible[entry["slug"]], entry)) for entry in kept or []]


def _in_words(description: JsonObject, entry: JsonObject) -> str:
    levels = {level["slug"]: level["name"] for level in description.get("levels", [])}
    return str(levels.get(entry.get("level")) or entry.get("value") or entry.get("status") or "")


def _checked(possible: Mapping[str, JsonObject], slug: str, value: str) -> JsonObject:
    description = possible.get(slug)
    if description is None:
        raise InvalidInputError(
            'This badge has no result "%(slug)s". It has: %(known)s.',
            field="results",
            slug=slug,
            known=", ".join(possible) or "none",
        )
    if levels := [level["slug"] for level in description.get("levels", [])]:
        return {"slug": slug, "level": _one_of(value, levels, slug)}
    if description["type"] == "Status":
        return {"slug": slug, "status": _one_of(value, sorted(RESULT_STATUSES), slug)}
    if allowed := description.get("allowed_values"):
        return {"slug": slug, "value": _one_of(value, allowed, slug)}
    return {"slug": slug, "value": _within(value, description, slug)}


def _one_of(value: str, allowed: list[str], slug: str) -> str:
    if value not in allowed:
        raise InvalidInputError(
            'The result "%(slug)s" cannot be "%(value)s". It is one of: %(allowed)s.',
            field="results",
            slug=slug,
            value=value[:100],
            allowed=", ".join(allowed),
        )
    return value


def _within(value: str, description: JsonObject, slug: str) -> str:
    """A value that is not empty and, where the class has limits, a number within them."""
    lowest, highest = description.get("value_min", ""), description.get("value_max", "")
    try:
        number = Decimal(value) if lowest or highest else Decimal(0)
        fits = (not lowest or number >= Decimal(lowest)) and (not highest or number <= Decimal(highest))
    except InvalidOperation:
        fits = False
    if not fits or not 0 < len(value) <= 100:
        raise InvalidInputError(
            'The result "%(slug)s" cannot be "%(value)s".', field="results", slug=slug, value=value[:100]
        )
    return value


def _result_url(achievement_url: str, slug: str) -> str:
    return f"{achievement_url}#result-{slug}"


def _level_url(achievement_url: str, slug: str, level: str) -> str:
    return f"{_result_url(achievement_url, slug)}-{level}"
