"""How large a JSON-LD document may be. Expansion costs time for every value, so the bound comes before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from badges.errors import RefusedError, StandardsError
from badges.vocab.json import JsonObject, JsonValue

MAXIMUM_DEPTH: Final = 32
MAXIMUM_VALUES: Final = 10_000
MAXIMUM_CHARACTERS: Final = 4 * 1024 * 1024
MAXIMUM_CONTEXT_URLS: Final = 100
MAXIMUM_INLINE_VALUES: Final = 200
MAXIMUM_INLINE_DEPTH: Final = 6
SAFE_INTEGER: Final = 2**53


class UnsafeNumberError(StandardsError):
    """A number that different programs would read as different numbers."""


class ContextShapeError(StandardsError):
    """A @context that is no list of addresses and simple inline definitions."""


def check_bounds(document: JsonObject) -> None:
    """Check that a document is not too deep, too large, or made of things that JSON does not have.

    Raises RefusedError beyond a bound; UnsafeNumberError for numbers beyond 2^53 or not finite;
    StandardsError for a value that is not JSON.
    Source: RFC 7493 (I-JSON), section 2.2, for the numbers.
    """
    values = 0
    characters = 0
    waiting: list[tuple[JsonValue, int]] = [(document, 1)]
    while waiting:
        value, depth = waiting.pop()
        values += 1
        if isinstance(value, dict):
            characters += _text_size(value)
            waiting.extend((item, depth + 1) for item in value.values())
        elif isinstance(value, list):
            waiting.extend((item, depth + 1) for item in value)
        elif isinstance(value, str):
            characters += _text_size((value,))
        else:
            _check_scalar(value)
        if depth > MAXIMUM_DEPTH:
            raise RefusedError("The document is nested deeper than %(depth)s levels.", depth=MAXIMUM_DEPTH)
        if values + len(waiting) > MAXIMUM_VALUES:
            raise RefusedError("The document has more than %(values)s values.", values=MAXIMUM_VALUES)
        if characters > MAXIMUM_CHARACTERS:
            raise RefusedError("The document has more than %(size)s characters.", size=MAXIMUM_CHARACTERS)


def check_contexts(document: JsonObject) -> tuple[set[str], bool]:
    """Return the addresses of all contexts that a document names, and whether it has inline definitions.

    document: within the bounds of check_bounds. The same list in many places counts once: it is worked out once.

    Raises RefusedError for too many; ContextShapeError for anything but addresses and objects, or an inline
    object that changes the base address, imports, or clears what went before.
    """
    urls: list[str] = []
    inline_values = 0
    known: set[tuple[str, ...]] = set()
    for context in _contexts_in(document):
        entries = context if isinstance(context, list) else [context]
        if all(isinstance(entry, str) for entry in entries):
            if tuple(entries) in known:
                continue
            known.add(tuple(entries))
        for entry in entries:
            if isinstance(entry, str):
                urls.append(entry)
            elif isinstance(entry, dict):
                inline_values += _inline_size(entry, 1, urls)
            else:
                raise ContextShapeError("A @context holds addresses and definitions, nothing else.")
    if len(urls) > MAXIMUM_CONTEXT_URLS or inline_values > MAXIMUM_INLINE_VALUES:
        raise RefusedError("The document has too many JSON-LD contexts, or too large ones.")
    return set(urls), inline_values > 0


def _text_size(texts: dict[str, JsonValue] | tuple[str]) -> int:
    size = 0
    for text in texts:
        if not isinstance(text, str):
            raise StandardsError("The names of members are texts in JSON.")
        if not text.isascii():
            try:
                text.encode("utf-8")
            except UnicodeEncodeError as error:
                raise StandardsError("A text has half of a character (a lone surrogate).") from error
        size += len(text)
    return size


def _check_scalar(value: JsonValue) -> None:
    if value is None or isinstance(value, bool):
        return
    if not isinstance(value, int | float):
        raise StandardsError("A %(kind)s is not a JSON value.", kind=type(value).__name__)
    if not abs(value) <= SAFE_INTEGER:
        raise UnsafeNumberError(
            "The number %(number)s is beyond 2^53, where programs disagree about numbers. Make it a text.",
            number=str(value)[:40] if isinstance(value, float) or abs(value) < 10**30 else "given",
        )


def _contexts_in(value: JsonValue) -> Iterator[JsonValue]:
    """Yield the value of every @context member, at any depth outside other contexts."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name == "@context":
                yield item
            else:
                yield from _contexts_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from _contexts_in(item)


def _inline_size(definitions: JsonObject, depth: int, urls: list[str]) -> int:
    """Return how many values an inline context has; addresses of contexts inside it are added to urls."""
    if depth > MAXIMUM_INLINE_DEPTH:
        raise RefusedError("An inline JSON-LD context is nested too deeply.")
    if "@base" in definitions or "@import" in definitions:
        raise ContextShapeError("An inline JSON-LD context may not change the base address or import.")
    size = 1
    for name, definition in definitions.items():
        size += 1
        if name == "@context":
            raise ContextShapeError("An inline JSON-LD context does not hold another @context as a term.")
        if isinstance(definition, dict):
            size += len(definition)
            scoped = definition.get("@context", {})
            for entry in scoped if isinstance(scoped, list) else [scoped]:
                if isinstance(entry, str):
                    urls.append(entry)
                elif isinstance(entry, dict):
                    size += _inline_size(entry, depth + 1, urls)
                elif entry is not None:
                    raise ContextShapeError("A @context holds addresses and definitions, nothing else.")
    return size
