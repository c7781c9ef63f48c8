"""Writes the outlines of the letters that badges carry, out of the shipped font, once.

The service itself then needs no font software to write a short name on a badge. Run it again only when the
font in badges/rendering/fonts/ is exchanged; it needs fonttools and uharfbuzz, which the service does not:

    python tools/outline_font.py

It writes badges/rendering/fonts/outlines.json: {"units_per_em", "advances": {letter: units}, "paths":
{letter: SVG path data in font units, y downwards, from the baseline}, "kerning": {pair: units}}.
The outlines are a part of the font and stay under its licence, the SIL Open Font License 1.1.
"""

from __future__ import annotations

import json
from pathlib import Path

import uharfbuzz
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent.parent / "badges" / "rendering" / "fonts"
SOURCE = FONTS / "SourceSans3_600SemiBold.ttf"
ASCII = "".join(chr(code) for code in range(0x20, 0x7F))
LETTERS = ASCII + "’‘“”–…·£ÂÊÎÔÛŴŶâêîôûŵŷÁÀÄÉÈËÍÌÏÓÒÖÚÙÜáàäéèëíìïóòöúùüçñ"
KERNED = [letter for letter in LETTERS if letter.isalpha() and ord(letter) < 0x7F] + list(" .,'’-&")


def outline(font: TTFont, letter: str) -> str:
    """Return the letter's path, turned the right way up for SVG."""
    glyphs = font.getGlyphSet()
    pen = SVGPathPen(glyphs, ntos=lambda value: str(round(value)))
    glyphs[font.getBestCmap()[ord(letter)]].draw(TransformPen(pen, (1, 0, 0, -1, 0, 0)))
    return pen.getCommands()


def advance(font: uharfbuzz.Font, text: str) -> int:
    """Return how wide the text is set, in font units, with kerning and without ligatures."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer, {"liga": False, "clig": False})
    return sum(position.x_advance for position in buffer.glyph_positions)


def main() -> None:
    """Read the font, write the table."""
    font = TTFont(SOURCE)
    shaper = uharfbuzz.Font(uharfbuzz.Face(SOURCE.read_bytes()))
    advances = {letter: advance(shaper, letter) for letter in LETTERS}
    kerning = {}
    for first in KERNED:
        for second in KERNED:
            units = advance(shaper, first + second) - advances[first] - advances[second]
            if units:
                kerning[first + second] = units
    table = {
        "source": SOURCE.name,
        "licence": "SIL Open Font License 1.1, see OFL.txt",
        "units_per_em": font["head"].unitsPerEm,
        "advances": advances,
        "paths": {letter: outline(font, letter) for letter in LETTERS},
        "kerning": kerning,
    }
    target = FONTS / "outlines.json"
    target.write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
