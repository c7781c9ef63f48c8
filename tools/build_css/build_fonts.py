"""Makes the web fonts in badges/web/static/fonts out of Source Sans 3.

Needs fonttools and brotli, and `npm install` done in this folder. Two files for each weight, so that a page in
English or Welsh fetches only the small one. The licence reserves the name "Source" for the unchanged font, and a
subset is a changed font: so it is called "Decisions Sans".
"""

from __future__ import annotations

import shutil
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
SOURCE = HERE / "node_modules" / "@expo-google-fonts" / "source-sans-3"
TARGET = HERE.parents[1] / "badges" / "web" / "static" / "fonts"
FAMILY = "Decisions Sans"
WEIGHTS = {400: ("400Regular", "Regular"), 600: ("600SemiBold", "SemiBold"), 700: ("700Bold", "Bold")}
# The same ranges stand in scss/_fonts.scss. U+0174 to U+0178 are the Welsh letters.
RANGES = {
    "latin": [
        (0x20, 0xFF),
        (0x131, 0x131),
        (0x152, 0x153),
        (0x174, 0x178),
        (0x2000, 0x206F),
        (0x20AC, 0x20AC),
        (0x2122, 0x2122),
        (0x2190, 0x2193),
        (0x2212, 0x2212),
    ],
    "latin-ext": [
        (0x100, 0x130),
        (0x132, 0x151),
        (0x154, 0x173),
        (0x179, 0x24F),
        (0x2BB, 0x2DD),
        (0x300, 0x331),
        (0x1E00, 0x1EFF),
    ],
}
FAMILY_NAMES = (1, 3, 4, 6, 16, 25)
MAX_BYTES = 30_000


def build_font(weight: int, part: str) -> int:
    """Write one subset and return its size in bytes."""
    folder, style = WEIGHTS[weight]
    font = TTFont(SOURCE / folder / f"SourceSans3_{folder}.ttf")
    options = Options()
    options.flavor = "woff2"
    options.layout_features = ["kern", "liga", "mark", "mkmk", "ccmp", "locl", "tnum"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in RANGES[part] for code in range(first, last + 1)])
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in FAMILY_NAMES:
            joined = "".join(FAMILY.split())
            text = {1: FAMILY, 3: f"{joined}-{style}", 4: f"{FAMILY} {style}", 6: f"{joined}-{style}"}
            record.string = text.get(record.nameID, FAMILY)
    font.flavor = "woff2"
    target = TARGET / f"decisions-sans-{part}-{weight}.woff2"
    font.save(target)
    size = target.stat().st_size
    if size > MAX_BYTES:
        raise SystemExit(f"{target.name} is too large: {size} bytes")
    return size


def main() -> None:
    """Build every weight and part, and put the licence beside them."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for weight in WEIGHTS:
        for part in RANGES:
            print(f"{part} {weight}: {build_font(weight, part)} bytes")
    shutil.copyfile(SOURCE / "LICENSE_FONT", TARGET / "OFL.txt")


if __name__ == "__main__":
    main()
