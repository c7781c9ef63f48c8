"""Draws a badge: a silhouette, an icon, a ring of dots of which some are lit, and, if wanted, a short name.

The picture stands alone: no font, no script, nothing from elsewhere, and no ids, so that a page can hold
many. The same art gives the same text.
"""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape

from badges.errors import InvalidInputError
from badges.rendering.colours import (
    GRAPHIC_CONTRAST,
    INK,
    PAPER,
    TEAL,
    find_colour,
    mix_colours,
    require_contrast,
)
from badges.rendering.geometry import Corner, dot_path, inset_corners, number, outline_path, spread_points
from badges.rendering.icons import ICONS, Icon, IconInk, IconPart
from badges.rendering.lettering import letter_path, text_width
from badges.rendering.silhouettes import SILHOUETTES, Silhouette
from badges.vocab.badge_art import BadgeArt

EDGE: Final = 9.0
QUIET_RADIUS: Final = 4.0
LIT_RADIUS: Final = 9.0
QUIET_SHARE: Final = 0.42
"""How much of the figure's colour a quiet dot takes; the rest is the ground."""

LABEL_SIZE: Final = 35.0
LABEL_SCALE: Final = 0.835
MOST_LABEL_WIDTH: Final = 350.0


def draw_badge_svg(art: BadgeArt, with_label: bool = False) -> str:
    """Return the badge as a standalone SVG document of 400 by 400 units.

    with_label: also write the short name beneath, as outlines; for pictures of 160 pixels and more.

    Raises InvalidInputError, with the field, if the art names what we do not have, cannot be seen (contrast),
    lights too few or too many dots, or has no text for those who cannot see it.
    """
    silhouette, icon = _find_shapes(art)
    inks = _choose_inks(art)
    if not art.alt_text.strip():
        raise InvalidInputError(
            "Say in a sentence what the picture shows, for people who cannot see it.", field="alt_text"
        )
    picture = _draw_shape(silhouette, inks[IconInk.GROUND]) + _draw_ring(art, silhouette, inks)
    picture += _draw_icon(icon, silhouette, inks)
    if with_label:
        picture = _draw_above_label(picture) + _draw_label(art.label)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img">'
        f"<title>{escape(art.label)}</title><desc>{escape(art.alt_text)}</desc>{picture}</svg>\n"
    )


def draw_icon_svg(name: str) -> str:
    """Return an icon alone, for those who choose one. name: one of `ICONS`."""
    icon = ICONS[name]
    inks = {IconInk.GROUND: PAPER, IconInk.FIGURE: INK, IconInk.LIGHT: TEAL}
    x, y = icon.shift[0] * icon.scale, icon.shift[1] * icon.scale
    parts = "".join(_draw_part(part, inks[part.ink]) for part in icon.parts)
    return (
        '<svg viewBox="-115 -115 230 230" width="44" height="44" aria-hidden="true" focusable="false">'
        f'<g transform="translate({number(x)} {number(y)}) scale({number(icon.scale)})" stroke-linecap="round"'
        f' stroke-linejoin="round">{parts}</g></svg>'
    )


def draw_silhouette_svg(name: str) -> str:
    """Return a silhouette alone, for those who choose one. name: one of `SILHOUETTES`."""
    path = outline_path(SILHOUETTES[name].outline)
    return (
        '<svg viewBox="0 0 400 400" width="44" height="44" aria-hidden="true" focusable="false">'
        f'<path fill="{INK}" d="{path}"/></svg>'
    )


def list_lit_dots(lit: int, dots: int) -> frozenset[int]:
    """Return which dots of the ring are lit: spread as evenly as can be, the first (0, at the top) always."""
    return frozenset(round(index * dots / lit) % dots for index in range(lit))


def _find_shapes(art: BadgeArt) -> tuple[Silhouette, Icon]:
    """Return the silhouette and the icon that the art names."""
    if art.silhouette not in SILHOUETTES:
        raise InvalidInputError(
            "There is no silhouette called %(name)s. Use one of %(known)s.",
            field="silhouette",
            name=repr(art.silhouette),
            known=", ".join(SILHOUETTES),
        )
    if art.icon not in ICONS:
        raise InvalidInputError(
            "There is no icon called %(name)s. Use one of %(known)s.",
            field="icon",
            name=repr(art.icon),
            known=", ".join(ICONS),
        )
    silhouette = SILHOUETTES[art.silhouette]
    if not 1 <= art.lit_dots <= silhouette.dots // 2:
        raise InvalidInputError(
            "%(count)s lit dots are not possible. Light 1 to %(most)s: most of the dots stay quiet.",
            field="lit_dots",
            count=art.lit_dots,
            most=silhouette.dots // 2,
        )
    return silhouette, ICONS[art.icon]


def _choose_inks(art: BadgeArt) -> dict[IconInk, str]:
    """Return the "#RRGGBB" of each ink, each checked against the ground."""
    ground = find_colour(art.ground, field="ground")
    figure = find_colour(art.figure, field="figure")
    light = find_colour(art.light, field="light")
    require_contrast(figure, ground, GRAPHIC_CONTRAST, field="figure")
    require_contrast(light, ground, GRAPHIC_CONTRAST, field="light")
    return {IconInk.GROUND: ground, IconInk.FIGURE: figure, IconInk.LIGHT: light}


def _draw_shape(silhouette: Silhouette, ground: str) -> str:
    """Return the paper edge and the ground."""
    inner = inset_corners(silhouette.outline, EDGE)
    return (
        f'<path fill="{PAPER}" d="{outline_path(silhouette.outline)}"/>'
        f'<path fill="{ground}" d="{outline_path(inner)}"/>'
    )


def _draw_ring(art: BadgeArt, silhouette: Silhouette, inks: dict[IconInk, str]) -> str:
    """Return the dots, quiet ones first: one path for each colour."""
    points = spread_points(silhouette.ring, silhouette.dots, from_corner=silhouette.dots_from_corner)
    lit = list_lit_dots(art.lit_dots, silhouette.dots)
    quiet_colour = mix_colours(inks[IconInk.GROUND], inks[IconInk.FIGURE], QUIET_SHARE)
    quiet = "".join(dot_path(x, y, QUIET_RADIUS) for i, (x, y) in enumerate(points) if i not in lit)
    bright = "".join(dot_path(x, y, LIT_RADIUS) for i, (x, y) in enumerate(points) if i in lit)
    return f'<path fill="{quiet_colour}" d="{quiet}"/><path fill="{inks[IconInk.LIGHT]}" d="{bright}"/>'


def _draw_icon(icon: Icon, silhouette: Silhouette, inks: dict[IconInk, str]) -> str:
    """Return the icon, moved to the silhouette's centre."""
    scale = silhouette.icon_scale * icon.scale
    x = silhouette.centre[0] + icon.shift[0] * scale
    y = silhouette.centre[1] + icon.shift[1] * scale
    place = f"translate({number(x)} {number(y)})"
    if scale != 1:
        place += f" scale({number(scale)})"
    parts = "".join(_draw_part(part, inks[part.ink]) for part in icon.parts)
    return f'<g transform="{place}" stroke-linecap="round" stroke-linejoin="round">{parts}</g>'


def _draw_part(part: IconPart, colour: str) -> str:
    """Return one path of an icon in its colour."""
    turn = f' transform="rotate({number(part.turn)})"' if part.turn else ""
    if part.stroke:
        style = f'fill="none" stroke="{colour}" stroke-width="{number(part.stroke)}"'
    elif part.soften:
        style = f'fill="{colour}" stroke="{colour}" stroke-width="{number(part.soften)}"'
    else:
        style = f'fill="{colour}"'
    return f'<path {style}{turn} d="{part.path}"/>'


def _draw_above_label(picture: str) -> str:
    """Return the picture made smaller, to leave room for a name beneath."""
    shift = number(200 * (1 - LABEL_SCALE))
    return f'<g transform="translate({shift} 0) scale({number(LABEL_SCALE)})">{picture}</g>'


def _draw_label(label: str) -> str:
    """Return the short name in ink on a plate of paper, so that it can be read on dark and light.

    Raises InvalidInputError if it is empty or too wide.
    """
    width = text_width(label, LABEL_SIZE)
    if not label.strip() or width > MOST_LABEL_WIDTH:
        raise InvalidInputError(
            "The short name %(label)s must have 1 to about 20 letters, to be readable on the picture.",
            field="label",
            label=repr(label),
        )
    left, right = 200 - width / 2 - 22, 200 + width / 2 + 22
    plate = outline_path([Corner(x, y, 14) for x, y in ((right, 342), (right, 396), (left, 396), (left, 342))])
    letters = letter_path(label, LABEL_SIZE, 200 - width / 2, 381)
    return f'<path fill="{PAPER}" d="{plate}"/><path fill="{INK}" d="{letters}"/>'
