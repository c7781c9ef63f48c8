"""The two pictures of a badge class, a drawing and its pixels, whether it was designed here or uploaded."""

from __future__ import annotations

import base64
import io
import re
from typing import Final

from PIL import Image

from badges.rendering.badge_art import draw_badge_svg
from badges.rendering.cleaning import Picture
from badges.rendering.raster import rasterise_svg
from badges.vocab.badge_art import BadgeArt
from badges.vocab.class_content import ClassArt, UploadedArt

WIDTH_PIXELS: Final = 600
_ROOT: Final = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img">'
_VIEW_BOX: Final = re.compile(r'viewBox="([^"]*)"')


def draw_pictures(art: ClassArt) -> tuple[str, bytes]:
    """Return a badge as SVG and as PNG, both square. Raises as `draw_badge_svg`.

    The drawing is shown at every size, beside its name; the PNG travels alone, so one of our own carries its name.
    """
    if isinstance(art, BadgeArt):
        return draw_badge_svg(art), rasterise_svg(draw_badge_svg(art, with_label=True), WIDTH_PIXELS)
    return art.svg or _around_pixels(art.png), art.png


def square_art(picture: Picture, alt_text: str) -> UploadedArt:
    """Return an uploaded picture, made safe, in the middle of a square."""
    return UploadedArt(_square_svg(picture.svg) if picture.svg else "", _square_png(picture.png), alt_text)


def _square_svg(svg: str) -> str:
    """Return a drawing in a square: as it is, when it is one."""
    found = _VIEW_BOX.search(svg)
    assert found is not None, "cleaning gives every drawing a viewBox"
    _, _, width, height = (float(number) for number in re.findall(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", found.group(1)))
    if width == height:
        return svg
    inner = svg.replace("<svg ", '<svg width="400" height="400" ', 1)
    return f"{_ROOT}{inner}</svg>"


def _square_png(png: bytes) -> bytes:
    """Return pixels in the middle of a square that is transparent around them."""
    with Image.open(io.BytesIO(png)) as opened:
        pixels = opened.convert("RGBA")
    side = max(pixels.size)
    square = Image.new("RGBA", (side, side))
    square.paste(pixels, ((side - pixels.width) // 2, (side - pixels.height) // 2))
    packed = io.BytesIO()
    square.save(packed, "PNG", optimize=True)
    return packed.getvalue()


def _around_pixels(png: bytes) -> str:
    """Return a drawing that holds pixels, for the places that want a drawing."""
    text = base64.b64encode(png).decode()
    return f'{_ROOT}<image width="400" height="400" href="data:image/png;base64,{text}"/></svg>\n'
