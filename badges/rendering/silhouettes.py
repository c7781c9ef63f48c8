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
    dots: how many dots the ring has. icon_scale: how large the icon is drawn; 1 is 200 units.
    """

    outline: tuple[Corner, ...]
    ring: tuple[Corner, ...]
    centre: Point = (200.0, 200.0)
    icon_scale: float = 1.0
    dots: int = 36
    dots_from_corner: bool = False


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


_VALLEY: Final = math.cos(math.pi / 4) / math.cos(math.pi / 8)
"""How deep a star is between its points, when it is made of two squares."""

_SHIELD = (
    Corner(374, 18, 56),
    Corner(374, 268, 210),
    Corner(200, 402, 44),
    Corner(26, 268, 210),
    Corner(26, 18, 56),
)
_HEXAGON = _spokes(6, (203,), (58,))
_STAR = _spokes(16, (210, 210 * _VALLEY), (38, 38))
_DROP = (Corner(388, 12, 182), Corner(388, 378, 182), Corner(22, 378, 26), Corner(22, 12, 182))
_BLADE = (Corner(388, 10, 26), Corner(388, 360, 258), Corner(38, 360, 26), Corner(38, 10, 258))
_STEM = (Corner(62, 360, 20), Corner(30.6, 391.4, 11), Corner(6.6, 367.4, 11), Corner(38, 336, 20))
_LEAF = (*_BLADE[:2], *_STEM, _BLADE[3])
_ARCH = (Corner(360, 12, 160), Corner(360, 388, 42), Corner(40, 388, 42), Corner(40, 12, 160))

SILHOUETTES: Final[dict[str, Silhouette]] = {
    "shield": Silhouette(_SHIELD, _ring_of(_SHIELD), (200, 178), 1.04),
    "circle": Silhouette(_circle(200, 200, 188), _circle(200, 200, 188 - RING_DISTANCE), icon_scale=1.12),
    "hexagon": Silhouette(_HEXAGON, _ring_of(_HEXAGON), icon_scale=1.06, dots_from_corner=True),
    "drop": Silhouette(_DROP, _circle(206, 194, 182 - RING_DISTANCE), (206, 194), 1.12),
    "star": Silhouette(_STAR, _circle(200, 200, 141), dots=40),
    "leaf": Silhouette(_LEAF, _ring_of(_BLADE), (215, 186), 0.9, dots_from_corner=True),
    "arch": Silhouette(_ARCH, _ring_of(_ARCH), (200, 206), 1.04),
}
