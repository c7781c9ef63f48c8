"""Colours: the sums of contrast, and the pairs that the campaign uses."""

from __future__ import annotations

import pytest

from badges.errors import InvalidInputError
from badges.rendering.colours import (
    AMBER,
    CORAL,
    GRAPHIC_CONTRAST,
    INK,
    LEAF,
    PAPER,
    PLUM,
    TEAL,
    TEXT_CONTRAST,
    contrast_ratio,
    find_colour,
    mix_colours,
    require_contrast,
)


def test_contrast_ratio_of_black_and_white_is_21() -> None:
    assert contrast_ratio("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast_ratio("#FFFFFF", "#000000") == pytest.approx(21.0)


@pytest.mark.parametrize(
    ("colour", "on_white"),
    [(INK, 16.0), (TEAL, 6.5), (PLUM, 10.9), (LEAF, 6.4), (CORAL, 5.7), (AMBER, 1.7)],
)
def test_contrast_ratio_agrees_with_the_brief(colour: str, on_white: float) -> None:
    assert contrast_ratio(colour, "#FFFFFF") == pytest.approx(on_white, abs=0.06)


@pytest.mark.parametrize("ground", [INK, TEAL, PLUM, LEAF, CORAL])
def test_paper_can_be_read_and_amber_seen_on_every_ground(ground: str) -> None:
    assert contrast_ratio(PAPER, ground) >= TEXT_CONTRAST
    assert contrast_ratio(AMBER, ground) >= GRAPHIC_CONTRAST


def test_require_contrast_names_both_colours() -> None:
    with pytest.raises(InvalidInputError, match=r"#FFB81C on #FBFAF7 .* 1\.7 and must be at least 3\.0"):
        require_contrast(AMBER, PAPER, GRAPHIC_CONTRAST, field="light")


def test_find_colour_takes_names_and_hex_digits() -> None:
    assert find_colour("teal") == TEAL
    assert find_colour("#00696b") == TEAL
    with pytest.raises(InvalidInputError, match="red"):
        find_colour("red")


def test_mix_colours_goes_from_one_to_the_other() -> None:
    assert mix_colours("#000000", "#FFFFFF", 0.5) == "#808080"
    assert mix_colours(TEAL, PAPER, 0) == TEAL
    assert mix_colours(TEAL, PAPER, 1) == PAPER
