"""Draws QR codes: ink on white, one crisp path, with the quiet zone that readers need."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError

from badges.errors import InvalidInputError
from badges.rendering.colours import INK

QUIET_ZONE: Final = 4
"""Modules of empty ground on every side. Source: ISO/IEC 18004, "Quiet zone"."""

LONGEST_TEXT: Final = 1000
"""Beyond this the modules are too small for a poster; our addresses have fewer than 200 characters."""


def qr_svg(text: str, label: str = "QR code") -> str:
    """Return a QR code as a standalone SVG, one unit to a module.

    text: what a phone reads, as a rule an address; put it beside the code in words, too.
    label: what the code is for, read aloud to those who cannot see it.
    Error correction is level M: about 15 % of the code may be lost.

    Raises InvalidInputError if there is no text, or too much.
    """
    if not text or len(text) > LONGEST_TEXT:
        raise InvalidInputError(
            "A QR code needs a text of 1 to %(most)s characters; this one has %(count)s.",
            field="text",
            most=LONGEST_TEXT,
            count=len(text),
        )
    modules = _encode(text)
    side = len(modules) + 2 * QUIET_ZONE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" '
        f'aria-label="{escape(label, {chr(34): "&quot;"})}" shape-rendering="crispEdges">'
        f'<path fill="#FFFFFF" d="M0 0h{side}v{side}h-{side}z"/>'
        f'<path fill="{INK}" d="{_modules_path(modules)}"/></svg>\n'
    )


def _encode(text: str) -> list[list[bool]]:
    """Return the modules, row by row; True is dark. Raises InvalidInputError if the text does not fit."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError) as error:
        raise InvalidInputError("This text is too long for a QR code.", field="text") from error
    return [[bool(module) for module in row] for row in code.get_matrix()]


def _modules_path(modules: list[list[bool]]) -> str:
    """Return path data of all dark modules, each run in a row as one rectangle."""
    rectangles = []
    for row, line in enumerate(modules):
        column = 0
        while column < len(line):
            run = 0
            while column + run < len(line) and line[column + run]:
                run += 1
            if run:
                rectangles.append(f"M{column + QUIET_ZONE} {row + QUIET_ZONE}h{run}v1h-{run}z")
            column += max(run, 1)
    return "".join(rectangles)
