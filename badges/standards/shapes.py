"""The engine behind both data models: compares any JSON with a table of classes and lists what does not fit.

The tables are in `ob3/model.py` and `ob2/model.py`. Nothing here raises on hostile input: whatever is wrong
becomes a problem in the list, and depth, size and number of problems are bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from badges.standards.primitives import Kind, check_primitive
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import Wording, say

MAX_PROBLEMS: Final = 100
MAX_DEPTH: Final = 60
MAX_VALUES: Final = 100_000


class Severity(StrEnum):
    """ERROR: it breaks a rule, and validators refuse it. WARNING: it should be otherwise, but can be read."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class ShapeProblem:
    """One thing that does not fit. path: JSON pointer (RFC 6901). source: the standard and its section."""

    path: str
    message: Wording
    severity: Severity
    source: str


class Need(StrEnum):
    """Whether a member must be there. A missing ADVISED member is a warning."""

    OPTIONAL = "optional"
    ADVISED = "advised"
    REQUIRED = "required"


class Count(StrEnum):
    """How many values. SET: a list; a single value is a warning. FREE: a list or a single value."""

    ONE = "one"
    SET = "set"
    FREE = "free"


class Link(StrEnum):
    """Whether the address of an object may stand in its place."""

    NEVER = "never"
    WARNED = "warned"
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Property:
    """The rule for one member.

    classes: what an object in it may be; choices: for Kind.CHOICE (plus `ext:`). tolerated: values that break
    the rule, but are common enough to be read with a warning.
    """

    kind: Kind
    need: Need = Need.OPTIONAL
    count: Count = Count.ONE
    classes: tuple[str, ...] = ()
    choices: frozenset[str] = frozenset()
    link: Link = Link.NEVER
    tolerated: frozenset[str] = frozenset()


Rule: TypeAlias = Callable[[JsonObject, str], Iterable[ShapeProblem]]


@dataclass(frozen=True, slots=True)
class ShapeClass:
    """One class. types: each group must be met by one name in `type`. closed: no other members.

    type_count: ONE for a class whose `type` is text. type_need: OPTIONAL where older documents leave it out.
    variant: names another class of the table for some documents. rules: what a table cannot say.
    """

    source: str
    properties: Mapping[str, Property]
    types: tuple[frozenset[str], ...] = ()
    type_need: Need = Need.REQUIRED
    type_count: Count = Count.FREE
    closed: bool = False
    rules: tuple[Rule, ...] = ()
    variant: Callable[[JsonObject], str | None] | None = None


ClassTable: TypeAlias = Mapping[str, ShapeClass]


def check_document(
    table: ClassTable, document: JsonValue, expected_class: str, *, empty_source: str = ""
) -> list[ShapeProblem]:
    """Return what does not fit; at most MAX_PROBLEMS entries. Never raises on what the document holds.

    empty_source: the section that forbids null and empty lists anywhere; "" where none does.
    """
    measure = _measure(document)
    if measure is None:
        message = say("The document is too large or nested too deep to be checked.")
        return [ShapeProblem("", message, Severity.ERROR, "RFC 8259, section 9 (limits)")]
    checker = _Checker(table)
    checker.check_object(document, expected_class, "", 0)
    problems = checker.problems
    if empty_source and measure.has_empty:
        known = {problem.path for problem in problems}
        problems.extend(_check_empty_values(document, known, empty_source))
    return problems[:MAX_PROBLEMS]


def join_path(path: str, name: str | int) -> str:
    """Return the JSON pointer of a member or item. Source: RFC 6901, section 3."""
    if isinstance(name, str) and ("~" in name or "/" in name):
        name = name.replace("~", "~0").replace("/", "~1")
    return f"{path}/{name}"


def as_list(value: JsonValue) -> list[JsonValue]:
    """Return the value itself if it is a list, else a list with it alone."""
    return value if isinstance(value, list) else [value]


@dataclass(slots=True)
class _Checker:
    table: ClassTable
    problems: list[ShapeProblem] = field(default_factory=list)

    def add(self, path: str, message: Wording, source: str, severity: Severity = Severity.ERROR) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(ShapeProblem(path, message, severity, source))

    def check_object(self, value: JsonValue, class_name: str, path: str, depth: int) -> None:
        shape = self.table[class_name]
        if not isinstance(value, dict):
            self.add(path, say("Here an object of the class %(name)s is needed.", name=class_name), shape.source)
            return
        if depth > MAX_DEPTH:
            self.add(path, say("The document is nested too deep to be checked."), shape.source)
            return
        variant = shape.variant(value) if shape.variant else None
        shape = self.table[variant] if variant else shape
        self._check_type(value, class_name, shape, path)
        self._check_members(value, class_name, shape, path, depth)
        for rule in shape.rules:
            for problem in rule(value, path):
                self.add(problem.path, problem.message, problem.source, problem.severity)

    def _check_members(self, value: JsonObject, class_name: str, shape: ShapeClass, path: str, depth: int) -> None:
        for name, rule in shape.properties.items():
            if name in value:
                self._check_property(value[name], name, rule, shape.source, join_path(path, name), depth)
            elif rule.need is not Need.OPTIONAL:
                severity = Severity.ERROR if rule.need is Need.REQUIRED else Severity.WARNING
                message = say("“%(name)s” is missing in this %(class_name)s.", name=name, class_name=class_name)
                self.add(join_path(path, name), message, shape.source, severity)
        for name in value if shape.closed else ():
            if name not in shape.properties and name != "type":
                message = say("%(class_name)s has no member “%(name)s”.", class_name=class_name, name=str(name)[:80])
                self.add(join_path(path, name), message, shape.source)

    def _check_type(self, value: JsonObject, class_name: str, shape: ShapeClass, path: str) -> None:
        path = join_path(path, "type")
        if "type" not in value:
            if shape.type_need is Need.REQUIRED:
                self.add(path, say("“type” is missing in this %(name)s.", name=class_name), shape.source)
            return
        names = as_list(value["type"])
        if not names or not all(isinstance(name, str) for name in names):
            self.add(path, say("“type” must be text or a list of texts."), shape.source)
        elif shape.type_count is Count.ONE and isinstance(value["type"], list):
            self.add(path, say("“type” must be a single text in %(name)s.", name=class_name), shape.source)
        else:
            self._check_type_names(names, shape, path)

    def _check_type_names(self, names: list[str], shape: ShapeClass, path: str) -> None:
        for group in shape.types:
            if group.isdisjoint(names):
                message = say(
                    "“type” must contain %(expected)s, but says %(found)s.",
                    expected=" / ".join(sorted(group)),
                    found=", ".join(names)[:120],
                )
                self.add(path, message, shape.source)

    def _check_property(self, value: JsonValue, name: str, rule: Property, source: str, path: str, depth: int) -> None:
        if rule.count is Count.ONE:
            self._check_value(value, name, rule, source, path, depth)
        elif isinstance(value, list):
            if not value and rule.need is Need.REQUIRED:
                self.add(path, say("“%(name)s” is empty.", name=name), source)
            for position, item in enumerate(value):
                self._check_value(item, name, rule, source, join_path(path, position), depth)
        else:
            if rule.count is Count.SET and value is not None:
                message = say("“%(name)s” should be a list, even with one entry.", name=name)
                self.add(path, message, source, Severity.WARNING)
            self._check_value(value, name, rule, source, path, depth)

    def _check_value(self, value: JsonValue, name: str, rule: Property, source: str, path: str, depth: int) -> None:
        if value is None:
            self.add(path, say("“%(name)s” is null. What is empty must be left out.", name=name), source)
        elif rule.kind is Kind.OBJECT and not (isinstance(value, str) and rule.link is not Link.NEVER):
            self.check_object(value, self._class_of(value, rule.classes), path, depth + 1)
        elif rule.kind is Kind.OBJECT:
            self._check_link(value, name, rule, source, path)
        else:
            for problem in check_primitive(rule.kind, value, name, rule.choices):
                is_mild = problem.is_mild or (isinstance(value, str) and value in rule.tolerated)
                severity = Severity.WARNING if is_mild else Severity.ERROR
                self.add(path, problem.message, source, severity)

    def _check_link(self, value: str, name: str, rule: Property, source: str, path: str) -> None:
        for problem in check_primitive(Kind.ID, value, name, frozenset()):
            self.add(path, problem.message, source)
        if rule.link is Link.WARNED:
            message = say("“%(name)s” is only an address. Validators want the whole object here.", name=name)
            self.add(path, message, source, Severity.WARNING)

    def _class_of(self, value: JsonValue, classes: tuple[str, ...]) -> str:
        """The class that the object claims to be, if the member allows it; else the first that it allows."""
        names = as_list(value.get("type")) if isinstance(value, dict) else []
        for class_name in classes[1:]:
            wanted = self.table[class_name].types
            if wanted and any(isinstance(name, str) and name in wanted[-1] for name in names):
                return class_name
        return classes[0]


@dataclass(frozen=True, slots=True)
class _Measure:
    """has_empty: whether there is a null or an empty list anywhere."""

    has_empty: bool


def _measure(document: JsonValue) -> _Measure | None:
    """Look at a document once; None if it has too many values, or is nested too deep, to be looked at again."""
    level: list[JsonValue] = [document]
    count = depth = 0
    has_empty = False
    while level:
        following: list[JsonValue] = []
        for value in level:
            if isinstance(value, dict):
                following.extend(value.values())
            elif isinstance(value, list):
                following.extend(value)
                has_empty = has_empty or not value
            elif value is None:
                has_empty = True
        count += len(following)
        depth += 1
        if count > MAX_VALUES or depth > MAX_DEPTH * 4:
            return None
        level = following
    return _Measure(has_empty)


def _check_empty_values(document: JsonValue, known: set[str], source: str) -> list[ShapeProblem]:
    """Nulls and empty lists anywhere, also in members that no table knows."""
    problems: list[ShapeProblem] = []
    waiting: list[tuple[JsonValue, str]] = [(document, "")]
    while waiting and len(problems) < MAX_PROBLEMS:
        value, path = waiting.pop()
        if (value is None or value == []) and path not in known:
            message = say("This is empty. What is empty must be left out.")
            problems.append(ShapeProblem(path, message, Severity.WARNING, source))
        elif isinstance(value, dict):
            waiting.extend((child, join_path(path, name)) for name, child in value.items())
        elif isinstance(value, list):
            waiting.extend((child, join_path(path, position)) for position, child in enumerate(value))
    return problems
