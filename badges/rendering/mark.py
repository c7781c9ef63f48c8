"""The campaign's sign: a field of dots, most quiet, some lit, that gathers into a tick.

Small, it is the mark beside the name and the favicon; wide, it is the band of the home page, where loose dots
come in from the left and fall into place.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Final

from badges.errors import InvalidInputError
from badges.rendering.colours import AMBER, INK, PAPER, TEAL, mix_colours
from badges.rendering.geometry import Point, dot_path, number
from badges.rendering.raster import rasterise_svg

TICK: Final[tuple[Point, ...]] = ((-3.0, 0.0), (-1.0, 2.0), (3.0, -2.0))
"""The tick, in steps of the lattice, about its middle."""

TICK_WIDTH: Final = 0.66
"""Half the thickness of the tick where it is made of many dots, in steps of the mark's lattice."""

LIT_SHARE: Final = 0.07
"""How many of the dots that are still on their way are lit."""

MARK_RADIUS: Final = 4.3
LIT_DOT: Final = 0.68
LARGEST_QUIET_DOT: Final = 0.34
SMALLEST_QUIET_DOT: Final = 0.16


class MarkStyle(StrEnum):
    """What the mark is printed on. ONE_COLOUR takes the colour of the text around it."""

    ON_LIGHT = "on-light"
    ON_DARK = "on-dark"
    ONE_COLOUR = "one-colour"
    TILE = "tile"


@dataclass(frozen=True, slots=True)
class Dot:
    """One dot of a field."""

    x: float
    y: float
    radius: float
    lit: bool


@cache
def campaign_mark_png() -> bytes:
    """Return the mark as a PNG of 400 by 400 pixels."""
    return rasterise_svg(draw_campaign_mark_svg(MarkStyle.TILE), 400)


def draw_campaign_mark_svg(style: MarkStyle = MarkStyle.ON_LIGHT) -> str:
    """Return the mark as a standalone SVG of 64 by 64 units. A decoration: its name stands beside it."""
    lit, quiet = _choose_colours(style)
    ground = f'<rect width="64" height="64" rx="15" fill="{INK}"/>' if style is MarkStyle.TILE else ""
    step = 5.9 if style is MarkStyle.TILE else 6.7
    dots = [_grow(dot, step, (32, 32)) for dot in _mark_dots()]
    return _document(64, 64, ground + _draw_dots(dots, lit, quiet))


def draw_dot_field_svg(width: int, height: int, seed: int = 1, style: MarkStyle = MarkStyle.ON_DARK) -> str:
    """Return a band of dots, width by height pixels, that gathers from the left into the tick on the right.

    seed: another number gives another scatter; the same numbers give the same text.
    The ground is not painted.

    Raises InvalidInputError if the band is less than 120 pixels high, or not wider than it is high.
    """
    if height < 120 or width <= height or width > 4000:
        raise InvalidInputError(
            "A band of dots is 120 or more pixels high, and wider than it is high, up to 4000; not "
            "%(width)s by %(height)s.",
            field="width",
            width=width,
            height=height,
        )
    lit, quiet = _choose_colours(style)
    return _document(width, height, _draw_dots(_field_dots(width, height, seed), lit, quiet))


def _choose_colours(style: MarkStyle) -> tuple[str, str]:
    """Return the colours of lit and of quiet dots."""
    if style is MarkStyle.ONE_COLOUR:
        return "currentColor", "currentColor"
    if style is MarkStyle.ON_LIGHT:
        return TEAL, mix_colours(PAPER, TEAL, 0.55)
    return AMBER, mix_colours(INK, PAPER, 0.5)


def _mark_dots() -> list[Dot]:
    """Return the dots of the mark in lattice steps: lit ones on the tick, quiet ones that grow towards it."""
    dots = []
    reach = math.ceil(MARK_RADIUS)
    for column in range(-reach, reach + 1):
        for row in range(-reach, reach + 1):
            if (column + row) % 2 == 0 or math.hypot(column, row) > MARK_RADIUS:
                continue
            away = _distance_to_tick((column, row))
            lit = away < 0.1
            dots.append(Dot(column, row, LIT_DOT if lit else _quiet_radius(away), lit))
    return dots


def _field_dots(width: int, height: int, seed: int) -> list[Dot]:
    """Return the dots of a band, in pixels: loose and few at the left, in their places at the right."""
    step, tick_step = height / 26, height / 8
    centre = (width - height * 0.64, height / 2)
    dots = []
    for column in range(-1, math.ceil(width / step) + 1):
        for row in range(-1, math.ceil(height / step) + 1):
            x, y = column * step, row * step
            loose = min(max((centre[0] - x) / (width * 0.7) - 0.2, 0.0), 1.0)
            chance, angle, jump, glow = (_noise(seed, column, row, use) for use in range(4))
            if (column + row) % 2 or chance < loose * 0.75:
                continue
            away = _distance_to_tick(((x - centre[0]) / tick_step, (y - centre[1]) / tick_step))
            lit = away < TICK_WIDTH or glow < LIT_SHARE * (loose > 0)
            throw = loose * jump * step * 2.6
            x, y = x + throw * math.cos(math.tau * angle), y + throw * math.sin(math.tau * angle)
            dots.append(Dot(x, y, step * (_lit_radius(away) if lit else _quiet_radius(away)), lit))
    return dots


def _lit_radius(away: float) -> float:
    """Return the radius of a lit dot, in lattice steps: largest in the middle of the tick's line."""
    return 0.42 if away >= TICK_WIDTH else LIT_DOT - 0.22 * away / TICK_WIDTH


def _quiet_radius(away: float) -> float:
    """Return the radius of a quiet dot, in lattice steps: larger the nearer it is to the tick."""
    nearness = 1 / (1 + max(away - 0.7, 0.0))
    return SMALLEST_QUIET_DOT + (LARGEST_QUIET_DOT - SMALLEST_QUIET_DOT) * nearness


def _distance_to_tick(point: Point) -> float:
    """Return how far a point is from the line of the tick, in lattice steps."""
    return min(_distance_to_line(point, start, end) for start, end in pairwise(TICK))


def _distance_to_line(point: Point, start: Point, end: Point) -> float:
    """Return how far a point is from the nearest point of a straight line."""
    across, down = end[0] - start[0], end[1] - start[1]
    along = ((point[0] - start[0]) * across + (point[1] - start[1]) * down) / (across**2 + down**2)
    along = min(max(along, 0.0), 1.0)
    return math.hypot(point[0] - start[0] - along * across, point[1] - start[1] - along * down)


def _noise(seed: int, column: int, row: int, use: int) -> float:
    """Return a number from 0 to 1 that looks random, and is the same each time."""
    digest = hashlib.blake2b(f"{seed} {column} {row} {use}".encode(), digest_size=4).digest()
    return int.from_bytes(digest) / 0xFFFFFFFF


def _grow(dot: Dot, step: float, centre: Point) -> Dot:
    """Return the dot, from lattice steps to units about a centre."""
    return Dot(centre[0] + dot.x * step, centre[1] + dot.y * step, dot.radius * step, dot.lit)


def _draw_dots(dots: Iterable[Dot], lit: str, quiet: str) -> str:
    """Return two paths: the quiet dots and, over them, the lit ones."""
    shapes: dict[bool, list[str]] = {False: [], True: []}
    for dot in dots:
        shapes[dot.lit].append(dot_path(dot.x, dot.y, dot.radius))
    return f'<path fill="{quiet}" d="{"".join(shapes[False])}"/><path fill="{lit}" d="{"".join(shapes[True])}"/>'


def _document(width: float, height: float, content: str) -> str:
    """Return a standalone SVG that screen readers pass over."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(width)} {number(height)}" '
        f'aria-hidden="true" focusable="false">{content}</svg>\n'
    )
