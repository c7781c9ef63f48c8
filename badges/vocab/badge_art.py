"""What the badge of a class looks like, in words and numbers. `badges/rendering/badge_art.py` draws it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BadgeArt:
    """A picture, described.

    silhouette, icon: names in `SILHOUETTES` and `ICONS` of the rendering part.
    ground, figure, light: colours, by palette name or as "#RRGGBB".
    lit_dots: how many of the dots of the ring are lit, at least 1 and at most half of them.
    label: the short name beneath the picture, at most about twenty letters.
    alt_text: what the picture shows, for those who cannot see it.
    """

    silhouette: str
    icon: str
    ground: str
    lit_dots: int
    label: str
    alt_text: str
    figure: str = "paper"
    light: str = "amber"
