"""Makes pictures out of drawings: SVG to PNG.

For drawings that this service made itself. A drawing from somebody else must be made safe first.
"""

from __future__ import annotations

import io
from importlib import resources
from typing import Final

import resvg_py
from PIL import Image, ImageChops

from badges.errors import InvalidInputError

FONT_FAMILY: Final = "Source Sans 3"
FONT_FILES: Final = ("SourceSans3_400Regular.ttf", "SourceSans3_600SemiBold.ttf", "SourceSans3_700Bold.ttf")
MOST_PIXELS: Final = 8000
UNSEEN_DIFFERENCE: Final = 12
"""The largest change of a channel (of 255) that nobody sees in a flat drawing."""


def rasterise_svg(svg: str, width: int) -> bytes:
    """Return the drawing as a PNG, `width` pixels wide, its height in proportion, its ground transparent.

    Text in the drawing is set in the font that we ship, never in one of the machine's.

    Raises InvalidInputError if the width is not 1 to 8000 pixels, or the drawing cannot be read.
    """
    if not 1 <= width <= MOST_PIXELS:
        raise InvalidInputError(
            "A picture can be 1 to %(most)s pixels wide, not %(width)s.",
            field="width",
            most=MOST_PIXELS,
            width=width,
        )
    try:
        drawn = resvg_py.svg_to_bytes(
            svg_string=svg,
            width=width,
            skip_system_fonts=True,
            font_files=_font_paths(),
            font_family=FONT_FAMILY,
            sans_serif_family=FONT_FAMILY,
        )
    except ValueError as error:
        raise InvalidInputError("This drawing cannot be read as SVG.", field="svg") from error
    return _pack_png(bytes(drawn))


def _font_paths() -> list[str]:
    """Return where our font files are."""
    folder = resources.files("badges.rendering").joinpath("fonts")
    return [str(folder.joinpath(name)) for name in FONT_FILES]


def _pack_png(png: bytes) -> bytes:
    """Return the same picture in fewer bytes: with at most 256 colours where nobody sees the difference."""
    picture = Image.open(io.BytesIO(png)).convert("RGBA")
    few_colours = picture.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    chosen = few_colours if _look_the_same(picture, few_colours.convert("RGBA")) else picture
    packed = io.BytesIO()
    chosen.save(packed, "PNG", optimize=True)
    return packed.getvalue()


def _look_the_same(first: Image.Image, second: Image.Image) -> bool:
    """Return whether two pictures of one size differ so little that nobody sees it, on dark and on light."""
    for shade in ("#000000", "#FFFFFF"):
        ground = Image.new("RGBA", first.size, shade)
        difference = ImageChops.difference(
            Image.alpha_composite(ground, first), Image.alpha_composite(ground, second)
        )
        if (
            max(value % 256 for value, count in enumerate(difference.histogram()) if count)
            > UNSEEN_DIFFERENCE
        ):
            return False
    return True
