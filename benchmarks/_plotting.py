"""Curves as SVG: what an award costs, and how much memory it takes, from the first thousand to the last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_WIDTH: Final = 720
_HEIGHT: Final = 220
_LEFT: Final = 70
_TOP: Final = 40
_POINTS: Final = 60


def draw_growth(seen: Sequence[tuple[float, int, float]], rows: int) -> str:
    """Return two curves over how many badges there are. seen: (seconds, badges so far, megabytes), in order."""
    costs = _costs(seen, rows)
    memory = [(done, megabytes) for _, done, megabytes in seen if done]
    panels = [
        _panel(0, "Microseconds for a badge", costs, rows),
        _panel(1, "Memory of the largest process, MB", memory, rows),
    ]
    height = 2 * (_HEIGHT + _TOP + 40)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH + _LEFT + 30} {height}" '
        f'font-family="sans-serif" font-size="14">'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(panels)}</svg>\n'
    )


def _costs(seen: Sequence[tuple[float, int, float]], rows: int) -> list[tuple[int, float]]:
    """Return what a badge cost, in microseconds, in each of some equal parts of the rows."""
    step, costs = max(1, rows // _POINTS), []
    begun, before = next(((at, done) for at, done, _ in seen if done), (0.0, 0))
    for at, done, _ in seen:
        if done - before >= step:
            costs.append((done, (at - begun) / (done - before) * 1e6))
            begun, before = at, done
    return costs


def _panel(number: int, title: str, points: Sequence[tuple[int, float]], rows: int) -> str:
    top = number * (_HEIGHT + _TOP + 40) + _TOP
    most = max((value for _, value in points), default=1.0) * 1.15
    places = [(_LEFT + done / rows * _WIDTH, top + _HEIGHT - value / most * _HEIGHT) for done, value in points]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    marks = "".join(
        f'<line x1="{_LEFT}" x2="{_LEFT + _WIDTH}" y1="{top + _HEIGHT * (1 - share):.1f}" '
        f'y2="{top + _HEIGHT * (1 - share):.1f}" stroke="#d9dee4"/>'
        f'<text x="{_LEFT - 8}" y="{top + _HEIGHT * (1 - share) + 5:.1f}" text-anchor="end">{most * share:,.0f}</text>'
        for share in (0, 0.25, 0.5, 0.75, 1)
    )
    numbers = "".join(
        f'<text x="{_LEFT + share * _WIDTH:.0f}" y="{top + _HEIGHT + 20}" text-anchor="middle">'
        f"{rows * share:,.0f}</text>"
        for share in (0, 0.25, 0.5, 0.75, 1)
    )
    return (
        f'<text x="{_LEFT}" y="{top - 12}" font-weight="600">{title}</text>{marks}{numbers}'
        f'<polyline points="{line}" fill="none" stroke="#00696b" stroke-width="2.5"/>'
    )
