"""Extensions of Open Badges 2.0: objects with words of their own, which a schema of their own may describe."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Final

from badges.standards.json_schema import SchemaAnswer, check_schema
from badges.standards.ob2.rules import OB2_CONTEXT, problem
from badges.standards.shapes import Severity, ShapeProblem, as_list, join_path
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import say

_FOLDER: Final = "https://w3id.org/openbadges/extensions/"
# What comes with the service: address without scheme, file. data/README.md says from where.
EXTENSION_FILES: Final[dict[str, str]] = {
    f"{_FOLDER}applyLinkExtension/context.json": "apply-link.context.json",
    f"{_FOLDER}applyLinkExtension/schema.json": "apply-link.schema.json",
    f"{_FOLDER}exampleExtension/context.json": "example.context.json",
    f"{_FOLDER}exampleExtension/schema.json": "example.schema.json",
    f"{_FOLDER}geoCoordinatesExtension/context.json": "geo-coordinates.context.json",
    f"{_FOLDER}geoCoordinatesExtension/schema.json": "geo-coordinates.schema.json",
}
MOST_PARTS: Final = 5
_PREFIX: Final = "extensions:"
_PREFIX_ADDRESS: Final = "https://w3id.org/openbadges/extensions#"
_WEB: Final = ("https://", "http://")


def find_extensions(document: JsonValue, most: int) -> list[tuple[str, JsonObject]]:
    """Return the extensions in a document, each with its path. most: where to stop."""
    found: list[tuple[str, JsonObject]] = []
    waiting: list[tuple[str, JsonValue]] = [("", document)]
    while waiting and len(found) < most:
        path, value = waiting.pop()
        if _is_extension(value):
            found.append((path, value))
        elif isinstance(value, dict):
            waiting.extend((join_path(path, name), item) for name, item in value.items() if name != "@context")
        elif isinstance(value, list):
            waiting.extend((join_path(path, place), item) for place, item in enumerate(value))
    return found


def core_of(value: JsonValue) -> JsonValue:
    """Return a copy of a document as JSON-LD alone reads it: without the extensions, and without the languages that
    2.0 gives whole documents (`@language`).
    """
    if isinstance(value, dict):
        return {name: core_of(item) for name, item in value.items() if name != "@language" and not _is_extension(item)}
    if isinstance(value, list):
        return [core_of(item) for item in value if not _is_extension(item)]
    return value


def _is_extension(value: JsonValue) -> bool:
    return isinstance(value, dict) and "Extension" in as_list(value.get("type"))


def check_form(extension: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """An extension has a context of its own, by address, and a type of its own beside “Extension”.

    Source: Open Badges 2.0, "Extensions"; the official validator's VALIDATE_EXTENSION_NODE.
    """
    if not context_urls(extension):
        message = say("An extension needs the address of a context of its own.")
        yield problem(join_path(path, "@context"), "Extensions", Severity.ERROR, message)
    if not own_types(extension):
        message = say("An extension needs a type of its own beside “Extension”.")
        yield problem(join_path(path, "type"), "Extensions", Severity.ERROR, message)


def context_urls(extension: JsonObject) -> list[str]:
    """The addresses of its own contexts, at most MOST_PARTS."""
    contexts = as_list(extension.get("@context"))
    urls = [each for each in contexts if isinstance(each, str) and each.startswith(_WEB) and each != OB2_CONTEXT]
    return urls[:MOST_PARTS]


def own_types(extension: JsonObject) -> set[str]:
    """Its types beside “Extension”, in full: `extensions:…` stands for an address."""
    names = as_list(extension.get("type"))
    return {_in_full(name) for name in names if isinstance(name, str) and name != "Extension"}


def schema_urls(context: JsonObject, types: set[str]) -> list[str]:
    """The addresses of the schemas that a context document states for these types (as own_types gives them).

    At most MOST_PARTS.

    Source: Open Badges 2.0, "Extensions" (validation, validatesType, validationSchema).
    """
    found: list[str] = []
    for entry in as_list(context.get("validation", context.get("obi:validation"))):
        if isinstance(entry, dict):
            validates, schema = _member(entry, "validatesType"), _member(entry, "validationSchema")
            if validates and _in_full(validates) in types and schema.startswith(_WEB):
                found.append(schema)
    return found[:MOST_PARTS]


def check_content(extension: JsonObject, schema: JsonValue, context: JsonObject) -> SchemaAnswer:
    """Return what about an extension does not fit its schema. context: the document at the address of its context.

    A member under its full address counts as the one that the context gives a name.
    """
    names = _names_by_address(context)
    return check_schema({names.get(name, name): value for name, value in extension.items()}, schema)


def bundled_extension(url: str) -> JsonObject | None:
    """Return a context or schema document that comes with the service, by its address; http counts as https."""
    name = EXTENSION_FILES.get(url.replace("http://", "https://", 1))
    return _read(name) if name else None


@cache
def _read(name: str) -> JsonObject:
    document: JsonObject = json.loads(resources.files(__package__).joinpath("data", name).read_bytes())
    return document


def _member(entry: JsonObject, name: str) -> str:
    value = entry.get(name, entry.get(f"obi:{name}"))
    value = value.get("id", value.get("@id")) if isinstance(value, dict) else value
    return value if isinstance(value, str) else ""


def _in_full(name: str) -> str:
    return _PREFIX_ADDRESS + name.removeprefix(_PREFIX) if name.startswith(_PREFIX) else name


def _names_by_address(document: JsonObject) -> dict[str, str]:
    """Full address to name, for the terms that a context defines by an address or with one of its own prefixes."""
    terms = {
        name: value.get("@id") if isinstance(value, dict) else value
        for context in as_list(document.get("@context"))
        if isinstance(context, dict)
        for name, value in context.items()
    }
    names: dict[str, str] = {}
    for name, value in terms.items():
        if isinstance(value, str):
            prefix, colon, rest = value.partition(":")
            base = terms.get(prefix)
            names[base + rest if colon and isinstance(base, str) else value] = name
    return names
