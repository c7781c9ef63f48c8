"""Pictures: their size, weight and ground, and that text takes our font and no other."""

from __future__ import annotations

import io

import pytest
import resvg_py
from PIL import Image

from badges.campaign.pack import load_starter_pack
from badges.errors import InvalidInputError
from badges.rendering.badge_art import draw_badge_svg
from badges.rendering.raster import FONT_FAMILY, rasterise_svg
from badges.vocab.badge_art import BadgeArt

ARTS = [each.art for each in load_starter_pack().classes if isinstance(each.art, BadgeArt)]
LARGEST_BYTES = 20_000


def _open(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def _text_svg(family: str, weight: int) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50">'
        f'<text x="5" y="35" font-size="30" font-family="{family}" font-weight="{weight}">Evidence</text>'
        "</svg>"
    )


@pytest.mark.parametrize("width", [40, 72, 200, 400])
def test_rasterise_svg_makes_the_width_asked_for(width: int) -> None:
    assert _open(rasterise_svg(draw_badge_svg(ARTS[0]), width)).size == (width, width)


@pytest.mark.parametrize("art", ARTS, ids=[art.label for art in ARTS])
def test_rasterise_svg_makes_a_light_picture_that_is_not_blank(art: BadgeArt) -> None:
    png = rasterise_svg(draw_badge_svg(art, with_label=True), 600)
    picture = _open(png).convert("RGBA")
    assert len(png) < LARGEST_BYTES
    assert picture.getpixel((1, 1)) == (0, 0, 0, 0)
    colours = picture.getcolors(600 * 600)
    assert colours is not None
    assert len({colour for count, colour in colours if count > 500}) >= 4


def test_rasterise_svg_loses_no_colour_to_the_palette() -> None:
    svg = draw_badge_svg(ARTS[0], with_label=True)
    packed = _open(rasterise_svg(svg, 300))
    plain = _open(bytes(resvg_py.svg_to_bytes(svg_string=svg, width=300)))
    assert packed.mode == "P"
    assert packed.convert("RGBA").tobytes() == plain.convert("RGBA").tobytes()


def test_rasterise_svg_keeps_a_picture_of_many_colours() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100"><linearGradient id="g">'
        '<stop stop-color="red"/><stop offset=".5" stop-color="lime"/><stop offset="1" stop-color="blue"/>'
        "</linearGradient>"
        '<path fill="url(#g)" d="M0 0h300v100h-300z"/></svg>'
    )
    assert _open(rasterise_svg(svg, 900)).mode == "RGBA"


def test_rasterise_svg_keeps_the_proportions() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100"><path d="M0 0h9v9z"/></svg>'
    assert _open(rasterise_svg(svg, 150)).size == (150, 50)


def test_rasterise_svg_sets_text_in_our_font_in_its_weights() -> None:
    regular = rasterise_svg(_text_svg(FONT_FAMILY, 400), 200)
    bold = rasterise_svg(_text_svg(FONT_FAMILY, 700), 200)
    semibold = rasterise_svg(_text_svg(FONT_FAMILY, 600), 200)
    assert len({regular, semibold, bold}) == 3
    assert _open(regular).convert("RGBA").getchannel("A").getextrema() == (0, 255)


def test_rasterise_svg_uses_no_font_of_the_machine() -> None:
    generic = rasterise_svg(_text_svg("sans-serif", 400), 200)
    assert generic == rasterise_svg(_text_svg(FONT_FAMILY, 400), 200)


@pytest.mark.parametrize("width", [0, -5, 8001])
def test_rasterise_svg_refuses_a_width_out_of_bounds(width: int) -> None:
    with pytest.raises(InvalidInputError, match="1 to 8000 pixels"):
        rasterise_svg(draw_badge_svg(ARTS[0]), width)


def test_rasterise_svg_refuses_what_is_not_svg() -> None:
    with pytest.raises(InvalidInputError, match="cannot be read as SVG"):
        rasterise_svg("hello", 100)
