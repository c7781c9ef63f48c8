"""The `type` of every object in an Open Badges 2.0 document: a word that its context explains, or an address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Final

from badges.standards.jsonld.contexts import CONTEXT_FILES, bundled_context
from badges.standards.ob2.rules import OB2_CONTEXT, problem
from badges.standards.shapes import Severity, ShapeProblem, as_list, join_path
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import say

MOST_PROBLEMS: Final = 20
_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")


def check_types(document: JsonValue) -> list[ShapeProblem]:
    """Return the types in a document that nothing explains. document: any JSON of bounded size.

    A document with a context that we do not have may explain them there: then it is a warning.
    Source: Open Badges 2.0, "Data types" (RDF type); the official validator's VALIDATE_RDF_TYPE_PROPERTY.
    """
    words, has_others = set(_words_of_2_0()), False
    types: list[tuple[str, JsonValue]] = []
    for path, owner in _objects(document):
        if "type" in owner:
            types.append((join_path(path, "type"), owner["type"]))
        for context in as_list(owner.get("@context")):
            if isinstance(context, dict):
                words.update(context)
            else:
                has_others |= isinstance(context, str) and context not in CONTEXT_FILES
    severity = Severity.WARNING if has_others else Severity.ERROR
    found = (each for path, names in types for each in _check_names(path, names, words, severity))
    return list(islice(found, MOST_PROBLEMS))


def _check_names(path: str, names: JsonValue, words: set[str], severity: Severity) -> Iterator[ShapeProblem]:
    if names == []:
        yield problem(path, "Data types", Severity.ERROR, say("“type” is empty."))
    for name in as_list(names):
        if isinstance(name, str) and name not in words and not _ADDRESS.fullmatch(name):
            yield problem(
                path, "Data types", severity, say("No vocabulary explains the type “%(name)s”.", name=name[:80])
            )


@cache
def _words_of_2_0() -> frozenset[str]:
    return frozenset(bundled_context(OB2_CONTEXT)["@context"])


def _objects(document: JsonValue) -> Iterator[tuple[str, JsonObject]]:
    """Every object with its path, but for what stands in a context."""
    waiting: list[tuple[str, JsonValue]] = [("", document)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            yield path, value
            waiting.extend((join_path(path, name), item) for name, item in value.items() if name != "@context")
        elif isinstance(value, list):
            waiting.extend((join_path(path, place), item) for place, item in enumerate(value))
