"""What documents before 3.0 may write in two ways, made one: names for the same thing, and nulls for nothing."""

from __future__ import annotations

from typing import Final

from badges.vocab.json import JsonObject, JsonValue

_PLAIN: Final = {"@id": "id", "@type": "type", "verify": "verification"}


def use_plain_names(document: JsonObject) -> JsonObject:
    """Return the document with `id`, `type` and `verification` for `@id`, `@type` and `verify`, at every level.

    The context of 2.0 defines these as the same. An object that has both keeps both: it says two things.
    Source: Open Badges 2.0, the JSON-LD context ("verify": "verification"); JSON-LD 1.1, "Aliasing Keywords".
    """
    renamed: JsonObject = {}
    for name, value in document.items():
        plain = _PLAIN.get(name, name)
        if plain in document:
            plain = name
        renamed[plain] = value if name == "@context" else _inside(value)
    return renamed


def without_nulls(document: JsonObject) -> JsonObject:
    """Return the document without null members and items: in JSON-LD they are not there. Contexts stay as they are.

    Source: JSON-LD 1.1 API, "Expansion Algorithm" (null values are dropped); the official validator's
    VALIDATE_PROPERTY (an optional property may be null).
    """
    return {
        name: value if name == "@context" else _without_nulls_inside(value)
        for name, value in document.items()
        if value is not None or name == "@context"
    }


def _without_nulls_inside(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return without_nulls(value)
    if isinstance(value, list):
        return [_without_nulls_inside(item) for item in value if item is not None]
    return value


def _inside(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return use_plain_names(value)
    if isinstance(value, list):
        return [_inside(item) for item in value]
    return value
