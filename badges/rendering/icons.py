"""The icons of the family, as data: those drawn for the campaign by hand, bold and flat, and those of an open set.

Each of our own is drawn about (0, 0) in a square of 200 units, in three inks: FIGURE (the thing itself), LIGHT (the one
part that is lit: the answer) and GROUND (what is cut out of the figure). LIGHT always lies on the ground,
never on the figure, because amber on paper cannot be seen.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import Final


class IconInk(StrEnum):
    """Which colour of the badge a part of an icon takes."""

    FIGURE = "figure"
    LIGHT = "light"
    GROUND = "ground"


@dataclass(frozen=True, slots=True)
class IconPart:
    """One path of an icon. stroke: the width of its line, with round ends; 0 fills it instead.

    soften: the width of an extra line around a filled part that rounds its corners. turn: degrees clockwise.
    """

    path: str
    ink: IconInk = IconInk.FIGURE
    stroke: float = 0.0
    soften: float = 0.0
    turn: float = 0.0


@dataclass(frozen=True, slots=True)
class Icon:
    """A drawing, part over part. shift: how far to move it so that it looks centred, in its own units.

    scale: how large its units are; 1 for a square of 200.
    """

    parts: tuple[IconPart, ...]
    shift: tuple[float, float] = (0.0, 0.0)
    scale: float = 1.0


FIGURE, LIGHT, GROUND = IconInk.FIGURE, IconInk.LIGHT, IconInk.GROUND


def _disc(x: float, y: float, radius: float) -> str:
    """Return the path of a full circle."""
    half = f"a{radius} {radius} 0 1 0"
    return f"M{x - radius} {y}{half} {2 * radius} 0{half} {-2 * radius} 0Z"


CAMPAIGN_ICONS: Final[dict[str, Icon]] = {
    "pen": Icon(
        (
            IconPart("M-17-100H17V20H-17Z", soften=14, turn=42),
            IconPart("M-32-68H32", GROUND, stroke=10, turn=42),
            IconPart("M-18 40H18L0 80Z", soften=12, turn=42),
            IconPart("M-50 88H52", LIGHT, stroke=20),
        ),
        (2, 0),
    ),
    "megaphone": Icon(
        (
            IconPart("M-88-24H-46L24-64V64L-46 24H-88Z", soften=20, turn=-16),
            IconPart("M-34-60V60", GROUND, stroke=9, turn=-16),
            IconPart("M-56 22L-46 78", stroke=26, turn=-16),
            IconPart("M64 0H92M58-38L82-54M58 38L82 54", LIGHT, stroke=17, turn=-16),
        ),
        (-6, 0),
    ),
    "heart": Icon(
        (
            IconPart(
                "M0 80C-32 54-84 18-84-26C-84-56-64-74-41-74C-22-74-8-64 0-48C8-64 22-74 41-74"
                "C64-74 84-56 84-26C84 18 32 54 0 80Z",
                stroke=23,
            ),
            IconPart(_disc(0, 0, 25), LIGHT),
        ),
    ),
    "book": Icon(
        (
            IconPart("M-14-22C-34-38-60-40-88-34V56C-62 50-34 52-14 68Z", soften=14),
            IconPart("M14-22C34-38 60-40 88-34V56C62 50 34 52 14 68Z", soften=14),
            IconPart(_disc(0, -68, 21), LIGHT),
        ),
        (0, 2),
    ),
    "group": Icon(
        (
            IconPart(_disc(-67, -26, 22) + _disc(67, -26, 22)),
            IconPart("M-98 66V40C-98 18-84 8-67 8C-50 8-36 18-36 40V66Z", soften=12),
            IconPart("M98 66V40C98 18 84 8 67 8C50 8 36 18 36 40V66Z", soften=12),
            IconPart("M-40 74V34C-40 6-22-6 0-6C22-6 40 6 40 34V74Z", GROUND, soften=34),
            IconPart("M-38 72V34C-38 8-22-4 0-4C22-4 38 8 38 34V72Z", soften=14),
            IconPart(_disc(0, -54, 29), LIGHT),
        ),
    ),
    "speech-marks": Icon(
        (
            IconPart("M-14-60C-60-54-88-22-88 20A36 36 0 1 0-52-16C-46-30-32-40-14-42Z", soften=8),
            IconPart("M78-60C32-54 4-22 4 20A36 36 0 1 0 40-16C46-30 60-40 78-42Z", LIGHT, soften=8),
        ),
        (4, 2),
    ),
    "magnifier": Icon(
        (
            IconPart(_disc(-16, -16, 62), stroke=23),
            IconPart("M44 44L80 80", stroke=31),
            IconPart("M-44-14L-24 8L14-34", LIGHT, stroke=21),
        ),
    ),
    "leaflet": Icon(
        (
            IconPart("M-55-78H20L55-43V78H-55Z", stroke=22),
            IconPart(_disc(0, -28, 18), LIGHT),
            IconPart("M0 10V42", stroke=27),
        ),
    ),
    "mortarboard": Icon(
        (
            IconPart("M-2-62L90-20L-2 22L-94-20Z", soften=14),
            IconPart("M-54 20V54C-28 78 24 78 50 54V20L-2 44Z", soften=12),
            IconPart("M79 9V42", LIGHT, stroke=13),
            IconPart(_disc(79, 49, 15), LIGHT),
        ),
    ),
    "compass": Icon(
        (
            IconPart(_disc(0, 0, 79), stroke=21),
            IconPart("M0-50L19-7H-19Z", LIGHT, soften=8, turn=40),
            IconPart("M0 50L19 7H-19Z", soften=8, turn=40),
        ),
    ),
    "hand": Icon(
        (
            IconPart("M-60 4L-71-44M-39 0L-43-70M-15 0L-13-72M7 4L16-50", stroke=21),
            IconPart("M-60 2H7V34C7 62-7 78-28 78C-51 78-60 62-60 36Z", soften=21),
            IconPart("M-57 50L-94 12", stroke=22),
            IconPart("M46-44C46-64 58-76 74-76C90-76 102-64 102-48C102-26 74-24 74 4", LIGHT, stroke=20),
            IconPart(_disc(74, 40, 14), LIGHT),
        ),
        (-2, 0),
    ),
    "lantern": Icon(
        (
            IconPart("M-40-46C-40-112 40-112 40-46", stroke=13),
            IconPart("M-22-58H22L48-38H-48Z", soften=18),
            IconPart("M-44-32C-62 0-58 34-44 56M44-32C62 0 58 34 44 56", stroke=16),
            IconPart("M-44 60H44L54 84H-54Z", soften=16),
            IconPart("M2-24C4-6 24 2 24 20A24 22 0 0 1-24 20C-24 6-4-2 2-24Z", LIGHT, soften=4),
        ),
    ),
    "handshake": Icon(
        (
            IconPart("M0-14L62 34M-20 11L34 53M-40 36L0 67", stroke=25),
            IconPart("M-68-32H-20L10-10L-30 30L-50 26L-68 16Z", soften=14),
            IconPart("M-94-36V20", stroke=15),
            IconPart("M46-20L22-38L-18-6", GROUND, stroke=54),
            IconPart("M44-32H70V4L52-8H44Z", GROUND, soften=29),
            IconPart("M46-20L22-38L-18-6", LIGHT, stroke=38),
            IconPart("M44-32H70V4L52-8H44Z", LIGHT, soften=14),
            IconPart("M94-36V20", LIGHT, stroke=15),
        ),
        (0, -6),
    ),
    "signpost": Icon(
        (
            IconPart("M0-88V92", stroke=22),
            IconPart("M-48-64H54L78-40L54-16H-48Z", GROUND, soften=28),
            IconPart("M-46-58H56L76-40L56-22H-46Z", LIGHT, soften=14),
            IconPart("M48 4H-54L-78 28L-54 52H48Z", GROUND, soften=28),
            IconPart("M46 10H-56L-76 28L-56 46H46Z", soften=14),
        ),
    ),
}


# The open icons leave room around themselves: so wide is their square, to look as large as our own.
_OPEN_SIZE: Final = 206.0


def _open_icons() -> dict[str, Icon]:
    """Return the icons of the open set (`icon_set/README.md`): one figure each, a little smaller than our own."""
    kept = json.loads(resources.files("badges.rendering").joinpath("icon_set/phosphor.json").read_text("utf-8"))
    half, scale = kept["view"] / 2, _OPEN_SIZE / kept["view"]
    return {name: Icon((IconPart(path),), (-half, -half), scale) for name, path in kept["icons"].items()}


ICONS: Final[dict[str, Icon]] = CAMPAIGN_ICONS | _open_icons()
"""All icons by name: those of the campaign first."""
