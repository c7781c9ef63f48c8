"""Public addresses are inside signed badges, so none may disappear or change."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from badges.addresses import PATHS
from badges.web.routes import ROUTES

LIST: Final = Path(__file__).with_name("public_addresses.txt")


def promised() -> dict[str, str]:
    """Read the list: a name and its rule on every line."""
    lines = [line for line in LIST.read_text().splitlines() if line and not line.startswith("#")]
    pairs = [line.split() for line in lines]
    assert len({name for name, _ in pairs}) == len(pairs)
    return {pair[0]: pair[1] for pair in pairs}


def test_every_promised_address_is_as_it_was() -> None:
    kept = {name: PATHS.get(name) for name in promised()}
    assert kept == promised()


def test_every_address_is_promised() -> None:
    """A new one is added to the list together with the code: from then on it is for ever."""
    assert set(PATHS) == set(promised())


def test_every_address_is_served() -> None:
    assert set(PATHS.values()) <= {route.rule for route in ROUTES}
