"""The outer shapes of the family, as data. What a badge honours decides its shape.

All are drawn in a square of 400 units and weigh about the same to the eye. `centre` is where the icon sits,
which is not always the middle: a shield carries its weight high, an arch low.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from badges.rendering.geometry import Corner, Point, inset_corners

RING_DISTANCE: Final = 37.0
"""From the outer edge to the middle of the dots of the ring."""


@dataclass(frozen=True, slots=True)
class Silhouette:
    """An outer shape.

    outline: its corners, clockwise. ring: where the dots sit. dots_from_corner: whether the first dot sits on
    the first corner of the ring rather than on the edge that leads to it.
    icon_scale: how large the icon is drawn; 1 is 200 units.
    """

    outline: tuple[Corner, ...]
    ring: tuple[Corner, ...]
    centre: Point = (200.0, 200.0)
    icon_scale: float = 1.0
    dots_from_corner: bool = False
    words: str = ""


def _circle(x: float, y: float, radius: float) -> tuple[Corner, ...]:
    """Return a circle, as a square whose corners are round."""
    return (
        Corner(x + radius, y - radius, radius),
        Corner(x + radius, y + radius, radius),
        Corner(x - radius, y + radius, radius),
        Corner(x - radius, y - radius, radius),
    )


def _ring_of(outline: tuple[Corner, ...]) -> tuple[Corner, ...]:
    """Return the line for the dots: the outline, moved inwards, with corners soft enough for dots to turn."""
    return inset_corners(outline, RING_DISTANCE, softest=14.0)


def _spokes(count: int, radii: tuple[float, ...], softness: tuple[float, ...]) -> tuple[Corner, ...]:
    """Return corners about (200, 200), the first at the top, taking radii and roundings by turns."""
    corners = []
    for index in range(count):
        angle = math.tau * index / count - math.pi / 2
        radius = radii[index % len(radii)]
        corners.append(
            Corner(
                200 + radius * math.cos(angle),
                200 + radius * math.sin(angle),
                softness[index % len(softness)],
            )
        )
    return tuple(corners)


_SHIELD = (
    Corner(366, 20, 52),
    Corner(366, 258, 190),
    Corner(200, 398, 40),
    Corner(34, 258, 190),
    Corner(34, 20, 52),
)
_HEXAGON = _spokes(6, (200,), (56,))
_STAR = _spokes(16, (204, 166), (34, 34))
_DROP = (Corner(388, 14, 181), Corner(388, 376, 181), Corner(26, 376, 30), Corner(26, 14, 181))
_LEAF = (Corner(382, 18, 34), Corner(382, 382, 250), Corner(18, 382, 34), Corner(18, 18, 250))
_ARCH = (Corner(354, 14, 154), Corner(354, 388, 40), Corner(46, 388, 40), Corner(46, 14, 154))

SILHOUETTES: Final[dict[str, Silhouette]] = {
    "shield": Silhouette(_SHIELD, _ring_of(_SHIELD), (200, 184), 1.0, words="a shield with soft corners"),
    "circle": Silhouette(_circle(200, 200, 186), _circle(200, 200, 186 - RING_DISTANCE), words="a circle"),
    "hexagon": Silhouette(_HEXAGON, _ring_of(_HEXAGON), dots_from_corner=True, words="a rounded hexagon"),
    "drop": Silhouette(_DROP, _circle(207, 195, 181 - RING_DISTANCE), (207, 195), words="a speech drop"),
    "star": Silhouette(_STAR, _circle(200, 200, 140), icon_scale=0.92, words="a star with eight soft points"),
    "leaf": Silhouette(_LEAF, _ring_of(_LEAF), icon_scale=0.92, dots_from_corner=True, words="a leaf"),
    "arch": Silhouette(_ARCH, _ring_of(_ARCH), (200, 206), 0.94, words="an arch, like a door"),
}
