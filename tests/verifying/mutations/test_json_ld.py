"""Rewritings that a graph does not see: other names, other places, other contexts for what a proof covers.

Every one is tried on badges that are expired, withdrawn, suspended, too early or signed by somebody else. Whoever
holds such a badge may write it in any of these ways without a key; none of them may make it valid.
"""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Callable
from typing import Any, Final, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badges.standards.jsonld.contexts import CONTEXT_FILES, CREDENTIALS_V1, CREDENTIALS_V2
from badges.standards.proofs.embedded import suite_of
from badges.verifying.report import Outcome, Verdict
from badges.vocab.json import JsonObject, JsonValue
from tests.verifying.mutations.changes import at_place, objects
from tests.verifying.mutations.forms import BADGE_ID, LIBRARY, check, json_forms, unsound_forms
from tests.verifying.mutations.judging import hold

CREDENTIALS: Final = "https://www.w3.org/2018/credentials#"
DATE_TIME: Final = "http://www.w3.org/2001/XMLSchema#dateTime"
HIDDEN: Final = ("validUntil", "validFrom", "credentialStatus", "issuer", "credentialSubject")
each_unsound_form = pytest.mark.parametrize("form", unsound_forms(), ids=lambda form: form.name)
Rewrite: TypeAlias = Callable[[JsonObject, st.DataObject], None]


def owner_in(document: JsonObject, data: st.DataObject) -> JsonObject:
    """Some object of a document, outside contexts and proofs."""
    paths = [path for path in objects(document) if "@context" not in path and "proof" not in path]
    found: JsonObject = at_place(document, data.draw(st.sampled_from(paths)))
    return found


def member_of(owner: JsonObject, data: st.DataObject) -> str:
    return data.draw(st.sampled_from([name for name in owner if name not in {"@context", "proof"}] or ["x"]))


def in_a_list(document: JsonObject, data: st.DataObject) -> None:
    owner = owner_in(document, data)
    name = member_of(owner, data)
    owner[name] = data.draw(st.sampled_from([[owner.get(name)], [owner.get(name)] * 2, {"@set": [owner.get(name)]}]))


def as_value(document: JsonObject, data: st.DataObject) -> None:
    owner = owner_in(document, data)
    name = member_of(owner, data)
    more = data.draw(st.sampled_from([{}, {"@type": DATE_TIME}, {"@language": "en"}]))
    owner[name] = {"@value": owner.get(name), **more}


def as_reference(document: JsonObject, data: st.DataObject) -> None:
    owner = owner_in(document, data)
    name = member_of(owner, data)
    if isinstance(owner.get(name), str):
        owner[name] = {data.draw(st.sampled_from(["id", "@id"])): owner[name]}


def by_whole_name(document: JsonObject, data: st.DataObject) -> None:
    owner = owner_in(document, data)
    name = member_of(owner, data)
    start = data.draw(
        st.sampled_from(
            [CREDENTIALS, "cred:", "https://schema.org/", "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"]
        )
    )
    if name in owner:
        owner[start + name] = owner.pop(name)


def by_keyword(document: JsonObject, data: st.DataObject) -> None:
    owner = owner_in(document, data)
    for name in ("id", "type"):
        if name in owner and data.draw(st.booleans()):
            owner["@" + name] = owner.pop(name)


def by_own_name(document: JsonObject, data: st.DataObject) -> None:
    owner = owner_in(document, data)
    name = member_of(owner, data)
    meaning = data.draw(st.sampled_from([CREDENTIALS + name, "@id", "@type", "@nest", "@graph", "@included", None]))
    context = {"own": data.draw(st.sampled_from([meaning, {"@id": meaning, "@type": "@id"}, {"@id": meaning}]))}
    place = data.draw(st.sampled_from([document, owner]))
    contexts = place.get("@context", [])
    place["@context"] = [*(contexts if isinstance(contexts, list) else [contexts]), context]
    if name in owner:
        owner["own"] = owner.pop(name)


def by_whole_type(document: JsonObject, data: st.DataObject) -> None:
    owner = owner_in(document, data)
    start = data.draw(
        st.sampled_from(
            [
                CREDENTIALS,
                "https://purl.imsglobal.org/spec/vc/ob/vocab.html#",
                "https://www.w3.org/ns/credentials/status#",
            ]
        )
    )
    types = owner.get("type", [])
    owner["type"] = [f"{start}{each}" for each in (types if isinstance(types, list) else [types])]


def in_another_place(document: JsonObject, data: st.DataObject) -> None:
    """A member moves into another object, which gets the id and the types of the first one."""
    owner, other = owner_in(document, data), owner_in(document, data)
    name = member_of(owner, data)
    if other is owner or name not in owner:
        return
    if data.draw(st.booleans()) and "id" in owner:
        other["id"] = owner["id"]
    types, moved = copy.deepcopy((_list(owner.get("type")), owner[name]))
    del owner[name]
    other["type"] = [*_list(other.get("type")), *types]
    other[name] = moved


def in_a_wrapper(document: JsonObject, data: st.DataObject) -> None:
    owner = owner_in(document, data)
    name = member_of(owner, data)
    keyword = data.draw(st.sampled_from(["@included", "@graph", "@nest", "@reverse", "@set", "@list"]))
    if name in owner:
        moved = {**({"id": owner["id"]} if "id" in owner else {}), name: owner.pop(name)}
        owner[keyword] = data.draw(st.sampled_from([moved, [moved], {"own": moved}]))


def nothing_in_its_place(document: JsonObject, data: st.DataObject) -> None:
    owner = owner_in(document, data)
    owner[data.draw(st.sampled_from([*HIDDEN, "evidence", "endorsement"]))] = data.draw(
        st.sampled_from([None, [], [None], {"@value": None}, {"@set": []}, {"@list": []}, ""])
    )


def other_contexts(document: JsonObject, data: st.DataObject) -> None:
    contexts = list(_list(document["@context"]))
    act = data.draw(st.sampled_from(["turn", "twice", "add", "drop", "text"]))
    if act == "turn":
        contexts.reverse()
    elif act == "twice":
        contexts += contexts
    elif act == "add":
        contexts.insert(data.draw(st.integers(0, len(contexts))), data.draw(st.sampled_from(sorted(CONTEXT_FILES))))
    elif act == "drop":
        contexts.pop(data.draw(st.integers(0, len(contexts) - 1)))
    document["@context"] = contexts[0] if act == "text" or len(contexts) == 1 else contexts


def other_proof_options(document: JsonObject, data: st.DataObject) -> None:
    proof = copy.deepcopy(_list(document["proof"])[0])
    name = data.draw(
        st.sampled_from(["created", "expires", "proofPurpose", "verificationMethod", "cryptosuite", "type", "@context",
                         "domain", "challenge", "previousProof", "id", "nonce"])
    )  # fmt: skip
    proof[name] = data.draw(
        st.sampled_from([None, [], "x", document["@context"], CREDENTIALS_V2, "2030-01-01T00:00:00Z", "authentication",
                         "eddsa-jcs-2022", "urn:x:1", LIBRARY.method])
    )  # fmt: skip
    document["proof"] = data.draw(st.sampled_from([proof, [proof], [proof, *_list(document["proof"])]]))


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else [] if value is None else [value]


REWRITES: Final[list[Rewrite]] = [
    in_a_list,
    as_value,
    as_reference,
    by_whole_name,
    by_keyword,
    by_own_name,
    by_whole_type,
    in_another_place,
    in_a_wrapper,
    nothing_in_its_place,
    other_contexts,
    other_proof_options,
]


@each_unsound_form
@pytest.mark.parametrize("rewrite", REWRITES)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_no_rewriting_makes_an_unsound_badge_valid(form: Any, rewrite: Rewrite, data: st.DataObject) -> None:
    document = copy.deepcopy(form.document)
    rewrite(document, data)
    for _ in range(data.draw(st.integers(0, 2))):
        data.draw(st.sampled_from(REWRITES))(document, data)
    assert check(document).verdict is not Verdict.VALID


@pytest.mark.parametrize("form", [form for form in json_forms() if form.signs_graph][:4], ids=lambda form: form.name)
@pytest.mark.parametrize("rewrite", REWRITES)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_no_rewriting_makes_a_sound_badge_say_something_else(form: Any, rewrite: Rewrite, data: st.DataObject) -> None:
    document = copy.deepcopy(form.document)
    rewrite(document, data)
    if not (isinstance(document["proof"], list) and len(document["proof"]) > 1):
        hold(form, json.dumps(document).encode())


@each_unsound_form
def test_no_member_moved_to_any_other_object_makes_an_unsound_badge_valid(form: Any) -> None:
    """Every member of the badge and of its subject, in every other object, with the id and types of its owner."""
    for owner_path in ((), ("credentialSubject",), ("issuer",)):
        for name in at_place(form.document, owner_path):
            if name in {"@context", "id", "type"}:
                continue
            for path in objects(form.document):
                if "proof" in path or path[: len(owner_path) + 1] == (*owner_path, name) or path == owner_path:
                    continue
                document = copy.deepcopy(form.document)
                owner, other = at_place(document, owner_path), at_place(document, path)
                types = [*_list(other.get("type")), *_list(owner.get("type"))]
                other.update({"id": owner.get("id", other.get("id")), "type": types, name: owner.pop(name)})
                assert check(document).verdict is not Verdict.VALID, (owner_path, name, path)


@pytest.mark.parametrize("length", [1, 2])
def test_no_list_of_published_contexts_makes_a_badge_say_something_else(length: int) -> None:
    sound = json_forms()[0]
    for contexts in itertools.permutations(CONTEXT_FILES, length):
        hold(sound, json.dumps({**(sound.document or {}), "@context": list(contexts)}).encode())
        for form in unsound_forms()[:3]:
            assert check({**(form.document or {}), "@context": list(contexts)}).verdict is not Verdict.VALID


@pytest.mark.parametrize("first", [CREDENTIALS_V2, CREDENTIALS_V1])
def test_no_third_context_makes_a_badge_say_something_else(first: str) -> None:
    sound = json_forms()[0]
    for second, third in itertools.permutations(CONTEXT_FILES, 2):
        if "ob/v3p0" in second + third:
            hold(sound, json.dumps({**(sound.document or {}), "@context": [first, second, third]}).encode())


@pytest.mark.parametrize(
    "inline",
    [
        {"validUntil": None},
        {"validUntil": "@nest"},
        {"validUntil": "https://example.org/other"},
        {"name": "https://example.org/other"},
        {"@vocab": "https://example.org/"},
        {"@vocab": CREDENTIALS},
        {"@base": "https://example.org/"},
        {"@language": "en"},
        {"@direction": "rtl"},
        {"@propagate": False},
        {"@version": 1.1},
        {"@protected": True},
        {"@import": CREDENTIALS_V2},
        {"id": "@id", "type": "@type"},
        {"x": {"@reverse": CREDENTIALS + "issuer"}},
        {"x": {"@id": CREDENTIALS, "@prefix": True}},
        None,
        {},
        [],
        [[{}]],
        {"@context": {}},
        {"@context": CREDENTIALS_V2},
    ],
    ids=str,
)
@pytest.mark.parametrize("place", ["before", "after", "subject", "achievement", "alone"])
def test_a_definition_inside_the_badge(inline: Any, place: str) -> None:
    for form in (json_forms()[0], unsound_forms()[0]):
        document = copy.deepcopy(form.document)
        assert document is not None
        if place == "subject":
            document["credentialSubject"]["@context"] = inline
        elif place == "achievement":
            document["credentialSubject"]["achievement"]["@context"] = [inline]
        elif place == "alone":
            document["@context"] = inline
        else:
            contexts = document["@context"]
            document["@context"] = [inline, *contexts] if place == "before" else [*contexts, inline]
        report = hold(form, json.dumps(document).encode())
        assert report.verdict is not Verdict.VALID or inline in ([], {})


OTHER_IDS: Final = [
    "DID:web:library.example",
    "did:web:LIBRARY.example",
    "did:web:library.example.",
    "did:web:library.example:",
    "did:web:library.example%3A443",
    "did:web:library.example%3a443",
    "did:web:library%2Eexample",
    "did:web:library.example#",
    "did:web:library.example/",
    "did:web:library.example?x",
    "did:web:library.example:..",
    "did:web:library.example:%2e%2e",
    "did:web:library.example:.well-known",
    "did:web:library.example%00",
    "did:web:library.example%40evil.example",
    "did:web:evil.example%2Flibrary.example",
    "did:web:xn--lbrary-l2a.example",
    "did:web:l\u0131brary.example",
    "did:web:\u217cibrary.example",
    "did:web:[::1]",
    "did:web:127.0.0.1",
    "https://library.example",
    "https://library.example/",
    "https://library.example/.well-known/did.json",
    " did:web:library.example",
    "did:web:library.example ",
    "did:web:library.example\u200b",
]


@pytest.mark.parametrize("issuer_id", OTHER_IDS)
def test_an_issuer_of_nearly_the_same_name_is_somebody_else(issuer_id: str) -> None:
    """With a signature of the library's own: whether the other name is the library's, nothing says."""
    unsigned = {name: value for name, value in (json_forms()[0].document or {}).items() if name != "proof"}
    document = {**unsigned, "issuer": {**unsigned["issuer"], "id": issuer_id}}
    report = check({**document, "proof": (json_forms()[0].document or {})["proof"]})
    assert report.verdict is not Verdict.VALID
    try:
        own = _signed_anyway(document)
    except ValueError:
        return
    report = check(own)
    assert report.verdict is not Verdict.VALID
    method = issuer_id + "#" + LIBRARY.method.partition("#")[2]
    assert check({**own, "proof": {**own["proof"], "verificationMethod": method}}).verdict is not Verdict.VALID


def _signed_anyway(document: JsonObject) -> JsonObject:
    from tests.verifying.making import sign_json

    return sign_json(document, LIBRARY.ed25519, LIBRARY.method)


def test_the_badge_cannot_go_by_the_id_of_its_status_list_or_its_subject() -> None:
    document = json_forms()[0].document or {}
    for other in (
        document["credentialStatus"]["statusListCredential"],
        document["credentialSubject"]["id"],
        LIBRARY.did,
    ):
        assert check({**document, "id": other}).verdict is Verdict.INVALID
    swapped = {**document, "credentialStatus": {**document["credentialStatus"], "id": document["id"]}}
    assert check(swapped).verdict is Verdict.INVALID


@pytest.mark.parametrize("value", [False, True, 0, 1.5, "x", "", [1], [[{}]], {"@value": 1}, {"@list": [1]}, [None]])
@pytest.mark.parametrize("name", ["proof", "endorsement", "verifiableCredential", "evidence", "issuer"])
def test_no_value_in_the_place_of_a_thing_breaks_anything(name: str, value: JsonValue) -> None:
    """Found by these tests: false for the proof of a badge inside a record ended in an exception."""
    for form in json_forms()[:4]:
        for path in objects(form.document or {}):
            document = copy.deepcopy(form.document)
            assert document is not None
            at_place(document, path)[name] = value
            hold(form, json.dumps(document).encode())


def test_the_rewritings_do_what_they_are_for() -> None:
    """Without the look at the plain form the moved end date would not be missed: proof and dates both pass."""
    form = next(form for form in unsound_forms() if form.name == "endorsed and expired")
    document = copy.deepcopy(form.document)
    assert document is not None
    subject = document["endorsement"][0]["credentialSubject"]
    subject["type"] = ["EndorsementSubject", "VerifiableCredential"]
    subject["validUntil"] = document.pop("validUntil")
    proof = document["proof"][0]
    suite = suite_of(proof)
    assert suite is not None
    suite.verify(document, proof, LIBRARY.ed25519.public_key)
    report = check(document)
    assert report.verdict is Verdict.INVALID
    assert [each.outcome for each in report.checks if each.name == "validity"] == [Outcome.PASSED]
    assert subject["id"] == BADGE_ID
