"""Badge art: every picture of the pack stands alone, can be seen, and is told from the others when small."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from itertools import combinations

import pytest
from defusedxml.ElementTree import fromstring
from PIL import Image, ImageChops, ImageFilter, ImageStat

from badges.campaign.pack import load_starter_pack
from badges.errors import InvalidInputError
from badges.rendering.badge_art import draw_badge_svg, list_lit_dots
from badges.rendering.icons import ICONS
from badges.rendering.raster import rasterise_svg
from badges.rendering.silhouettes import SILHOUETTES
from badges.vocab.badge_art import BadgeArt

ARTS = {each.slug: each.art for each in load_starter_pack().classes if isinstance(each.art, BadgeArt)}
SVG = "{http://www.w3.org/2000/svg}"
PAINT = {"svg", "title", "desc", "g", "path"}
LEAST_DIFFERENCE = 12.0
"""The mean difference of two pictures of 40 pixels, of 255 shades, that an eye cannot miss."""

each_art = pytest.mark.parametrize("art", ARTS.values(), ids=ARTS)


def _grey_picture(art: BadgeArt, width: int) -> Image.Image:
    """Return the picture as it prints without colour, on white."""
    drawn = Image.open(io.BytesIO(rasterise_svg(draw_badge_svg(art), width))).convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", drawn.size, "white"), drawn).convert("L")


@each_art
@pytest.mark.parametrize("with_label", [False, True])
def test_draw_badge_svg_stands_alone(art: BadgeArt, with_label: bool) -> None:
    svg = draw_badge_svg(art, with_label)
    root = fromstring(svg)
    assert root.get("viewBox") == "0 0 400 400"
    assert root.get("role") == "img"
    assert {element.tag for element in root.iter()} == {SVG + name for name in PAINT}
    assert not any(element.get("id") for element in root.iter())
    assert not re.search(r"href|url\(|font|style=|\bon[a-z]+=|@import", svg)


@each_art
def test_draw_badge_svg_tells_what_it_shows(art: BadgeArt) -> None:
    root = fromstring(draw_badge_svg(art))
    assert root.findtext(f"{SVG}title") == art.label
    assert root.findtext(f"{SVG}desc") == art.alt_text


@each_art
def test_draw_badge_svg_stays_inside_its_square(art: BadgeArt) -> None:
    drawn = Image.open(io.BytesIO(rasterise_svg(draw_badge_svg(art, with_label=True), 200))).convert("RGBA")
    outside = drawn.getchannel("A")
    assert outside.crop((0, 0, 200, 1)).getextrema() == (0, 0)
    assert outside.crop((0, 0, 1, 200)).getextrema() == (0, 0)
    assert outside.crop((199, 0, 200, 200)).getextrema() == (0, 0)


def test_draw_badge_svg_is_the_same_each_time() -> None:
    art = ARTS["supporter"]
    assert draw_badge_svg(art, with_label=True) == draw_badge_svg(art, with_label=True)


def test_badges_are_told_apart_at_40_pixels_without_colour() -> None:
    pictures = {slug: _grey_picture(art, 40) for slug, art in ARTS.items()}
    for (first, one), (second, other) in combinations(pictures.items(), 2):
        difference = ImageStat.Stat(ImageChops.difference(one, other)).mean[0]
        assert difference > LEAST_DIFFERENCE, f"{first} and {second} look alike: {difference:.1f}"


def test_badge_shows_on_ink_and_on_paper() -> None:
    for art in ARTS.values():
        drawn = Image.open(io.BytesIO(rasterise_svg(draw_badge_svg(art), 200))).convert("RGBA")
        for shade in ("#14213D", "#FBFAF7"):
            ground = Image.new("RGBA", drawn.size, shade)
            seen = ImageChops.difference(Image.alpha_composite(ground, drawn), ground).convert("L")
            assert ImageStat.Stat(seen).mean[0] > 10


@each_art
def test_light_never_touches_the_figure(art: BadgeArt) -> None:
    drawn = Image.open(io.BytesIO(rasterise_svg(draw_badge_svg(art), 400))).convert("RGB")
    figure, light = (_where(drawn, colour) for colour in ((251, 250, 247), (255, 184, 28)))
    assert light.getbbox() is not None
    near_figure = figure.filter(ImageFilter.MaxFilter(7))
    assert ImageChops.multiply(near_figure, light).getbbox() is None


def _where(picture: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    """Return a mask of the pixels that have this colour, but for rounding."""
    difference = ImageChops.difference(picture, Image.new("RGB", picture.size, colour))
    worst = ImageChops.lighter(
        ImageChops.lighter(difference.getchannel("R"), difference.getchannel("G")), difference.getchannel("B")
    )
    return worst.point([255 if value < 13 else 0 for value in range(256)])


def test_list_lit_dots_spreads_them_evenly_from_the_top() -> None:
    assert list_lit_dots(4, 36) == {0, 9, 18, 27}
    for lit in range(1, 19):
        chosen = list_lit_dots(lit, 36)
        assert len(chosen) == lit
        assert 0 in chosen


@pytest.mark.parametrize("silhouette", SILHOUETTES)
@pytest.mark.parametrize("icon", ICONS)
def test_every_icon_can_be_drawn_on_every_silhouette(silhouette: str, icon: str) -> None:
    art = replace(ARTS["supporter"], silhouette=silhouette, icon=icon)
    assert draw_badge_svg(art, with_label=True).startswith("<svg")


BAD_ART: list[tuple[dict[str, object], str, str]] = [
    ({"silhouette": "triangle"}, "silhouette", "no silhouette called 'triangle'"),
    ({"icon": "rocket"}, "icon", "no icon called 'rocket'"),
    ({"ground": "amber"}, "figure", "#FBFAF7 on #FFB81C cannot be seen well enough"),
    ({"light": "plum"}, "light", "cannot be seen well enough"),
    ({"ground": "mauve"}, "ground", "'mauve' is not a colour"),
    ({"lit_dots": 0}, "lit_dots", "Light 1 to 18"),
    ({"lit_dots": 30}, "lit_dots", "30 lit dots are not possible"),
    ({"alt_text": "  "}, "alt_text", "what the picture shows"),
    ({"label": "A name that is far too long for it"}, "label", "about 20 letters"),
    ({"label": " "}, "label", "about 20 letters"),
    ({"label": "日本"}, "label", "no drawing of it"),
]


@pytest.mark.parametrize(("change", "field", "message"), BAD_ART)
def test_draw_badge_svg_refuses_art_that_cannot_work(change: dict[str, object], field: str, message: str) -> None:
    art = replace(ARTS["supporter"], **change)  # type: ignore[arg-type]
    with pytest.raises(InvalidInputError, match=message) as raised:
        draw_badge_svg(art, with_label=True)
    assert raised.value.field == field


def test_draw_badge_svg_escapes_words() -> None:
    art = replace(ARTS["supporter"], label="You & <me>", alt_text="<script>alert(1)</script>")
    root = fromstring(draw_badge_svg(art, with_label=True))
    assert root.findtext(f"{SVG}title") == "You & <me>"
    assert root.find(f".//{SVG}script") is None
