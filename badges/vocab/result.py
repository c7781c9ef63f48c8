"""What can be reached with an achievement, and what somebody reached."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RubricLevel:
    """One level of a rubric. id: its address. points: a number as text, or ""."""

    id: str
    name: str
    description: str = ""
    points: str = ""


@dataclass(frozen=True, slots=True)
class ResultDescription:
    """One result that an achievement can have. id: its address. result_type: a member of the OB 3.0 enumeration.

    Values are texts, also those of numbers. What does not apply is empty.
    """

    id: str
    name: str
    result_type: str
    levels: tuple[RubricLevel, ...] = ()
    allowed_values: tuple[str, ...] = ()
    value_min: str = ""
    value_max: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What was reached. description_id, level_id: addresses in the achievement. status: such as "Completed"."""

    description_id: str
    value: str = ""
    level_id: str = ""
    status: str = ""
