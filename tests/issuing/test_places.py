"""The order of places: each once, and by chance."""

from __future__ import annotations

from itertools import pairwise

import pytest

from badges.issuing.places import place_at
from badges.standards.status.bitstring import MINIMUM_LENGTH

SEED = "5f" * 16


@pytest.mark.parametrize("length", [4, 8, 16, 2**11, MINIMUM_LENGTH, MINIMUM_LENGTH * 2])
def test_gives_every_place_once(length: int) -> None:
    assert sorted(place_at(SEED, length, position) for position in range(length)) == list(range(length))


def test_neighbours_in_time_are_no_neighbours_in_the_list() -> None:
    places = [place_at(SEED, MINIMUM_LENGTH, position) for position in range(20_000)]
    distances = sorted(abs(one - other) for one, other in pairwise(places))
    # Two places taken at random are a third of the list apart on average; the median is 29 %.
    assert 0.27 * MINIMUM_LENGTH < distances[len(distances) // 2] < 0.32 * MINIMUM_LENGTH
    # Every part of the list gets its share: 16 parts, 1,250 each, within five standard deviations.
    parts = [0] * 16
    for place in places:
        parts[place * 16 // MINIMUM_LENGTH] += 1
    assert all(abs(part - 1250) < 5 * (1250 * 15 / 16) ** 0.5 for part in parts)


def test_another_seed_gives_another_order() -> None:
    first, second = ([place_at(seed, MINIMUM_LENGTH, n) for n in range(50)] for seed in (SEED, "5e" + SEED[2:]))
    assert not set(enumerate(first)) & set(enumerate(second))


@pytest.mark.parametrize(("length", "position"), [(131_073, 0), (3, 0), (0, 0), (8, 8), (8, -1)])
def test_refuses_what_is_no_position(length: int, position: int) -> None:
    with pytest.raises(ValueError, match="no position"):
        place_at(SEED, length, position)
