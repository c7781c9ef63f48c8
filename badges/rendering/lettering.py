"""Writes short names as outlines, so that a picture needs no installed font.

The outlines are those of Source Sans 3 SemiBold (SIL Open Font License 1.1); `tools/outline_font.py` wrote
them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Final

from badges.errors import InvalidInputError
from badges.rendering.geometry import number

_STEP = re.compile(r"([A-Z])([^A-Z]*)")
_VALUE = re.compile(r"-?\d+")
_ACROSS: Final = "H"
_DOWN: Final = "V"


@dataclass(frozen=True, slots=True)
class LetterTable:
    """Letters in font units, y downwards from the baseline. kerning: by pair of letters."""

    units_per_em: int
    advances: dict[str, int]
    paths: dict[str, str]
    kerning: dict[str, int]


def text_width(text: str, size: float) -> float:
    """Return how wide the text is when it is written at this size, in the same units.

    Raises InvalidInputError if it has a letter that we cannot draw.
    """
    table = _read_table()
    units = sum(_advance(table, letter) for letter in text)
    units += sum(table.kerning.get(first + second, 0) for first, second in pairwise(text))
    return units * size / table.units_per_em


def letter_path(text: str, size: float, x: float, baseline: float) -> str:
    """Return the path data of the text, written from x along the baseline.

    Raises InvalidInputError if it has a letter that we cannot draw.
    """
    table = _read_table()
    scale = size / table.units_per_em
    paths, before = [], ""
    for letter in text:
        x += table.kerning.get(before + letter, 0) * scale
        paths.append(_place_path(table.paths.get(letter, ""), scale, x, baseline))
        x += _advance(table, letter) * scale
        before = letter
    return "".join(paths)


def _advance(table: LetterTable, letter: str) -> int:
    """Return the width of one letter in font units. Raises InvalidInputError if there is no such letter."""
    if letter not in table.advances:
        raise InvalidInputError(
            "The short name cannot have the letter %(letter)s: we have no drawing of it.",
            field="label",
            letter=repr(letter),
        )
    return table.advances[letter]


def _place_path(path: str, scale: float, x: float, y: float) -> str:
    """Return absolute path data, scaled and moved."""
    placed = []
    for command, values in _STEP.findall(path):
        coordinates = [int(value) for value in _VALUE.findall(values)]
        if command == _ACROSS:
            moved = [x + coordinates[0] * scale]
        elif command == _DOWN:
            moved = [y + coordinates[0] * scale]
        else:
            moved = [(y if index % 2 else x) + value * scale for index, value in enumerate(coordinates)]
        placed.append(command + " ".join(number(value) for value in moved))
    return "".join(placed)


@cache
def _read_table() -> LetterTable:
    """Return the table that ships with the package."""
    table = json.loads(resources.files("badges.rendering").joinpath("fonts/outlines.json").read_text("utf-8"))
    return LetterTable(table["units_per_em"], table["advances"], table["paths"], table["kerning"])
