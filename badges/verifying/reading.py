"""Small, forgiving reads of documents of unknown shape: nothing here ever fails."""

from __future__ import annotations

from badges.vocab.json import JsonObject, JsonValue


def as_list(value: JsonValue) -> list[JsonValue]:
    """A JSON-LD set as a list: nothing is an empty one, a single value is a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def as_text(value: JsonValue) -> str:
    """The value if it is text, else ""."""
    return value if isinstance(value, str) else ""


def id_of(value: JsonValue) -> str:
    """The id of something that is written as its id alone or as an object with an `id`; "" if it has none."""
    if isinstance(value, dict):
        return as_text(value.get("id") or value.get("@id"))
    return as_text(value)


def member(value: JsonValue, *path: str) -> JsonValue:
    """What stands at the end of this path of member names, or None."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def types_of(document: JsonObject) -> frozenset[str]:
    """The types of an object, whether one or many."""
    return frozenset(as_text(each) for each in as_list(document.get("type") or document.get("@type")))
