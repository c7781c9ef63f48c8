"""Compares a JSON value with a JSON Schema of a stranger: bounded, nothing fetched, no pattern of theirs run.

The words of draft 4 that extensions of Open Badges use. A word that we do not apply is named in the answer, so
that nobody takes a partial comparison for a full one. (Why our own: docs/decisions/0014-own-json-schema.md.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from badges.vocab.json import JsonObject, JsonValue
from badges.wording import Wording, say

MOST_STEPS: Final = 5_000
MOST_VALUES: Final = 2_000
MOST_PROBLEMS: Final = 10
MOST_LEVELS: Final = 40

_NOTES: Final = frozenset(
    {
        "$schema",
        "$id",
        "id",
        "$comment",
        "title",
        "description",
        "default",
        "examples",
        "format",
        "definitions",
        "$defs",
    }
)
_TYPES: Final[dict[str, Callable[[JsonValue], bool]]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
}


@dataclass(frozen=True, slots=True)
class SchemaAnswer:
    """problems: what does not fit. not_applied: words of the schema that were passed over, or why it was given up."""

    problems: tuple[Wording, ...] = ()
    not_applied: tuple[str, ...] = ()


def check_schema(value: JsonValue, schema: JsonValue) -> SchemaAnswer:
    """Return what about a value does not fit a schema. Never raises on what either holds.

    Source: JSON Schema draft 4, "Validation". `pattern` and its kin are not applied: a pattern may be written so
    that it never ends.
    """
    comparison = _Comparison(schema)
    if _is_too_large(value) or _is_too_large(schema):
        return SchemaAnswer(not_applied=("size",))
    try:
        comparison.problems.extend(comparison.compare(value, schema, "", 0))
    except _TooMuchError:
        comparison.not_applied.add("size")
    return SchemaAnswer(tuple(comparison.problems[:MOST_PROBLEMS]), tuple(sorted(comparison.not_applied)))


class _TooMuchError(Exception):
    """The comparison took more steps than an honest schema needs."""


_Problems: TypeAlias = list[Wording]


@dataclass(slots=True)
class _Comparison:
    root: JsonValue
    problems: _Problems = field(default_factory=list)
    not_applied: set[str] = field(default_factory=set)
    steps: int = 0

    def compare(self, value: JsonValue, schema: JsonValue, path: str, level: int) -> _Problems:
        self.steps += 1
        if self.steps > MOST_STEPS or level > MOST_LEVELS:
            raise _TooMuchError
        if schema is False:
            return [say("%(path)s is not allowed.", path=path or "/")]
        if not isinstance(schema, dict):
            return []
        if "$ref" in schema:
            return self.compare(value, self._find(schema["$ref"]), path, level + 1)
        found: _Problems = []
        for word, rule in schema.items():
            found.extend(self._apply(word, rule, schema, value, path, level))
        return found

    def _apply(
        self, word: str, rule: JsonValue, schema: JsonObject, value: JsonValue, path: str, level: int
    ) -> _Problems:
        self.steps += len(rule) if isinstance(rule, dict | list) else 0
        check = _WORDS.get(word)
        if check is not None:
            return [] if check(value, rule) else [say("%(path)s does not fit “%(word)s”.", path=path or "/", word=word)]
        if word in _COMBINATIONS:
            return self._combine(word, rule, value, path, level)
        if word in _NOTES:
            return []
        if word == "properties":
            return [
                each
                for part, inner, at in _members(value, rule, path)
                for each in self.compare(part, inner, at, level + 1)
            ]
        if word == "items":
            return self._items(value, rule, path, level)
        if word == "additionalProperties":
            return self._others(value, rule, schema, path, level)
        self.not_applied.add(word[:40])
        return []

    def _items(self, value: JsonValue, rule: JsonValue, path: str, level: int) -> _Problems:
        if isinstance(rule, list):
            self.not_applied.add("items")
            return []
        items = value if isinstance(value, list) else []
        found: _Problems = []
        for place, item in enumerate(items):
            found.extend(self.compare(item, rule, f"{path}/{place}", level + 1))
        return found

    def _others(self, value: JsonValue, rule: JsonValue, schema: JsonObject, path: str, level: int) -> _Problems:
        """Members that `properties` does not name. JSON-LD's own two are always allowed."""
        if not isinstance(value, dict) or rule is True:
            return []
        named = schema.get("properties")
        known = {"@context", "type", *(named if isinstance(named, dict) else ())}
        found: _Problems = []
        for name, member in value.items():
            if name not in known:
                found.extend(self.compare(member, rule, f"{path}/{name[:60]}", level + 1))
        return found

    def _combine(self, word: str, rule: JsonValue, value: JsonValue, path: str, level: int) -> _Problems:
        choices = rule if isinstance(rule, list) else [rule]
        answers = [self.compare(value, choice, path, level + 1) for choice in choices]
        fitting = sum(not answer for answer in answers)
        if word == "allOf":
            return [problem for answer in answers for problem in answer]
        is_fine = {"anyOf": fitting > 0, "oneOf": fitting == 1, "not": fitting == 0}[word]
        return [] if is_fine else [say("%(path)s does not fit “%(word)s”.", path=path or "/", word=word)]

    def _find(self, reference: JsonValue) -> JsonValue:
        """The part of the schema that a reference names; other documents are not fetched."""
        if not isinstance(reference, str) or not reference.startswith("#"):
            self.not_applied.add("$ref")
            return True
        part = self.root
        for name in reference[1:].split("/")[1:]:
            part = part.get(name.replace("~1", "/").replace("~0", "~")) if isinstance(part, dict) else None
        if part is None:
            self.not_applied.add("$ref")
        return True if part is None else part


def _is_too_large(value: JsonValue) -> bool:
    """Whether it holds more values than MOST_VALUES."""
    waiting, count = [value], 0
    while waiting and count <= MOST_VALUES:
        item = waiting.pop()
        inside = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
        count += len(inside)
        waiting.extend(inside)
    return count > MOST_VALUES


def _members(value: JsonValue, rule: JsonValue, path: str) -> Iterator[tuple[JsonValue, JsonValue, str]]:
    if isinstance(value, dict) and isinstance(rule, dict):
        for name, schema in rule.items():
            if name in value:
                yield value[name], schema, f"{path}/{name[:60]}"


def _has_type(value: JsonValue, rule: JsonValue) -> bool:
    names = rule if isinstance(rule, list) else [rule]
    checks = [_TYPES[name] for name in names if isinstance(name, str) and name in _TYPES]
    return any(check(value) for check in checks)


def _has_members(value: JsonValue, rule: JsonValue) -> bool:
    if not isinstance(value, dict) or not isinstance(rule, list):
        return True
    return all(name in value for name in rule if isinstance(name, str))


def _at_least(value: object, rule: JsonValue) -> bool:
    return not _are_numbers(value, rule) or value >= rule


def _at_most(value: object, rule: JsonValue) -> bool:
    return not _are_numbers(value, rule) or value <= rule


def _are_numbers(*values: object) -> bool:
    return all(_TYPES["number"](value) for value in values)


def _length(value: JsonValue, kind: type[str] | type[list[JsonValue]]) -> int | None:
    return len(value) if isinstance(value, kind) else None


_COMBINATIONS: Final = frozenset({"allOf", "anyOf", "oneOf", "not"})
_WORDS: Final[dict[str, Callable[[JsonValue, JsonValue], bool]]] = {
    "type": _has_type,
    "required": _has_members,
    "enum": lambda value, rule: not isinstance(rule, list) or value in rule,
    "const": lambda value, rule: bool(value == rule),
    "minimum": _at_least,
    "maximum": _at_most,
    "minLength": lambda value, rule: _at_least(_length(value, str), rule),
    "maxLength": lambda value, rule: _at_most(_length(value, str), rule),
    "minItems": lambda value, rule: _at_least(_length(value, list), rule),
    "maxItems": lambda value, rule: _at_most(_length(value, list), rule),
}
