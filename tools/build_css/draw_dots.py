"""Draws the pictures of the pages: the campaign's mark, and the fields of dots that gather into a shape.

Writes badges/web/static/images/*.svg. Run it with the environment of the project.
The same seed gives the same pictures.
"""

from __future__ import annotations

import math
import random
from itertools import pairwise
from pathlib import Path

from badges.rendering.mark import MarkStyle, draw_campaign_mark_svg

TARGET = Path(__file__).resolve().parents[2] / "badges" / "web" / "static" / "images"
AMBER = "#FFB81C"
TICK = ((-3.0, 0.0), (-1.0, 2.0), (3.0, -2.0))
"""The corners of the tick, in its own steps about its middle: the same tick as in the campaign's mark."""

Dot = tuple[float, float, float]


def distance_to_tick(x: float, y: float) -> float:
    """Return how far a point lies from the line of the tick, in the tick's steps."""
    nearest = math.inf
    for (x1, y1), (x2, y2) in pairwise(TICK):
        along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2)
        along = min(1.0, max(0.0, along))
        nearest = min(nearest, math.hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1)))
    return nearest


def lattice(step: float, radius: float) -> list[tuple[float, float]]:
    """Return the points of the mark's lattice that lie in a disc: every second one, as on a draughts board."""
    reach = math.ceil(radius / step)
    return [
        (column * step, row * step)
        for column in range(-reach, reach + 1)
        for row in range(-reach, reach + 1)
        if (column + row) % 2 == 0 and math.hypot(column, row) * step <= radius
    ]


def stream(chance: random.Random, count: int, height: float, centre: tuple[float, float], radius: float) -> list[Dot]:
    """Return dots that come from the left, sparse and small, and draw together towards the disc."""
    # The left third stays empty: words stand there.
    start = centre[0] * 0.44
    dots: list[Dot] = []
    tries = 0
    while len(dots) < count and tries < count * 200:
        tries += 1
        share = chance.random() ** 0.62
        x = start + share * (centre[0] - radius * 0.2 - start)
        spread = (1 - share) ** 1.25 * height * 0.54 + radius * 0.86 * share
        y = centre[1] + chance.uniform(-1, 1) * spread
        dot = 1.3 + 3.4 * share**1.6 * chance.uniform(0.7, 1.1)
        if math.hypot(x - centre[0], y - centre[1]) < radius * 1.06 or not -4 < y < height + 4:
            continue
        gap = 5 + 16 * (1 - share)
        if all(math.hypot(x - other[0], y - other[1]) > gap + dot for other in dots):
            dots.append((x, y, dot))
    return dots


def circle(x: float, y: float, radius: float) -> str:
    """Return one dot."""
    return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.1f}"/>'


def draw_field(quiet: str, lit: str, *, seed: int = 4, count: int = 230) -> str:
    """Return the wide picture: dots from the left gather into a disc at the right, and a tick is lit in it."""
    chance = random.Random(seed)  # noqa: S311
    width, height, radius = 1200.0, 560.0, 190.0
    centre = (940.0, 280.0)
    groups: dict[str, list[str]] = {"quiet": [], "lit": []}
    for x, y, size in stream(chance, count, height, centre, radius):
        is_lit = chance.random() < 0.09
        groups["lit" if is_lit else "quiet"].append(circle(x, y, size))
    step, tick_step = 14.0, 45.0
    for x, y in lattice(step, radius):
        away = distance_to_tick(x / tick_step, y / tick_step)
        is_lit = away < 0.6
        size = 9.2 - 3.4 * away / 0.6 if is_lit else 2.6 + 3.0 / (1 + away)
        groups["lit" if is_lit else "quiet"].append(circle(centre[0] + x, centre[1] + y, size))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}">'
        f'<g fill="{quiet}">{"".join(groups["quiet"])}</g><g fill="{lit}">{"".join(groups["lit"])}</g></svg>\n'
    )


def draw_stage(quiet: str, lit: str) -> str:
    """Return the ground of a badge's picture: rings of dots that grow quieter outwards."""
    parts: dict[str, list[str]] = {"quiet": [], "lit": []}
    chance = random.Random(9)  # noqa: S311
    for ring in range(8):
        radius = 196 + 21 * ring
        number = round(2 * math.pi * radius / (19 + 2.4 * ring))
        for i in range(number):
            angle = (i + ring / 2) * 2 * math.pi / number
            size = max(0.9, 4.6 - 0.5 * ring)
            group = "lit" if ring < 3 and chance.random() < 0.09 else "quiet"
            parts[group].append(circle(300 + radius * math.cos(angle), 300 + radius * math.sin(angle), size))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600">'
        f'<g fill="{quiet}">{"".join(parts["quiet"])}</g><g fill="{lit}">{"".join(parts["lit"])}</g></svg>\n'
    )


def draw_rule() -> str:
    """Return a strip of dots, some lit, to be repeated as a line between parts of a page."""
    lit = {3, 4, 9, 17, 18, 19, 26}
    dots = {True: "", False: ""}
    for i in range(30):
        dots[i in lit] += f'<circle cx="{8 + 16 * i}" cy="6" r="{3.4 if i in lit else 2.2}"/>'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 12" width="480" height="12">'
        f'<g fill="#B9C6CE">{dots[False]}</g><g fill="{AMBER}">{dots[True]}</g></svg>\n'
    )


def main() -> None:
    """Write every picture."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, picture in {
        "field-ink": draw_field("#54617F", AMBER),
        "field-paper": draw_field("#BFD0D6", AMBER, count=170),
        "stage": draw_stage("#CFDBE2", AMBER),
        "rule": draw_rule(),
        "mark": draw_campaign_mark_svg(),
        "favicon": draw_campaign_mark_svg(MarkStyle.TILE),
    }.items():
        (TARGET / f"{name}.svg").write_text(picture, encoding="utf-8")
        print(f"{name}.svg: {len(picture)} bytes")


if __name__ == "__main__":
    main()
