"""QR codes: read back by another implementation."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from defusedxml.ElementTree import fromstring
from PIL import Image

from badges.errors import InvalidInputError
from badges.rendering.qr import LONGEST_TEXT, QUIET_ZONE, qr_svg
from badges.rendering.raster import rasterise_svg

ADDRESS = "https://badges.example.org/c/KITE-42"


@pytest.mark.parametrize("text", [ADDRESS, ADDRESS + "?from=poster&l=cy", "Llyfrgell ŵ", "x" * LONGEST_TEXT])
def test_qr_svg_is_read_back(text: str) -> None:
    picture = Image.open(io.BytesIO(rasterise_svg(qr_svg(text), 800))).convert("RGB")
    found = zxingcpp.read_barcodes(picture)
    assert [code.text for code in found] == [text]


def test_qr_svg_can_lose_a_corner() -> None:
    picture = Image.open(io.BytesIO(rasterise_svg(qr_svg(ADDRESS), 600))).convert("RGB")
    picture.paste("white", (400, 400, 470, 470))
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [ADDRESS]


def test_qr_svg_is_one_path_on_white_with_a_quiet_zone() -> None:
    root = fromstring(qr_svg(ADDRESS, label='Claim & "open" it'))
    side = int(str(root.get("viewBox")).split()[2])
    assert (side - 2 * QUIET_ZONE - 17) % 4 == 0
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'Claim & "open" it'
    assert [path.get("fill") for path in root] == ["#FFFFFF", "#14213D"]


@pytest.mark.parametrize("text", ["", "x" * (LONGEST_TEXT + 1)])
def test_qr_svg_refuses_no_text_and_too_much(text: str) -> None:
    with pytest.raises(InvalidInputError, match="1 to 1000 characters"):
        qr_svg(text)
