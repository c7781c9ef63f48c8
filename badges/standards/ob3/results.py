"""Results as Open Badges 3.0 documents: what an achievement can have, and what somebody reached."""

from __future__ import annotations

from badges.standards.members import without_empty
from badges.standards.plain_text import strip_controls
from badges.vocab.json import JsonObject
from badges.vocab.result import Result, ResultDescription, RubricLevel


def result_document(result: Result) -> JsonObject:
    """Return one result. Source: Open Badges 3.0, "Result"."""
    return without_empty(
        {
            "type": ["Result"],
            "resultDescription": result.description_id,
            "value": strip_controls(result.value),
            "achievedLevel": result.level_id,
            "status": result.status,
        }
    )


def result_description_document(description: ResultDescription) -> JsonObject:
    """Return one possible result of an achievement. Source: Open Badges 3.0, "ResultDescription"."""
    return without_empty(
        {
            "id": description.id,
            "type": ["ResultDescription"],
            "name": strip_controls(description.name),
            "resultType": description.result_type,
            "allowedValue": [strip_controls(value) for value in description.allowed_values],
            "valueMin": strip_controls(description.value_min),
            "valueMax": strip_controls(description.value_max),
            "rubricCriterionLevel": [_level_document(level) for level in description.levels],
        }
    )


def _level_document(level: RubricLevel) -> JsonObject:
    """Source: Open Badges 3.0, "RubricCriterionLevel"."""
    return without_empty(
        {
            "id": level.id,
            "type": ["RubricCriterionLevel"],
            "name": strip_controls(level.name),
            "description": strip_controls(level.description),
            "points": strip_controls(level.points),
        }
    )
