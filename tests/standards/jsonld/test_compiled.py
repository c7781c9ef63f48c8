"""The compiled canonicaliser beside the full algorithm, PyLD and Oxigraph, on documents made to tell them apart."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from importlib import resources
from typing import Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyld import jsonld
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from badges.errors import BadgesError
from badges.standards.jsonld import contexts
from badges.standards.jsonld.canonical import canonical_nquads, canonical_nquads_in_full, check_meaning
from badges.standards.jsonld.compiled import (
    PLAIN_SCHEMES,
    CompiledForm,
    NotCompilableError,
    NotInFormError,
    UnsignedTextError,
    compile_form,
)
from badges.standards.jsonld.contexts import bundled_context
from badges.standards.jsonld.expansion import expand_safely
from badges.standards.jsonld.nquads import quad_line
from badges.standards.jsonld.rdf import quads_of
from badges.standards.jsonld.skeleton import ShapelessError, put_together, take_apart, text_paths
from badges.vocab.json import JsonObject

HOSTILE: Final = (
    'say "yes"',
    "back\\slash \\u0041 \\n",
    "tab\tline\nreturn\rform\f\b",
    "\x00\x01\x1f\x7f",
    "percent %s %d %% %(x)s {0} {}",
    "\u202eright to left\u2066",
    "\u2028\u2029\x85",
    "\ufffe\uffff\ufeff",
    "emoji 😀 and \uff5e",
    "_:c14n0",
    "<https://example.org/>",
    '"^^<http://www.w3.org/2001/XMLSchema#string>',
    "",
    " ",
    "urn:x-badges-gap:1:",
    "half \ud800",
)
ADDRESSES: Final = (
    "https://library.example/one",
    "https://library.example/two",
    "urn:uuid:7d0a9f52-8c34-4c1e-a3d5-0f5c1b8e2a10",
    "did:web:library.example#key-1",
    "https://library.example/caf\u00e9",
    "data:image/png;base64,AAAA",
)
ODD_ADDRESSES: Final = (
    "https://library.example/a b",
    "https://library.example/one\nhttps://library.example/two",
    "relative/path",
    "_:b0",
    "_:c14n0",
    "schema:name",
    "cred:VerifiableCredential",
    "ob:Achievement",
    "@type",
    "",
    "https://[::1/<x>",
    "urn:half\ud800",
    "HTTPS://LIBRARY.EXAMPLE/",
    "mailto:sam@library.example",
)
TEXTS = st.sampled_from(HOSTILE) | st.text(max_size=12)
WHOLE_TEXTS = st.sampled_from(HOSTILE[:-1]) | st.text(max_size=12)
GOOD_IDS = st.sampled_from(ADDRESSES) | st.uuids().map(lambda uuid: uuid.urn)
IDS = GOOD_IDS | st.sampled_from(ODD_ADDRESSES)
WORDS = st.sampled_from(["Badge", "Course", "ext:Mine", "AchievementCredential"])
IDENTITY_TYPES = st.sampled_from(["emailAddress", "name", "ext:x"])


def outcome(canonicalise: Any, document: JsonObject) -> str:
    """The canonical text, or the kind of error."""
    try:
        return str(canonicalise(copy.deepcopy(document)))
    except BadgesError as error:
        return f"{type(error).__name__}: {error}"


def by_pyld(document: JsonObject) -> str:
    def load(url: str, _options: object) -> dict[str, Any]:
        return {"contextUrl": None, "documentUrl": url, "document": bundled_context(url)}

    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
    return str(jsonld.normalize(copy.deepcopy(document), options))


def by_oxigraph(document: JsonObject) -> str:
    text = "".join(map(quad_line, quads_of(expand_safely(document))))
    dataset = Dataset(parse(text, RdfFormat.N_QUADS))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad} .\n" for quad in dataset))


@st.composite
def shapes(draw: st.DrawFn) -> list[JsonObject]:
    """Several documents of one shape: optional members, repeated ones, parts that may look alike.

    Most are such that a form can be filled in; in the others any text or address may be out of place.
    """
    is_wild = draw(st.integers(0, 4)) == 0
    ids, texts = (IDS, TEXTS) if is_wild else (GOOD_IDS, WHOLE_TEXTS)
    has = {
        name: draw(st.booleans())
        for name in ("until", "evidence", "alignment", "result", "tag", "creator", "status", "criteria_id", "endorsed")
    }
    identifiers, evidences, tags = (draw(st.integers(0, 3)) for _ in range(3))
    count = draw(st.integers(2, 4))

    def identity() -> JsonObject:
        return {
            "type": "IdentityObject",
            "hashed": True,
            "identityHash": draw(texts),
            "identityType": draw(IDENTITY_TYPES),
            "salt": draw(texts),
        }

    def document() -> JsonObject:
        achievement: JsonObject = {
            "id": draw(ids),
            "type": ["Achievement"],
            "name": draw(texts),
            "description": draw(texts),
            "achievementType": draw(WORDS),
            "criteria": {"narrative": draw(texts)},
        }
        if has["criteria_id"]:
            achievement["criteria"]["id"] = draw(ids)
        if has["alignment"]:
            achievement["alignment"] = [
                {"type": ["Alignment"], "targetName": draw(texts), "targetUrl": draw(ids)} for _ in range(2)
            ]
        if has["tag"]:
            achievement["tag"] = [draw(texts) for _ in range(tags + 1)]
        if has["creator"]:
            achievement["creator"] = {"id": draw(ids), "type": ["Profile"], "name": draw(texts)}
        made: JsonObject = {
            "@context": [
                "https://www.w3.org/ns/credentials/v2",
                "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            ],
            "id": draw(ids),
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": draw(texts),
            "issuer": {"id": draw(ids), "type": ["Profile"], "name": draw(texts)},
            "validFrom": "2026-12-01T09:00:00Z",
            "credentialSubject": {
                "type": ["AchievementSubject"],
                "identifier": [identity() for _ in range(identifiers)],
                "achievement": achievement,
            },
        }
        if has["until"]:
            made["validUntil"] = draw(texts)
        if has["evidence"]:
            made["evidence"] = [{"type": ["Evidence"], "narrative": draw(texts)} for _ in range(evidences)]
        if has["result"]:
            made["credentialSubject"]["result"] = [
                {"type": ["Result"], "value": draw(texts), "resultDescription": draw(ids)} for _ in range(2)
            ]
        if has["status"]:
            made["credentialStatus"] = {
                "id": draw(ids),
                "type": "BitstringStatusListEntry",
                "statusPurpose": "revocation",
                "statusListIndex": draw(texts),
                "statusListCredential": draw(ids),
            }
        if has["endorsed"]:
            made["endorsement"] = [
                {
                    "@context": made["@context"],
                    "id": draw(ids),
                    "type": ["VerifiableCredential", "EndorsementCredential"],
                    "issuer": {"id": draw(ids), "type": ["Profile"]},
                    "validFrom": "2026-12-01T09:00:00Z",
                    "credentialSubject": {"id": draw(ids), "type": ["EndorsementSubject"]},
                    "proof": [
                        {
                            "type": "DataIntegrityProof",
                            "cryptosuite": "eddsa-rdfc-2022",
                            "created": "2026-12-01T09:00:00Z",
                            "verificationMethod": draw(ids),
                            "proofPurpose": "assertionMethod",
                            "proofValue": draw(texts),
                        }
                    ],
                }
            ]
        return made

    return [document() for _ in range(count)]


@settings(max_examples=500, deadline=None)
@given(shapes())
def test_is_the_full_algorithm_to_the_byte_and_to_the_error(documents: list[JsonObject]) -> None:
    for document in documents:
        expected = outcome(canonical_nquads_in_full, document)
        assert outcome(canonical_nquads, document) == expected
        assert outcome(canonical_nquads, document) == expected


@settings(max_examples=250, deadline=None)
@given(shapes())
def test_is_what_two_other_implementations_write(documents: list[JsonObject]) -> None:
    for document in documents:
        try:
            ours = canonical_nquads(canonical_input := copy.deepcopy(document))
        except BadgesError:
            continue
        assert canonical_input == document
        assert ours == by_oxigraph(document)
        if not any(letter < " " or letter in "\x7f\ufffe\uffff" for letter in json.dumps(document, ensure_ascii=False)):
            # PyLD escapes control characters otherwise than RDFC-1.0 wants.
            has_controls = any(mark in json.dumps(document) for mark in ("\\u00", "\\t", "\\b", "\\f", "\\uff"))
            assert has_controls or ours == by_pyld(document)


@settings(max_examples=100, deadline=None)
@given(shapes())
def test_the_check_of_meaning_refuses_what_expansion_refuses(documents: list[JsonObject]) -> None:
    for document in documents * 2:
        assert outcome(check_meaning, document).partition(":")[0] in (
            "None",
            outcome(expand_safely, document).partition(":")[0],
        )
        if outcome(check_meaning, document) == "None":
            expand_safely(document)


def credential(**changes: Any) -> JsonObject:
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "https://library.example/1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": "did:web:library.example", "type": ["Profile"], "name": "Library"},
        "validFrom": "2026-12-01T09:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [{"type": "IdentityObject", "hashed": True, "identityHash": "a", "identityType": "name"}],
        },
        **changes,
    }


def compiled(document: JsonObject) -> tuple[CompiledForm, list[str]]:
    _, texts = take_apart(document)
    form, gaps = compile_form(document, texts, range(len(texts)))
    return form, [texts[gap] for gap in gaps]


def test_labels_follow_the_texts() -> None:
    """Two unnamed parts change their names when their texts change places: substitution alone would be wrong."""
    parts = [
        {"type": "IdentityObject", "hashed": True, "identityHash": text, "identityType": "name"} for text in ("a", "b")
    ]
    one = credential(credentialSubject={"type": ["AchievementSubject"], "identifier": parts})
    form, texts = compiled(one)
    seen = set()
    for first in "abcdefgh":
        changed = [first if text == "a" else text for text in texts]
        parts[0]["identityHash"] = first
        if first == "b":
            with pytest.raises(NotInFormError):
                form.canonical(changed)
            continue
        written = form.canonical(changed).decode()
        assert written == canonical_nquads_in_full(one)
        seen.add(written.index(f'"{first}"') < written.index('"b"'))
    assert seen == {True, False}


def tagged(*tags: str, achievement_id: str = "") -> JsonObject:
    achievement: JsonObject = {
        "type": ["Achievement"],
        "tag": list(tags),
        "name": "n",
        "description": "d",
        "criteria": {"narrative": "c"},
    }
    if achievement_id:
        achievement = {"id": achievement_id, **achievement}
    return credential(credentialSubject={"type": ["AchievementSubject"], "achievement": achievement})


def test_gives_up_where_two_statements_about_an_unnamed_thing_become_one() -> None:
    """Twice the same tag is one statement: it counts once in the hash of the thing that has no name."""
    form, texts = compiled(tagged("one", "two"))
    with pytest.raises(NotInFormError):
        form.canonical(["one" if text == "two" else text for text in texts])
    for _ in range(3):
        assert canonical_nquads(tagged("one", "one")) == canonical_nquads_in_full(tagged("one", "one"))


def test_says_once_what_is_said_twice_about_a_named_thing() -> None:
    form, texts = compiled(tagged("one", "two", achievement_id="https://library.example/class"))
    written = form.canonical(["one" if text == "two" else text for text in texts])
    assert written.decode() == canonical_nquads_in_full(
        tagged("one", "one", achievement_id="https://library.example/class")
    )


def test_refuses_to_compile_what_would_not_be_signed() -> None:
    document = credential(courseUrl="https://library.example/course")
    _, texts = take_apart(document)
    with pytest.raises(NotCompilableError):
        compile_form(document, texts, range(len(texts)))


def test_names_the_text_that_would_not_be_signed() -> None:
    """An empty graph states nothing, so its name would not be signed."""
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "https://library.example/alone",
        "@graph": [],
    }
    _, texts = take_apart(document)
    with pytest.raises(UnsignedTextError, match=r"library\.example/alone"):
        compile_form(document, texts, range(len(texts)))


def test_words_of_a_vocabulary_are_part_of_the_form() -> None:
    """A proof's purpose is read as a word: another word needs another form."""
    proof = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-12-01T09:00:00Z",
        "verificationMethod": "did:web:library.example#key-1",
        "proofPurpose": "assertionMethod",
    }
    _, texts = take_apart(proof)
    _, gaps = compile_form(proof, texts, range(len(texts)))
    missing = {texts[place] for place in range(len(texts)) if place not in gaps}
    assert missing == {"assertionMethod"}
    for purpose in ("assertionMethod", "authentication", "https://library.example/purpose", "assertionMethod", "odd"):
        proof["proofPurpose"] = purpose
        for _ in range(3):
            assert outcome(canonical_nquads, proof) == outcome(canonical_nquads_in_full, proof)


def test_a_document_that_defines_words_has_no_skeleton() -> None:
    with pytest.raises(ShapelessError):
        take_apart({"@context": ["https://www.w3.org/ns/credentials/v2", {"a": "urn:a"}], "a": "b"})


def test_differs_in_skeleton_where_anything_but_a_text_differs() -> None:
    base = {"a": [1, "x", None, True], "type": "T", "@context": "https://one.example/"}
    others: Iterator[JsonObject] = iter(
        [
            {**base, "a": [1.0, "x", None, True]},
            {**base, "a": [True, "x", None, True]},
            {**base, "a": [1, "x", None, False]},
            {**base, "a": [1, ["x"], None, True]},
            {**base, "a": [1, {"x": "x"}, None, True]},
            {**base, "type": ["T"]},
            {**base, "type": "U"},
            {**base, "@context": ["https://one.example/"]},
            {**base, "b": "x"},
            {"type": "T", "a": [1, "x", None, True], "@context": "https://one.example/"},
        ]
    )
    skeleton, texts = take_apart(base)
    assert texts == ["x"]
    assert take_apart({**base, "a": [1, "other", None, True]})[0] == skeleton
    for other in others:
        assert take_apart(other)[0] != skeleton, other


@given(shapes())
def test_a_document_put_together_again_is_the_same(documents: list[JsonObject]) -> None:
    for document in documents:
        _, texts = take_apart(document)
        assert put_together(document, texts) == document
        for path, text in zip(text_paths(document), texts, strict=True):
            place: Any = document
            for step in path:
                place = place[step]
            assert place == text


def test_no_bundled_context_defines_a_plain_scheme_as_a_term() -> None:
    """An address such as urn:… means itself only while no context makes "urn" a prefix."""

    def names(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for name, item in value.items():
                yield name
                yield from names(item)
        elif isinstance(value, list):
            for item in value:
                yield from names(item)

    for name in contexts.CONTEXT_FILES.values():
        data = json.loads(resources.files("badges.standards.jsonld").joinpath("data", name).read_bytes())
        assert not set(PLAIN_SCHEMES) & set(names(data)), name


@example(["https://library.example/a", "x" * 200_000])
@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_any_number_of_texts_is_refused_or_right(texts: list[str]) -> None:
    form, own = compiled(credential())
    if len(texts) != len(own):
        with pytest.raises(NotInFormError):
            form.canonical(texts)
