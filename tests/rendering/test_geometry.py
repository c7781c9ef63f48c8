"""Outlines: corners, edges of even width and dots at even steps."""

from __future__ import annotations

import math

import pytest

from badges.rendering.geometry import Corner, inset_corners, number, outline_path, spread_points
from badges.rendering.silhouettes import SILHOUETTES, Silhouette

SQUARE = (Corner(100, 0, 10), Corner(100, 100, 10), Corner(0, 100, 10), Corner(0, 0, 10))
CIRCLE = (Corner(50, -50, 50), Corner(50, 50, 50), Corner(-50, 50, 50), Corner(-50, -50, 50))


def test_outline_path_rounds_a_square() -> None:
    path = outline_path(SQUARE)
    assert path.startswith("M90 0A10 10 0 0 1 100 10L100 90")
    assert path.endswith("Z")


def test_inset_corners_keeps_its_distance() -> None:
    inner = inset_corners(SQUARE, 7)
    assert [c.x for c in inner] == pytest.approx([93, 93, 7, 7])
    assert [c.y for c in inner] == pytest.approx([7, 93, 93, 7])
    assert {c.radius for c in inner} == {6.0}


def test_inset_corners_widens_a_corner_that_points_inwards() -> None:
    star = SILHOUETTES["star"].outline
    inner = inset_corners(star, 9)
    assert inner[0].radius < star[0].radius
    assert inner[1].radius > star[1].radius


def test_spread_points_goes_round_a_circle_from_the_top() -> None:
    points = spread_points(CIRCLE, 8)
    assert points[0] == pytest.approx((0, -50), abs=1e-6)
    assert points[2] == pytest.approx((50, 0), abs=1e-6)
    steps = [math.dist(a, b) for a, b in zip(points, [*points[1:], points[0]], strict=True)]
    assert max(steps) - min(steps) < 1e-6


@pytest.mark.parametrize("name", ["shield", "circle", "hexagon", "star", "arch"])
def test_ring_is_the_same_on_both_sides(name: str) -> None:
    silhouette = SILHOUETTES[name]
    points = spread_points(silhouette.ring, silhouette.dots, from_corner=silhouette.dots_from_corner)
    mirrored = {(round(400 - x, 3), round(y, 3)) for x, y in points}
    assert {(round(x, 3), round(y, 3)) for x, y in points} == mirrored


@pytest.mark.parametrize("silhouette", SILHOUETTES.values(), ids=SILHOUETTES)
def test_silhouette_fills_the_square_and_stays_inside(silhouette: Silhouette) -> None:
    points = spread_points(silhouette.outline, 720)
    width = max(x for x, _ in points) - min(x for x, _ in points)
    height = max(y for _, y in points) - min(y for _, y in points)
    assert all(4 <= value <= 396 for point in points for value in point)
    assert min(width, height) > 300
    assert max(width, height) > 360


def test_number_is_short_and_stable() -> None:
    assert [number(v) for v in (1.0, -0.001, 2.345, 10.10)] == ["1", "0", "2.35", "10.1"]
