"""The icons of the family, as data: bold, flat, drawn for the campaign by hand.

Each is drawn about (0, 0) in a square of 200 units, in three inks: FIGURE (the thing itself), LIGHT (the one
part that is lit: the answer) and GROUND (what is cut out of the figure). LIGHT always lies on the ground,
never on the figure, because amber on paper cannot be seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
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
    """A drawing. words: what it shows, as a phrase for those who cannot see it."""

    parts: tuple[IconPart, ...]
    words: str
    shift: tuple[float, float] = (0.0, 0.0)


FIGURE, LIGHT, GROUND = IconInk.FIGURE, IconInk.LIGHT, IconInk.GROUND


def _disc(x: float, y: float, radius: float) -> str:
    """Return the path of a full circle."""
    half = f"a{radius} {radius} 0 1 0"
    return f"M{x - radius} {y}{half} {2 * radius} 0{half} {-2 * radius} 0Z"


ICONS: Final[dict[str, Icon]] = {
    "pen": Icon(
        (
            IconPart("M-16-92H16V22H-16Z", soften=14, turn=42),
            IconPart("M-30-62H30", GROUND, stroke=10, turn=42),
            IconPart("M-17 42H17L0 82Z", soften=12, turn=42),
            IconPart("M-58 88H84", LIGHT, stroke=20),
        ),
        "a pen that signs a lit line",
    ),
    "megaphone": Icon(
        (
            IconPart("M-74-18H-42L26-60V60L-42 18H-74Z", soften=24, turn=-14),
            IconPart("M-44 44L-32 82", stroke=26, turn=-14),
            IconPart(_disc(66, -46, 12) + _disc(80, 0, 12) + _disc(66, 46, 12), LIGHT, turn=-14),
        ),
        "a megaphone with three lit dots",
    ),
    "heart": Icon(
        (
            IconPart(
                "M0 78C-32 52-82 18-82-26C-82-54-62-72-40-72C-22-72-8-62 0-46C8-62 22-72 40-72"
                "C62-72 82-54 82-26C82 18 32 52 0 78Z",
                stroke=22,
            ),
            IconPart(_disc(0, 0, 24), LIGHT),
        ),
        "a heart that holds one lit dot",
    ),
    "book": Icon(
        (
            IconPart("M-14-22C-34-38-60-40-86-34V56C-60 50-34 52-14 68Z", soften=14),
            IconPart("M14-22C34-38 60-40 86-34V56C60 50 34 52 14 68Z", soften=14),
            IconPart(_disc(0, -66, 20), LIGHT),
        ),
        "an open book under one lit dot",
    ),
    "group": Icon(
        (
            IconPart(_disc(-64, -24, 21) + _disc(64, -24, 21)),
            IconPart("M-94 66V42C-94 18-80 8-64 8C-48 8-34 18-34 42V66Z", soften=10),
            IconPart("M94 66V42C94 18 80 8 64 8C48 8 34 18 34 42V66Z", soften=10),
            IconPart("M-42 76V34C-42 4-24-8 0-8C24-8 42 4 42 34V76Z", GROUND, soften=34),
            IconPart("M-36 70V34C-36 8-20-4 0-4C20-4 36 8 36 34V70Z", soften=14),
            IconPart(_disc(0, -52, 27), LIGHT),
        ),
        "three people, the one in the middle lit",
    ),
    "speech-marks": Icon(
        (
            IconPart("M-8-62C-60-56-88-20-88 22A38 38 0 1 0-50-16C-44-32-30-42-8-44Z"),
            IconPart("M84-62C32-56 4-20 4 22A38 38 0 1 0 42-16C48-32 62-42 84-44Z", LIGHT),
        ),
        "two speech marks, one of them lit",
    ),
    "magnifier": Icon(
        (
            IconPart(_disc(-18, -18, 60), stroke=22),
            IconPart("M40 40L78 78", stroke=30),
            IconPart("M-46-16L-26 6L12-36", LIGHT, stroke=20),
        ),
        "a magnifier with a lit tick in its glass",
    ),
    "leaflet": Icon(
        (
            IconPart("M-60-86H22L60-48V86H-60Z", stroke=20),
            IconPart(_disc(0, -32, 17), LIGHT),
            IconPart("M0 8V48", stroke=26),
        ),
        "a leaflet with the letter i, its dot lit",
    ),
    "mortarboard": Icon(
        (
            IconPart("M0-60L88-18L0 24L-88-18Z", soften=14),
            IconPart("M-50 22V56C-24 78 24 78 50 56V22L0 46Z", soften=12),
            IconPart("M84-2V50", LIGHT, stroke=12),
            IconPart(_disc(84, 58, 15), LIGHT),
        ),
        "a student's cap with a lit tassel",
    ),
    "compass": Icon(
        (
            IconPart(_disc(0, 0, 82), stroke=20),
            IconPart("M0-50L16 0H-16Z", LIGHT, soften=8, turn=38),
            IconPart("M0 50L16 0H-16Z", soften=8, turn=38),
            IconPart(_disc(0, 0, 9), GROUND),
        ),
        "a compass with a lit needle",
    ),
    "hand": Icon(
        (
            IconPart("M-76 0V-30M-48 0V-66M-20 0V-66M8 0V-44", stroke=22),
            IconPart("M-76-4H8V30C8 64-10 80-34 80C-62 80-76 62-76 34Z", soften=20),
            IconPart("M8 34L34 8", stroke=22),
            IconPart("M40-50C40-70 54-80 68-80C84-80 96-70 96-54C96-34 70-34 70-8", LIGHT, stroke=18),
            IconPart(_disc(70, 24, 13), LIGHT),
        ),
        "a raised hand with a lit question mark",
    ),
    "lantern": Icon(
        (
            IconPart("M-36-52A36 36 0 0 1 36-52", stroke=14),
            IconPart("M-30-50H30L42-32H-42Z", soften=14),
            IconPart("M-44-28V52M44-28V52", stroke=16),
            IconPart("M-52 60H52V76H-52Z", soften=16),
            IconPart("M0-16C4 0 24 8 24 28A24 24 0 0 1-24 28C-24 14-10 8 0-16Z", LIGHT),
        ),
        "a lantern with a lit flame",
    ),
    "handshake": Icon(
        (
            IconPart("M-90-20L-30-34L30 14", stroke=40),
            IconPart("M90-20L30-34L-20 6", LIGHT, stroke=40),
        ),
        "two hands that shake, one of them lit",
    ),
    "signpost": Icon(
        (
            IconPart("M0-84V88", stroke=22),
            IconPart("M-70-78H46L76-50L46-22H-70Z", GROUND, soften=16),
            IconPart("M-62-66H42L62-50L42-34H-62Z", LIGHT, soften=14),
            IconPart("M70-6H-46L-76 22L-46 50H70Z", GROUND, soften=16),
            IconPart("M62 6H-42L-62 22L-42 38H62Z", soften=14),
        ),
        "a signpost with one lit board",
    ),
}
