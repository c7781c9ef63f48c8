"""A JSON-LD document taken apart: what gives it its shape, and the texts that fill the shape.

Two documents of the same skeleton expand in the same way: the same members with the same meaning at the same
places. Only their texts differ, and where those stand in the graph does not depend on what they say.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from badges.standards.jsonld.bounds import MAXIMUM_DEPTH
from badges.vocab.json import JsonObject, JsonValue

Skeleton: TypeAlias = tuple[object, ...]
Path: TypeAlias = tuple[str | int, ...]

MAXIMUM_TOKENS: Final = 4_000
# Texts under these names decide what other members mean, so they are part of the shape.
_FIXED: Final = frozenset(("type", "@type", "@context", "@language", "@direction", "@index", "@nest"))
_TEXT: Final = 0
_OBJECT: Final = 1
_END: Final = 2
_LIST: Final = 3


class ShapelessError(Exception):
    """A document that has no skeleton: it defines words itself, or is too large or no JSON."""


def take_apart(document: JsonObject) -> tuple[Skeleton, list[str]]:
    """Return the skeleton of a document and its texts, in the order in which they stand.

    Raises ShapelessError for contexts that are written out in the document, and beyond the bounds.
    """
    tokens: list[object] = []
    texts: list[str] = []
    _walk(document, tokens, texts, False, 1)
    return tuple(tokens), texts


def put_together(document: JsonObject, texts: list[str]) -> JsonObject:
    """Return a copy of a document with other texts, given in the order of take_apart."""
    remaining = iter(texts)
    copied: JsonObject = _rebuild(document, remaining, False)
    return copied


def text_paths(document: JsonObject) -> list[Path]:
    """Return where the texts of take_apart stand, in their order."""
    paths: list[Path] = []
    _find_paths(document, (), paths, False)
    return paths


def _walk(value: JsonValue, tokens: list[object], texts: list[str], is_fixed: bool, depth: int) -> None:
    kind = value.__class__
    if kind is dict:
        _check_room(tokens, depth)
        tokens.append(_OBJECT)
        for name, item in value.items():
            if name in _FIXED:
                tokens.append(name)
                if name == "@context":
                    tokens.append(_context_token(item))
                else:
                    _walk(item, tokens, texts, True, depth + 1)
            elif item.__class__ is str and not is_fixed:  # nearly all members: not worth a call
                tokens += (name, _TEXT)
                texts.append(item)
            else:
                tokens.append(name)
                _walk(item, tokens, texts, is_fixed, depth + 1)
        tokens.append(_END)
    elif kind is list:
        _check_room(tokens, depth)
        tokens.append(_LIST)
        for item in value:
            _walk(item, tokens, texts, is_fixed, depth + 1)
        tokens.append(_END)
    elif kind is str:
        if is_fixed:
            tokens.append((value,))
        else:
            tokens.append(_TEXT)
            texts.append(value)
    elif value is None or kind is bool or kind is int or kind is float:
        tokens.append((kind, repr(value)))
    else:
        raise ShapelessError


def _check_room(tokens: list[object], depth: int) -> None:
    if depth > MAXIMUM_DEPTH or len(tokens) > MAXIMUM_TOKENS:
        raise ShapelessError


def _context_token(value: JsonValue) -> tuple[object, ...]:
    """A context as part of the shape: one address, or a list of addresses."""
    entries = value if isinstance(value, list) else [value]
    if not all(isinstance(entry, str) for entry in entries):
        raise ShapelessError
    return (isinstance(value, list), *entries)


def _rebuild(value: JsonValue, texts: object, is_fixed: bool) -> JsonValue:
    if isinstance(value, dict):
        return {
            name: item if name == "@context" else _rebuild(item, texts, is_fixed or name in _FIXED)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_rebuild(item, texts, is_fixed) for item in value]
    if isinstance(value, str) and not is_fixed:
        return next(texts)  # type: ignore[call-overload]
    return value


def _find_paths(value: JsonValue, path: Path, paths: list[Path], is_fixed: bool) -> None:
    if isinstance(value, dict):
        for name, item in value.items():
            if name != "@context":
                _find_paths(item, (*path, name), paths, is_fixed or name in _FIXED)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            _find_paths(item, (*path, position), paths, is_fixed)
    elif isinstance(value, str) and not is_fixed:
        paths.append(path)
