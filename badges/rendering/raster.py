"""Makes pictures out of drawings: SVG to PNG.

For drawings that this service made itself. A drawing from somebody else must be made safe first.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from importlib import resources
from typing import Final

import resvg_py
from PIL import Image

from badges.errors import InvalidInputError

FONT_FAMILY: Final = "Source Sans 3"
FONT_FILES: Final = ("SourceSans3_400Regular.ttf", "SourceSans3_600SemiBold.ttf", "SourceSans3_700Bold.ttf")
MOST_PIXELS: Final = 8000
PALETTE_SIZE: Final = 256


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
    """Return the same picture in fewer bytes: with a palette, if it has few enough colours to lose none."""
    picture = Image.open(io.BytesIO(png)).convert("RGBA")
    colours = picture.getcolors(PALETTE_SIZE)
    if colours is not None:
        picture = _index_colours(picture, [colour for _, colour in colours])
    packed = io.BytesIO()
    picture.save(packed, "PNG", compress_level=6)
    return packed.getvalue()


def _index_colours(picture: Image.Image, colours: Sequence[object]) -> Image.Image:
    """Return an RGBA picture as one that counts its colours in a palette, exactly."""
    palette = [bytes(colour) for colour in colours if isinstance(colour, tuple)]
    places = {int.from_bytes(colour, sys.byteorder): place for place, colour in enumerate(palette)}
    pixels = memoryview(picture.tobytes()).cast("I")
    indexed = Image.frombytes("P", picture.size, bytes(map(places.__getitem__, pixels)))
    indexed.putpalette(b"".join(palette), "RGBA")
    return indexed
