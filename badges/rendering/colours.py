"""The campaign's colours, and the sums that say which may stand on which.

Colours are written "#RRGGBB". A colour may also be given by its name in `PALETTE`.
"""

from __future__ import annotations

import re
from typing import Final

from badges.errors import InvalidInputError

INK: Final = "#14213D"
TEAL: Final = "#00696B"
PLUM: Final = "#6A1B5D"
LEAF: Final = "#2E6B2F"
CORAL: Final = "#B93A25"
AMBER: Final = "#FFB81C"
MIST: Final = "#E6EEF3"
PAPER: Final = "#FBFAF7"

PALETTE: Final[dict[str, str]] = {
    "ink": INK,
    "teal": TEAL,
    "plum": PLUM,
    "leaf": LEAF,
    "coral": CORAL,
    "amber": AMBER,
    "mist": MIST,
    "paper": PAPER,
}

GRAPHIC_CONTRAST: Final = 3.0
TEXT_CONTRAST: Final = 4.5

_HEX_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def find_colour(name: str, *, field: str = "colour") -> str:
    """Return the "#RRGGBB" of a palette name, or of a colour that is written that way already.

    field: the input to name in the error.

    Raises InvalidInputError if it is neither.
    """
    if name in PALETTE:
        return PALETTE[name]
    if _HEX_COLOUR.fullmatch(name):
        return name.upper()
    raise InvalidInputError(
        "%(name)s is not a colour that we know. Use one of %(known)s, or six hex digits such as #00696B.",
        field=field,
        name=repr(name),
        known=", ".join(PALETTE),
    )


def contrast_ratio(first: str, second: str) -> float:
    """Return the contrast between two "#RRGGBB" colours, from 1.0 (the same) to 21.0 (black on white).

    Source: WCAG 2.2, "contrast ratio".
    """
    lighter, darker = sorted((_relative_luminance(first), _relative_luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix_colours(first: str, second: str, share: float) -> str:
    """Return the flat colour between two "#RRGGBB" colours. share: how much of the second, 0 to 1."""
    mixed = (round(a + (b - a) * share) for a, b in zip(_channels(first), _channels(second), strict=True))
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


def require_contrast(front: str, ground: str, minimum: float, *, field: str) -> None:
    """Check that a colour can be seen on its ground. Both are "#RRGGBB".

    Raises InvalidInputError, naming both colours and both ratios, if the contrast is below `minimum`.
    """
    ratio = contrast_ratio(front, ground)
    if ratio < minimum:
        raise InvalidInputError(
            "%(front)s on %(ground)s cannot be seen well enough: its contrast is %(ratio)s and must be at "
            "least %(minimum)s. Choose a lighter colour or a darker ground.",
            field=field,
            front=front,
            ground=ground,
            ratio=f"{ratio:.1f}",
            minimum=f"{minimum:.1f}",
        )


def _channels(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue, each 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _relative_luminance(colour: str) -> float:
    """Return the luminance, 0 (black) to 1 (white). Source: WCAG 2.2, "relative luminance"."""
    red, green, blue = (_linear_light(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear_light(channel: float) -> float:
    """Undo the sRGB curve of one channel, 0 to 1."""
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
