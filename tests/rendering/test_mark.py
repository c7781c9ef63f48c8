"""The campaign's sign: small, in one colour, and as a band."""

from __future__ import annotations

import io

import pytest
from defusedxml.ElementTree import fromstring
from PIL import Image, ImageStat

from badges.errors import InvalidInputError
from badges.rendering.mark import MarkStyle, draw_campaign_mark_svg, draw_dot_field_svg
from badges.rendering.raster import rasterise_svg


@pytest.mark.parametrize("style", MarkStyle)
def test_draw_campaign_mark_svg_stands_alone(style: MarkStyle) -> None:
    svg = draw_campaign_mark_svg(style)
    root = fromstring(svg)
    assert root.get("viewBox") == "0 0 64 64"
    assert root.get("aria-hidden") == "true"
    assert svg == draw_campaign_mark_svg(style)


def test_mark_in_one_colour_uses_the_colour_of_its_text() -> None:
    root = fromstring(draw_campaign_mark_svg(MarkStyle.ONE_COLOUR))
    assert {path.get("fill") for path in root} == {"currentColor"}


def test_mark_shows_its_tick_at_32_pixels_in_one_colour() -> None:
    alpha = Image.open(io.BytesIO(rasterise_svg(draw_campaign_mark_svg(MarkStyle.ONE_COLOUR), 32))).convert("RGBA")
    dark = alpha.getchannel("A")
    tick = [dark.getpixel((round(16 + x * 3.35), round(16 + y * 3.35))) for x, y in ((-3, 0), (-1, 2), (3, -2))]
    assert all(isinstance(value, int) and value > 200 for value in tick)
    assert ImageStat.Stat(dark).mean[0] < 90


def test_draw_dot_field_svg_is_the_same_for_the_same_seed_only() -> None:
    assert draw_dot_field_svg(900, 300, 5) == draw_dot_field_svg(900, 300, 5)
    assert draw_dot_field_svg(900, 300, 5) != draw_dot_field_svg(900, 300, 6)


def test_draw_dot_field_svg_gathers_to_the_right() -> None:
    drawn = Image.open(io.BytesIO(rasterise_svg(draw_dot_field_svg(900, 300, 1), 900))).convert("RGBA")
    weights = [ImageStat.Stat(drawn.crop((x, 0, x + 300, 300)).getchannel("A")).mean[0] for x in (0, 300, 600)]
    assert weights == sorted(weights)


def test_draw_dot_field_svg_refuses_a_band_that_is_none() -> None:
    for width, height in ((300, 300), (900, 50), (9000, 300)):
        with pytest.raises(InvalidInputError, match="band of dots"):
            draw_dot_field_svg(width, height)
