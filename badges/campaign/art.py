"""What the badge of a class looks like, in words and numbers. Drawing it is the rendering part's business."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BadgeArt:
    """A picture, described.

    silhouette, icon: names of shapes that the rendering part has. ground, figure, light: colours, by palette
    name or as "#RRGGBB". lit_dots: how many of the 28 dots of the ring are lit. label: the short name beneath
    the picture. alt_text: what the picture shows, for those who cannot see it.
    """

    silhouette: str
    icon: str
    ground: str
    lit_dots: int
    label: str
    alt_text: str
    figure: str = "paper"
    light: str = "amber"
