"""Closed outlines with rounded corners, exactly: as SVG paths, moved inwards, or as evenly spaced points.

Every silhouette of the family is a polygon whose corners are rounded by arcs; a circle is a square with round
corners. So an edge of even width and a ring of dots at an even distance are sums, not drawings.
Coordinates are SVG user units, y downwards. Corners are listed clockwise as seen on the screen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Corner:
    """One corner of an outline: where the straight edges would meet, and the radius that rounds it."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Arc:
    """A rounded corner: an arc about a centre. `turn` is in radians, clockwise positive."""

    centre: Point
    radius: float
    start_angle: float
    turn: float

    @property
    def length(self) -> float:
        return abs(self.turn) * self.radius

    def point_at(self, distance: float) -> Point:
        """Return the point this far along the arc."""
        angle = self.start_angle + self.turn * (distance / self.length if self.length else 0.0)
        return (
            self.centre[0] + self.radius * math.cos(angle),
            self.centre[1] + self.radius * math.sin(angle),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A straight edge between two rounded corners."""

    start: Point
    end: Point

    @property
    def length(self) -> float:
        return math.dist(self.start, self.end)

    def point_at(self, distance: float) -> Point:
        """Return the point this far along the line."""
        share = distance / self.length if self.length else 0.0
        return (
            self.start[0] + (self.end[0] - self.start[0]) * share,
            self.start[1] + (self.end[1] - self.start[1]) * share,
        )


def outline_path(corners: Sequence[Corner]) -> str:
    """Return the SVG path data of a rounded outline: lines and arcs, closed."""
    arcs = _corner_arcs(corners)
    first = arcs[0].point_at(0)
    commands = [f"M{_pair(first)}"]
    for index, arc in enumerate(arcs):
        if index:
            commands.append(f"L{_pair(arc.point_at(0))}")
        sweep = 1 if arc.turn > 0 else 0
        radius = number(arc.radius)
        commands.append(f"A{radius} {radius} 0 0 {sweep} {_pair(arc.point_at(arc.length))}")
    return "".join(commands) + "Z"


def inset_corners(corners: Sequence[Corner], distance: float, *, softest: float = 6.0) -> tuple[Corner, ...]:
    """Return the outline moved inwards by `distance`, corner for corner.

    A corner that points outwards becomes tighter, but never below the radius `softest`; one that points
    inwards becomes wider.
    """
    moved = []
    for before, corner, after in _neighbours(corners):
        into, out_of = _direction(before, corner), _direction(corner, after)
        cross, cosine = _cross_and_dot(into, out_of)
        # The inner normals of both edges, added and scaled, point to where the moved edges meet.
        scale = distance / (1 + cosine)
        x = corner.x + (-into[1] - out_of[1]) * scale
        y = corner.y + (into[0] + out_of[0]) * scale
        radius = max(corner.radius - distance, softest) if cross > 0 else corner.radius + distance
        moved.append(Corner(x, y, radius))
    return tuple(moved)


def spread_points(corners: Sequence[Corner], count: int, *, from_corner: bool = False) -> list[Point]:
    """Return `count` points at equal steps along the outline, clockwise.

    They start in the middle of the edge that leads to the first corner, or, with `from_corner`, in the middle
    of that corner's arc. So an outline with that edge or corner at the top is dotted evenly on both sides.
    """
    arcs = _corner_arcs(corners)
    pieces: list[Arc | Line] = []
    for arc, following in pairwise([*arcs, arcs[0]]):
        pieces += [arc, Line(arc.point_at(arc.length), following.point_at(0))]
    total = sum(piece.length for piece in pieces)
    start = arcs[0].length / 2 if from_corner else total - pieces[-1].length / 2
    return [_point_along(pieces, (start + total * index / count) % total) for index in range(count)]


def dot_path(x: float, y: float, radius: float) -> str:
    """Return the SVG path data of one full dot."""
    size, back = number(radius), number(-2 * radius)
    arc = f"a{size} {size} 0 1 1 "
    return f"M{number(x - radius)} {number(y)}{arc}{number(2 * radius)} 0{arc}{back} 0Z"


def number(value: float) -> str:
    """Return a coordinate as SVG text: at most two decimals, no trailing noughts, so output is stable."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _corner_arcs(corners: Sequence[Corner]) -> list[Arc]:
    """Return the arc of every corner, in order."""
    arcs = []
    for before, corner, after in _neighbours(corners):
        into, out_of = _direction(before, corner), _direction(corner, after)
        turn = math.atan2(*_cross_and_dot(into, out_of))
        side = 1 if turn > 0 else -1
        reach = corner.radius * math.tan(abs(turn) / 2)
        start = (corner.x - into[0] * reach, corner.y - into[1] * reach)
        centre = (start[0] - into[1] * corner.radius * side, start[1] + into[0] * corner.radius * side)
        angle = math.atan2(start[1] - centre[1], start[0] - centre[0])
        arcs.append(Arc(centre, corner.radius, angle, turn))
    return arcs


def _neighbours(corners: Sequence[Corner]) -> list[tuple[Corner, Corner, Corner]]:
    """Return each corner between the one before it and the one after it."""
    return list(zip([corners[-1], *corners[:-1]], corners, [*corners[1:], corners[0]], strict=True))


def _direction(start: Corner, end: Corner) -> Point:
    """Return the unit vector from one corner to another."""
    length = math.hypot(end.x - start.x, end.y - start.y)
    return (end.x - start.x) / length, (end.y - start.y) / length


def _cross_and_dot(first: Point, second: Point) -> tuple[float, float]:
    """Return the sine and the cosine of the turn from one unit vector to another, clockwise positive."""
    return first[0] * second[1] - first[1] * second[0], first[0] * second[0] + first[1] * second[1]


def _point_along(pieces: Sequence[Arc | Line], distance: float) -> Point:
    """Return the point this far along the pieces, one after the other."""
    for piece in pieces:
        if distance <= piece.length:
            return piece.point_at(distance)
        distance -= piece.length
    return pieces[-1].point_at(pieces[-1].length)


def _pair(point: Point) -> str:
    """Return a point as SVG text."""
    return f"{number(point[0])} {number(point[1])}"
