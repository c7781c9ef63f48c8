"""The fuzzers' targets on their seeds, on what the fuzzers found, and on small changes: without the fuzzer itself."""

from __future__ import annotations

import random

import pytest

from tests.fuzz.found import FOUND
from tests.fuzz.seeds import seeds_of
from tests.fuzz.targets import TARGETS, Fault, feed, hold, is_object


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_are_no_faults_and_get_past_the_first_line(name: str) -> None:
    target = TARGETS[name]
    seeds = seeds_of(target.seeds)
    assert seeds
    read = 0
    for seed in seeds[:60]:
        feed(name, seed)
        try:
            target.run(seed)
        except Exception:  # noqa: BLE001 - what may come out is held by feed
            continue
        read += 1
    assert read


@pytest.mark.parametrize(("name", "data"), [(name, data) for name, inputs in FOUND.items() for data in inputs])
def test_what_was_found_is_no_fault_any_more(name: str, data: bytes) -> None:
    feed(name, data)


@pytest.mark.parametrize("name", TARGETS)
def test_small_changes_are_no_faults(name: str) -> None:
    chance = random.Random(1)
    seeds = seeds_of(TARGETS[name].seeds)
    for _ in range(40):
        data = bytearray(chance.choice(seeds)[:4_000])
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(data) + 1)
            data[place : place + chance.randint(0, 2)] = chance.randbytes(chance.randint(0, 2))
        feed(name, bytes(data))


def test_a_fault_comes_out() -> None:
    with pytest.raises(Fault):
        hold(False, "a fault")


def test_every_json_target_starts_from_json() -> None:
    for target in TARGETS.values():
        if target.is_json and target.seeds != "files":
            assert any(is_object(seed) is not None for seed in seeds_of(target.seeds))
