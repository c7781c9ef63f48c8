"""Strangers' JSON Schemas: draft 4 as far as it is applied, and bounded whatever it says."""

from __future__ import annotations

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badges.standards.json_schema import MOST_PROBLEMS, check_schema
from badges.vocab.json import JsonObject, JsonValue

PLACE: JsonObject = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 5},
        "at": {"$ref": "#/definitions/point"},
        "tags": {"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 1, "maxItems": 2},
        "size": {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 9}, {"type": "null"}]},
    },
    "required": ["name"],
    "additionalProperties": False,
    "definitions": {"point": {"type": "object", "required": ["x"], "properties": {"x": {"type": "number"}}}},
}


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ({"name": "a"}, True),
        ({"name": "a", "@context": "https://a.example/", "type": "X"}, True),  # JSON-LD's own members
        ({"name": "a", "at": {"x": 1.5}, "tags": ["a", "b"], "size": 3}, True),
        ({"name": "a", "size": None}, True),
        ({}, False),
        ([], False),
        ({"name": 7}, False),
        ({"name": ""}, False),
        ({"name": "abcdef"}, False),
        ({"name": "a", "at": {}}, False),
        ({"name": "a", "at": {"x": True}}, False),
        ({"name": "a", "tags": ["c"]}, False),
        ({"name": "a", "tags": []}, False),
        ({"name": "a", "tags": ["a", "a", "a"]}, False),
        ({"name": "a", "size": 10}, False),
        ({"name": "a", "size": -1}, False),
        ({"name": "a", "more": 1}, False),
    ],
)
def test_applies_the_words_of_draft_4(value: JsonValue, fits: bool) -> None:
    answer = check_schema(value, PLACE)
    assert (not answer.problems, answer.not_applied) == (fits, ())


@pytest.mark.parametrize(
    ("schema", "value", "fits"),
    [
        ({"oneOf": [{"type": "string"}, {"type": ["string", "null"]}]}, "a", False),
        ({"oneOf": [{"type": "string"}, {"type": ["string", "null"]}]}, None, True),
        ({"allOf": [{"type": "string"}, {"minLength": 2}]}, "a", False),
        ({"not": {"type": "string"}}, "a", False),
        ({"not": {"type": "string"}}, 1, True),
        ({"const": 1}, 2, False),
        (True, 2, True),
        (False, 2, False),
        ("nonsense", 2, True),
        ({"type": "charm"}, 2, False),
    ],
)
def test_combines_schemas(schema: JsonValue, value: JsonValue, fits: bool) -> None:
    assert (not check_schema(value, schema).problems) is fits


@pytest.mark.parametrize(
    ("schema", "word"),
    [
        ({"pattern": "(a+)+$"}, "pattern"),
        ({"$ref": "https://evil.example/schema"}, "$ref"),
        ({"$ref": "#/nowhere"}, "$ref"),
        ({"$ref": 7}, "$ref"),
        ({"items": [{"type": "string"}]}, "items"),
        ({"patternProperties": {}}, "patternProperties"),
        ({"$ref": "#"}, "size"),
        ({"anyOf": [{"$ref": "#"}, {"$ref": "#"}]}, "size"),
    ],
)
def test_names_what_it_does_not_apply(schema: JsonObject, word: str) -> None:
    answer = check_schema(["a" * 40 + "!"], schema)
    assert (answer.problems, answer.not_applied) == ((), (word,))


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ([0] * 3_000, {"items": {"type": "string"}}),
        ([0], {"items": {"enum": [1] * 3_000}}),
        ([0] * 1_000, {"items": {"enum": [1] * 500}}),
        ([{}] * 1_000, {"items": {"properties": {str(number): {} for number in range(500)}}}),
    ],
)
def test_gives_up_where_it_would_take_long(value: JsonValue, schema: JsonObject) -> None:
    answer = check_schema(value, schema)
    assert (answer.problems, answer.not_applied) == ((), ("size",))


def test_lists_a_bounded_number_of_problems() -> None:
    assert len(check_schema([1] * 100, {"items": {"type": "string"}}).problems) == MOST_PROBLEMS


SCALARS = st.none() | st.booleans() | st.integers(-3, 12) | st.sampled_from(["", "a", "b", "abcdef"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("nst"), inner, max_size=3),
    max_leaves=6,
)
TYPE_NAMES = st.sampled_from(["object", "array", "string", "boolean", "null", "number", "integer"])
SCHEMAS = st.recursive(
    st.fixed_dictionaries(
        {},
        optional={
            "type": TYPE_NAMES,
            "minimum": st.integers(-3, 12),
            "maxLength": st.integers(0, 4),
            "minItems": st.integers(0, 3),
            "required": st.lists(st.sampled_from("nst"), min_size=1, max_size=2, unique=True),
            "enum": st.lists(SCALARS, min_size=1, max_size=3, unique_by=repr),
        },
    ),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(st.sampled_from("nst"), inner, max_size=3),
            "items": inner,
            "additionalProperties": st.booleans() | inner,
            "anyOf": st.lists(inner, min_size=1, max_size=2),
            "oneOf": st.lists(inner, min_size=1, max_size=2),
            "allOf": st.lists(inner, min_size=1, max_size=2),
            "not": inner,
        },
    ),
    max_leaves=8,
)


@settings(max_examples=300)
@given(VALUES, SCHEMAS)
def test_agrees_with_another_implementation(value: JsonValue, schema: JsonObject) -> None:
    answer = check_schema(value, {"$schema": "http://json-schema.org/draft-04/schema#", **schema})
    assert answer.not_applied == ()
    assert (not answer.problems) is jsonschema_rs.Draft4Validator(schema).is_valid(value)


@given(VALUES, st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from(["$ref", "type", "items", "properties", "required", "enum", "oneOf", "not", "minimum", "x"]), inner
)))  # fmt: skip
def test_never_raises(value: JsonValue, schema: JsonValue) -> None:
    check_schema(value, schema)
