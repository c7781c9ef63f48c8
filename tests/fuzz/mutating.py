"""Changes JSON so that it stays JSON: bytes that are turned at random rarely get past the first bracket."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any, Final

import atheris

_VALUES: Final[list[Any]] = [
    None, True, False, 0, -1, 1.5, 2**53, 2**60, "", "x", "@id", "_:b", "urn:x", [], {}, [[]], "\ud800",
]  # fmt: skip


def mutate_json(data: bytes, largest: int, seed: int) -> bytes:
    """Change an input: its JSON half of the time, else its bytes."""
    chance = random.Random(seed)
    if chance.random() < 0.5:
        try:
            document = json.loads(data)
            for _ in range(chance.randint(1, 3)):
                _change_place(document, chance)
            changed = json.dumps(document).encode()
        except (ValueError, RecursionError):
            changed = b""
        if 0 < len(changed) <= largest:
            return changed
    mutated: bytes = atheris.Mutate(data, largest)
    return mutated


def _change_place(document: Any, chance: random.Random) -> None:
    """Change, remove, wrap or copy one member or item."""
    owners = list(_owners(document))
    if not owners:
        return
    owner, other = chance.choice(owners), chance.choice(owners)
    key = chance.choice(list(owner) if isinstance(owner, dict) else range(len(owner)))
    act = chance.randint(0, 4)
    if act == 0:
        owner[key] = chance.choice(_VALUES)
    elif act == 1:
        del owner[key]
    elif act == 2:
        owner[key] = [owner[key]]
    elif isinstance(other, dict):
        other[key if isinstance(key, str) else "x"] = json.loads(json.dumps(owner[key]))
    else:
        other.append(json.loads(json.dumps(owner[key])))


def _owners(value: Any) -> Iterator[Any]:
    """Every object and list that holds something."""
    if isinstance(value, dict | list) and value:
        yield value
        for item in value.values() if isinstance(value, dict) else value:
            yield from _owners(item)
