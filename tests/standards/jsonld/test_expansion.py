"""Safe mode: whatever would vanish is named, never dropped."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld

from badges.errors import BadgesError, RefusedError
from badges.standards.jsonld.bounds import ContextShapeError, UnsafeNumberError
from badges.standards.jsonld.canonical import canonical_nquads
from badges.standards.jsonld.contexts import UnknownContextError, bundled_context
from badges.standards.jsonld.expansion import ExpansionError, UndefinedTermError, expand_safely
from badges.vocab.json import JsonObject
from tests.standards.local_signer import credential

Path = tuple[str | int, ...]


def with_member(path: Path, name: str, value: object) -> JsonObject:
    document = credential()
    place: Any = document
    for step in path:
        place = place[step]
    place[name] = value
    return document


def by_pyld(document: JsonObject) -> str:
    def load(url: str, _options: object) -> dict[str, Any]:
        return {"contextUrl": None, "documentUrl": url, "document": bundled_context(url)}

    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
    text: str = jsonld.normalize(copy.deepcopy(document), options)
    return text


def test_expands_a_badge_without_changing_it() -> None:
    document = credential()
    (expanded,) = expand_safely(document)
    assert expanded["@id"] == document["id"]
    assert document == credential()
    assert canonical_nquads(document) == by_pyld(document)


SUBJECT: Path = ("credentialSubject",)
ACHIEVEMENT: Path = ("credentialSubject", "achievement")


@pytest.mark.parametrize(
    ("path", "name", "value", "term"),
    [
        ((), "grade", "A*", "grade"),
        (ACHIEVEMENT, "courseUrl", "https://x.org/", "courseUrl"),
        (ACHIEVEMENT, "criteria", {"narrative": "x", "secret": 1}, "secret"),
        ((), "type", ["VerifiableCredential", "MadeUpType"], "MadeUpType"),
        (SUBJECT, "type", ["AchievementSubject", "Also"], "Also"),
        (SUBJECT, "id", "relative", "relative"),
        (SUBJECT, "id", "/path", "/path"),
        (SUBJECT, "id", "", ""),
        ((), "id", "a:b c", "a:b c"),
        ((), "id", "urn:x:<y>", "urn:x:<y>"),
        ((), "id", "urn:x:1\n", "urn:x:1\n"),
        ((), "issuer", "no-address", "no-address"),
        ((), "@reserved", "x", "@reserved"),
        ((), "@index", "x", "@index"),
        ((), "@preserve", {"id": "urn:x:1"}, "@preserve"),
        ((), "_:blank", "x", "_:blank"),
        ((), "name", {"@value": "Hi", "@language": "not a tag"}, "not a tag"),
        ((), "name", {"@value": None}, "name"),
        ((), "name", {"@language": "cy"}, "name"),
    ],
)
def test_names_what_would_be_dropped(path: Path, name: str, value: object, term: str) -> None:
    with pytest.raises(UndefinedTermError) as caught:
        expand_safely(with_member(path, name, value))
    assert caught.value.term == term
    assert str(caught.value)


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        (SUBJECT, "id", None),
        (SUBJECT, "id", "@reserved"),
        (SUBJECT, "id", ["urn:x:1", "urn:x:2"]),
        ((), "type", None),
        ((), "type", [None]),
        ((), "type", 5),
        ((), "name", {"@value": "x", "@type": "nonsense"}),
        ((), "name", {"@value": "x", "@direction": "up"}),
        ((), "name", {"@value": "x", "@direction": 5}),
        ((), "@direction", "ltr"),
        ((), "@graph", "text"),
        ((), "@reverse", "text"),
        ((), "@included", ["text"]),
    ],
)
def test_refuses_what_is_no_json_ld(path: Path, name: str, value: object) -> None:
    with pytest.raises(BadgesError):
        expand_safely(with_member(path, name, value))


def test_leaves_out_members_that_are_null_when_they_are_defined() -> None:
    assert canonical_nquads(with_member((), "name", None)) == canonical_nquads(credential())


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ((), "name", {"@value": "Da iawn", "@language": "cy-GB"}),
        (ACHIEVEMENT, "tag", ["b", "a", "b"]),
        (ACHIEVEMENT, "creditsAvailable", 5),
        (ACHIEVEMENT, "creditsAvailable", 5.5),
        (ACHIEVEMENT, "creditsAvailable", 1e-7),
        (ACHIEVEMENT, "criteria", {}),
        (ACHIEVEMENT, "https://example.org/own", [True, False, 0, -1.25, 12345678]),
        (SUBJECT, "id", "_:someone"),
        ((), "evidence", [{"type": ["Evidence"], "narrative": "x"}] * 2),
        ((), "name", 'control \x01\x7f, tab \t, quote " and \\'),
    ],
)
def test_agrees_with_pyld(path: Path, name: str, value: object) -> None:
    document = with_member(path, name, value)
    assert canonical_nquads(document) == by_pyld(document).replace("\x01\x7f", "\\u0001\\u007F")


def test_lists_graphs_inclusions_and_reversals_agree_with_pyld() -> None:
    document: JsonObject = {
        "@context": {
            "@vocab": "https://v.example/",
            "list": {"@container": "@list"},
            "graph": {"@container": "@graph"},
            "json": {"@type": "@json"},
            "number": {"@type": "http://www.w3.org/2001/XMLSchema#double"},
            "partOf": {"@reverse": "has"},
        },
        "list": [[1, 2], [], ["x", {"@id": "urn:x:1", "list": [3]}]],
        "graph": [{"name": "inner", "@id": "_:g"}, {"partOf": {"@id": "_:g"}}],
        "json": {"b": [1.0, 1e-9, "x"], "a": None},
        "number": [1, "2.50", "many", 1e7],
        "partOf": [{"name": "whole"}],
        "@included": [{"@id": "urn:x:2", "@type": "Thing"}],
        "@reverse": {"knows": {"@id": "urn:x:3"}},
        "nested": {"@graph": [{"@id": "urn:x:4", "name": "named graph"}]},
    }
    assert canonical_nquads(document) == by_pyld(document)


@pytest.mark.parametrize("first", [True, False])
def test_names_a_context_that_is_not_bundled(first: bool) -> None:
    document = credential()
    target = document if first else document["credentialSubject"]["achievement"]
    target["@context"] = ["https://evil.example/context"]
    with pytest.raises(UnknownContextError) as caught:
        expand_safely(document)
    assert caught.value.url == "https://evil.example/context"


@pytest.mark.parametrize(
    "definition",
    ["https://evil.example/c", {"x": {"@id": "urn:x", "@context": "https://evil.example/c"}}],
)
def test_names_a_context_within_an_inline_one(definition: object) -> None:
    document = credential()
    document["@context"] = [*document["@context"], {"y": {"@id": "urn:y", "@context": definition}}]
    with pytest.raises(UnknownContextError):
        expand_safely(document)


def test_inline_definitions_define() -> None:
    document = with_member((), "grade", "A*")
    document["@context"].append({"grade": "https://example.org/grade"})
    assert '<https://example.org/grade> "A*"' in canonical_nquads(document)
    with pytest.raises(UndefinedTermError):
        expand_safely(with_member((), "grade", "A*"))


@pytest.mark.parametrize(
    "definitions",
    [
        {"@base": "https://evil.example/"},
        {"@import": "https://www.w3.org/ns/credentials/v2"},
        {"@context": {"x": "urn:x"}},
    ],
)
def test_refuses_inline_contexts_that_reach_further(definitions: JsonObject) -> None:
    document = credential()
    document["@context"].append(definitions)
    with pytest.raises(ContextShapeError):
        expand_safely(document)


@pytest.mark.parametrize("trick", ["@index", "@nest", "@type", "@id", None, "_:x"])
def test_inline_definitions_cannot_hide_a_member(trick: str | None) -> None:
    document = with_member((), "grade", "A*")
    document["@context"].append({"grade": trick})
    with pytest.raises(BadgesError):
        expand_safely(document)


@pytest.mark.parametrize("number", [2**53 + 1, -(2**53) - 1, 1e300, float("inf"), float("nan"), 10**400])
def test_refuses_numbers_that_programs_disagree_about(number: float) -> None:
    with pytest.raises(UnsafeNumberError):
        expand_safely(with_member(ACHIEVEMENT, "creditsAvailable", number))


def nested(depth: int) -> JsonObject:
    value: JsonObject = {"name": "x"}
    for _ in range(depth):
        value = {"related": [value]}
    return value


def test_refuses_what_is_too_deep_or_too_large() -> None:
    with pytest.raises(RefusedError):
        expand_safely(with_member(ACHIEVEMENT, "related", [nested(200)]))
    with pytest.raises(RefusedError):
        expand_safely(with_member(ACHIEVEMENT, "tag", ["x"] * 10_001))
    with pytest.raises(RefusedError):
        expand_safely(with_member(SUBJECT, "type", ["AchievementSubject", "Profile", "Achievement"] * 1000))
    with pytest.raises(RefusedError):
        expand_safely(with_member((), "name", "x" * (4 * 1024 * 1024 + 1)))
    with pytest.raises(RefusedError):
        expand_safely({"@context": ["https://www.w3.org/ns/credentials/v2"] * 101})
    with pytest.raises(RefusedError):
        expand_safely({"@context": {f"t{i}": f"urn:{i}" for i in range(300)}})


def test_memory_of_contexts_does_not_leak_between_documents() -> None:
    """The same words mean what each document's own contexts say, whatever was expanded before."""
    first: JsonObject = {"@context": {"@vocab": "urn:one:"}, "@type": "T", "p": "x"}
    second: JsonObject = {"@context": {"@vocab": "urn:two:"}, "@type": "T", "p": "x"}
    for document, word in ((first, "urn:one:"), (second, "urn:two:"), (first, "urn:one:")):
        assert f"<{word}p>" in canonical_nquads(document)
        assert canonical_nquads(credential()) == by_pyld(credential())


KEYWORDS = ("@id", "@type", "@value", "@list", "@graph", "@context", "@reverse", "@language", "@set", "@nest")
TERMS = ("id", "type", "name", "issuer", "credentialSubject", "achievement", "criteria", "proof", "nonsense")
OTHERS = ("@included", "@index", "@json", "@none", "https://www.w3.org/ns/credentials/v2", "urn:x:1", "_:b")


def test_memory_is_not_shared_with_other_sources_of_contexts() -> None:
    url = "https://w3id.org/security/multikey/v1"
    document: JsonObject = {"@context": url, "@type": "Multikey", "controller": "urn:x:1"}
    ours = canonical_nquads(document)

    def other_source(_url: str) -> JsonObject:
        return {"@context": {"Multikey": "urn:other:Multikey", "controller": "urn:other:controller"}}

    assert "urn:other:controller" in canonical_nquads(document, context_of=other_source)
    assert canonical_nquads(document) == ours


def test_says_that_an_index_is_not_covered() -> None:
    with pytest.raises(UndefinedTermError, match="no signature covers"):
        expand_safely(with_member((), "@index", "x"))


WORDS = st.sampled_from((*KEYWORDS, *TERMS, *OTHERS))
SCALARS = WORDS | st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=3)
HOSTILE = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(WORDS, HOSTILE, max_size=5), st.booleans())
def test_never_fails_in_another_way(members: JsonObject, with_context: bool) -> None:
    document = {**credential(), **members} if with_context else members
    try:
        canonical_nquads(document)
    except BadgesError:
        return


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(WORDS | st.sampled_from(["@vocab", "@base", "@protected", "@version"]), HOSTILE, max_size=4))
def test_hostile_inline_contexts_never_fail_in_another_way(definitions: JsonObject) -> None:
    document = credential()
    document["@context"].append(definitions)
    try:
        canonical_nquads(document)
    except BadgesError:
        return


@pytest.mark.parametrize("value", [False, 0, 1.5, {"@value": "x"}, {"@list": []}, [True]])
def test_a_value_that_belongs_to_nothing_is_refused(value: object) -> None:
    """In a graph of its own it would be dropped; it once ended in an exception. JSON-LD 1.1 API, 5.1.2, step 19."""
    for name in ("proof", "@graph", "@included"):
        with pytest.raises((UndefinedTermError, ExpansionError)):
            expand_safely({"@context": "https://www.w3.org/ns/credentials/v2", "id": "urn:x:1", name: value})
