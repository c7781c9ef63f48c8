"""Members of JSON documents, the same for every standard."""

from __future__ import annotations

from badges.vocab.json import JsonObject


def without_empty(members: JsonObject) -> JsonObject:
    """Return the members without empty text, arrays, objects and None. `False` and 0 stay.

    Source: Open Badges 3.0, "JSON": null values and empty arrays must be omitted.
    """
    return {name: value for name, value in members.items() if value not in ("", [], {}, None)}
