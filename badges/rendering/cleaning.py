"""Makes somebody else's picture safe: a drawing keeps only what draws, a photograph only its pixels.

Runs in a child process with limits (`cleaning_child.py`): what is done here is done with hostile bytes.
"""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, tostring

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from PIL import Image

from badges.errors import InvalidInputError
from badges.rendering.raster import rasterise_svg

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_PIXELS: Final = 25_000_000
MOST_ELEMENTS: Final = 5_000
MOST_DEPTH: Final = 40
WIDTH_PIXELS: Final = 600
_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "{http://www.w3.org/1999/xlink}href"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What draws, and nothing that runs, loads, moves or links.
_ELEMENTS: Final = _words(
    "svg g path rect circle ellipse line polyline polygon defs linearGradient radialGradient stop clipPath mask use "
    "symbol title desc"
)
# What drawing programs leave behind; it draws nothing, so it is dropped without a word.
_DROPPED: Final = frozenset({"metadata"})
_ATTRIBUTES: Final = _words(
    "d x y x1 y1 x2 y2 cx cy r rx ry fx fy width height points viewBox preserveAspectRatio transform id offset "
    "gradientUnits gradientTransform spreadMethod clipPathUnits maskUnits maskContentUnits fill fill-opacity fill-rule "
    "stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray "
    "stroke-dashoffset opacity clip-path clip-rule mask stop-color stop-opacity color display visibility paint-order"
)
_PLAIN_VALUE: Final = re.compile(r"[\w\s.,#%()+\-*/]*", re.ASCII)
_LOCAL_URL: Final = re.compile(r"url\(\s*[\"']?#[\w.\-]+[\"']?\s*\)(?:\s+[\w#]+)?", re.ASCII)
_LOCAL_LINK: Final = re.compile(r"#[\w.\-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is safe. svg: of a drawing; None for pixels. png: at most 600 pixels wide and high."""

    svg: str | None
    png: bytes
    width: int
    height: int


def clean_picture(data: bytes) -> Picture:
    """Return what was uploaded as a safe picture. What it is, is read from its bytes, never from a name.

    Raises InvalidInputError saying what is wrong and what would do.
    """
    if len(data) > MOST_BYTES:
        raise InvalidInputError(
            "The picture is too large: at most %(most)s megabytes.", field="picture", most=MOST_BYTES // 1024**2
        )
    if data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return _clean_pixels(data)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _clean_drawing(data)
    raise InvalidInputError("This is neither a PNG, a JPEG nor an SVG picture.", field="picture")


def _clean_pixels(data: bytes) -> Picture:
    """Return the pixels, written anew: nothing else of the file stays."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as opened:
                if opened.width * opened.height > MOST_PIXELS or not (opened.width and opened.height):
                    raise InvalidInputError("The picture has too many pixels: at most 5,000 by 5,000.", field="picture")
                pixels = opened.convert("RGBA")
    except InvalidInputError:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InvalidInputError("This picture is damaged and cannot be read.", field="picture") from error
    pixels.thumbnail((WIDTH_PIXELS, WIDTH_PIXELS), Image.Resampling.LANCZOS)
    return Picture(None, _png(pixels), pixels.width, pixels.height)


def _png(pixels: Image.Image) -> bytes:
    buffer = io.BytesIO()
    pixels.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _clean_drawing(data: bytes) -> Picture:
    try:
        root = ElementTree.fromstring(data, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise InvalidInputError("This SVG drawing cannot be read.", field="picture") from error
    if root.tag != f"{{{_SVG}}}svg":
        raise InvalidInputError("This is no SVG drawing.", field="picture")
    kept = _kept(root, [0], 0)
    assert kept is not None
    _give_size(kept)
    svg = tostring(kept, encoding="unicode")
    png = rasterise_svg(svg, WIDTH_PIXELS)
    with Image.open(io.BytesIO(png)) as drawn:
        pixels = drawn.convert("RGBA")
    if pixels.getbbox() is None:
        raise InvalidInputError(
            "Nothing of this SVG drawing would be seen. Save it as a plain SVG, or as a PNG.", field="picture"
        )
    pixels.thumbnail((WIDTH_PIXELS, WIDTH_PIXELS), Image.Resampling.LANCZOS)
    return Picture(svg, _png(pixels), pixels.width, pixels.height)


def _kept(element: Element, count: list[int], depth: int) -> Element | None:
    """Return an element with what is allowed of it; None when it is dropped."""
    count[0] += 1
    if count[0] > MOST_ELEMENTS or depth > MOST_DEPTH:
        raise InvalidInputError("This SVG drawing is too intricate. Save it as a PNG.", field="picture")
    if not isinstance(element.tag, str) or not element.tag.startswith(f"{{{_SVG}}}"):
        return None
    name = element.tag.removeprefix(f"{{{_SVG}}}")
    if name in _DROPPED:
        return None
    if name in ("text", "tspan", "textPath"):
        raise InvalidInputError(
            "This SVG drawing has text in it, which would look different elsewhere. Turn the text into outlines "
            "(paths), or save it as a PNG.",
            field="picture",
        )
    if name not in _ELEMENTS:
        raise InvalidInputError(
            "This SVG drawing has a part (%(name)s) that is not safe on a page. Save it as a plain SVG, or as a PNG.",
            field="picture",
            name=name[:40],
        )
    kept = Element(name, {"xmlns": _SVG} if depth == 0 else {})
    for attribute, value in {**_style(element), **element.attrib}.items():
        if attribute in (_XLINK, "href"):
            if name in ("use", "linearGradient", "radialGradient") and _LOCAL_LINK.fullmatch(value.strip()):
                kept.set("href", value.strip())
        elif attribute in _ATTRIBUTES and _is_harmless(value):
            kept.set(attribute, value)
    if name in ("title", "desc"):
        kept.text = element.text
        return kept
    for child in element:
        if (clean := _kept(child, count, depth + 1)) is not None:
            kept.append(clean)
    return kept


def _style(element: Element) -> dict[str, str]:
    """Return what a style attribute sets, as attributes."""
    found = {}
    for part in element.attrib.get("style", "")[:4_000].split(";"):
        name, _, value = part.partition(":")
        if name.strip() in _ATTRIBUTES:
            found[name.strip()] = value.strip()
    return found


def _is_harmless(value: str) -> bool:
    if _LOCAL_URL.fullmatch(value.strip()):
        return True
    return "url(" not in value.lower() and _PLAIN_VALUE.fullmatch(value) is not None


def _give_size(root: Element) -> None:
    """Give the drawing a viewBox where it has only a size, and take its own size away: the page says how large."""
    if "viewBox" not in root.attrib:
        width, height = (re.match(r"\s*(\d+(?:\.\d+)?)", root.attrib.get(side, "")) for side in ("width", "height"))
        if width is None or height is None:
            raise InvalidInputError("This SVG drawing does not say how large it is (viewBox).", field="picture")
        root.set("viewBox", f"0 0 {width.group(1)} {height.group(1)}")
    numbers = re.findall(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", root.attrib["viewBox"])
    if len(numbers) != 4 or not (0 < float(numbers[2]) < 1e6 and 0 < float(numbers[3]) < 1e6):
        raise InvalidInputError("This SVG drawing has no size that can be drawn.", field="picture")
    ratio = float(numbers[2]) / float(numbers[3])
    if not 0.1 <= ratio <= 10:
        raise InvalidInputError("This picture is more than ten times as long as it is high.", field="picture")
    for side in ("width", "height", "x", "y"):
        root.attrib.pop(side, None)
