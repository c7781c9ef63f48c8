"""Changes to JSON documents, one at a time."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, TypeAlias

from hypothesis import strategies as st

from badges.vocab.json import JsonObject, JsonValue

Path: TypeAlias = tuple[Any, ...]

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(
        [
            "did:web:library.example",
            "did:key:z6Mk",
            "https://[::1",
            "urn:x",
            "@id",
            "_:b0",
            "z6Mk",
            "a.b.c",
            "\u202egnp.egdab",
            "Аnytown Hospitals Library",  # the first letter is Cyrillic
            "2099-01-01T00:00:00Z",
            2**53,
            2**53 + 1,
            -0.0,
            1.0,
            1e308,
        ]
    ),
    st.sampled_from([[], {}, [[]], [{}], [None], {"id": []}, {"type": {}}, {"@context": 7}, {"@value": None}]),
)


def places(value: JsonValue, path: Path = ()) -> Iterator[Path]:
    """Every place in a document, as the path to it; the document itself is no place."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield from places(inner, (*path, name))


def objects(document: JsonObject) -> list[Path]:
    """The paths of all objects in a document, the document itself among them."""
    return [(), *(path for path in places(document) if isinstance(at_place(document, path), dict))]


def at_place(document: JsonValue, path: Path) -> Any:
    """What stands at a place."""
    for name in path:
        document = document[name]
    return document


def change(document: JsonObject, path: Path, value: JsonValue) -> JsonObject:
    """A copy with another value at a place."""
    changed = copy.deepcopy(document)
    at_place(changed, path[:-1])[path[-1]] = value
    return changed


def remove(document: JsonObject, path: Path) -> JsonObject:
    """A copy without what stands at a place."""
    changed = copy.deepcopy(document)
    del at_place(changed, path[:-1])[path[-1]]
    return changed


def rename(document: JsonObject, path: Path, name: str) -> JsonObject:
    """A copy in which a member has another name and the same place in its order."""
    changed = copy.deepcopy(document)
    owner = at_place(changed, path[:-1])
    members = {name if key == path[-1] else key: value for key, value in owner.items()}
    owner.clear()
    owner.update(members)
    return changed
