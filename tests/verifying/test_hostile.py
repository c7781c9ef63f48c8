"""Badges that were made to break the verifier: each gives a report, in bounded time, and none is valid."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from badges.standards.json_text import write_json
from badges.verifying.pipeline import verify
from badges.verifying.report import Report, Verdict
from badges.verifying.report_document import report_document
from badges.vocab.json import JsonObject, JsonValue
from tests.verifying.making import AT, DID_URL, EMAIL, JWKS_URL, KEY_URL, LIST_URL, Library, World, entry
from tests.verifying.test_intake import png
from tests.verifying.test_ob2 import (
    ASSERTION,
    CLASS,
    ISSUER,
    KEY,
    LIST,
    assertion,
    badge_class,
    issuer,
    jws,
    key,
)

LIBRARY = Library()
LIBRARY.world.put(ASSERTION, assertion())
LIBRARY.world.put(CLASS, badge_class())
LIBRARY.world.put(ISSUER, issuer(revocationList=LIST))
LIBRARY.world.put(KEY, key())
LIBRARY.world.put(LIST, {"@context": "https://w3id.org/openbadges/v2", "revokedAssertions": ["urn:uuid:1"]})
EMBEDDED = LIBRARY.embedded(credentialStatus=entry())
JWT = LIBRARY.jwt(credentialStatus=entry())
BOUNDED = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(["did:web:library.example", "did:key:z6Mk", "https://[::1", "urn:x", "@id", "z6Mk", "a.b.c"]),
    st.sampled_from([[], {}, [[]], [{}], [None], {"id": []}, {"type": {}}, {"@context": 7}, {"keys": [7]}]),
)


def places(value: JsonValue, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document as the path to it."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield from places(inner, (*path, name))


def change(document: JsonObject, path: tuple[Any, ...], value: JsonValue) -> JsonObject:
    changed = copy.deepcopy(document)
    owner: Any = changed
    for name in path[:-1]:
        owner = owner[name]
    owner[path[-1]] = value
    return changed


def remove(document: JsonObject, path: tuple[Any, ...]) -> JsonObject:
    changed = copy.deepcopy(document)
    owner: Any = changed
    for name in path[:-1]:
        owner = owner[name]
    del owner[path[-1]]
    return changed


def check(badge: JsonObject | str | bytes, world: World | None = None) -> Report:
    data = json.dumps(badge) if isinstance(badge, dict) else badge
    report = verify(data, fetcher=world or LIBRARY.world, at=AT, email=EMAIL)
    json.dumps(report_document(report))
    return report


def test_the_starting_points_are_valid() -> None:
    for badge in (EMBEDDED, JWT, assertion(), jws()):
        assert check(badge).verdict is Verdict.VALID


@BOUNDED
@given(st.data())
def test_one_changed_value_is_never_valid(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(list(places(EMBEDDED))))
    changed = change(EMBEDDED, path, data.draw(ODD))
    assume(not is_same_for_json_ld(changed))
    assert check(changed).verdict is not Verdict.VALID


@pytest.mark.parametrize("path", list(places(EMBEDDED)), ids=str)
def test_one_missing_member_is_never_valid(path: tuple[Any, ...]) -> None:
    assert check(remove(EMBEDDED, path)).verdict is not Verdict.VALID


@BOUNDED
@given(st.data())
def test_one_added_member_is_never_valid(data: st.DataObject) -> None:
    owners = [path for path in places(EMBEDDED) if isinstance(at_place(EMBEDDED, path), dict)]
    path = (*data.draw(st.sampled_from([(), *owners])), data.draw(st.text(min_size=1, max_size=12)))
    value = data.draw(ODD)
    assume(path[-1] not in at_place(EMBEDDED, path[:-1]))
    assert check(change(EMBEDDED, path, value)).verdict is not Verdict.VALID


def at_place(document: JsonValue, path: tuple[Any, ...]) -> JsonValue:
    for name in path:
        document = document[name]
    return document


def is_same_for_json_ld(changed: JsonObject) -> bool:
    """The signature sees no difference: a set in another spelling, or the very same value."""
    return changed == EMBEDDED or any(
        change(EMBEDDED, path, [at_place(EMBEDDED, path)]) == changed for path in places(EMBEDDED)
    )


@BOUNDED
@given(st.integers(0, len(JWT) - 1), st.characters(codec="ascii"))
def test_one_changed_letter_of_a_token_is_never_valid(position: int, letter: str) -> None:
    assume(JWT[position] != letter)
    changed = JWT[:position] + letter + JWT[position + 1 :]
    assume(changed.strip() != JWT)
    assert check(changed).verdict is not Verdict.VALID


@BOUNDED
@given(st.integers(0, 10_000), st.binary(max_size=4))
def test_bytes_out_of_place_never_break_anything(position: int, inserted: bytes) -> None:
    for text in (write_json(EMBEDDED), write_json(assertion()), jws()):
        data = text.encode()
        place = position % len(data)
        check(data[:place] + inserted + data[place + 1 :])


@BOUNDED
@given(st.binary(max_size=200))
def test_any_bytes_give_a_report(data: bytes) -> None:
    for start in (
        b"",
        b"{",
        b"\x89PNG\r\n\x1a\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'>",
        png()[:41],
        b"eyJ.e30.",
    ):
        assert check(start + data).verdict is not Verdict.VALID


@BOUNDED
@given(st.data())
def test_odd_open_badges_2_give_a_report(data: st.DataObject) -> None:
    document = data.draw(st.sampled_from([assertion(), assertion(badge={**badge_class(), "issuer": issuer()})]))
    changed = change(document, data.draw(st.sampled_from(list(places(document)))), data.draw(ODD))
    check(changed)
    check(jws(changed))


@BOUNDED
@given(st.data())
def test_odd_documents_elsewhere_give_a_report(data: st.DataObject) -> None:
    """Whatever the issuer's host answers: its documents come from strangers too."""
    url = data.draw(st.sampled_from([DID_URL, LIST_URL, KEY_URL, JWKS_URL, CLASS, ISSUER, KEY, LIST]))
    document = json.loads(LIBRARY.world.documents[url].body)
    world = World(dict(LIBRARY.world.documents))
    world.put(url, change(document, data.draw(st.sampled_from(list(places(document)))), data.draw(ODD)))
    for badge in (EMBEDDED, JWT, assertion(), jws()):
        check(badge, world)


def test_a_poison_graph_is_refused() -> None:
    """Unnamed things that all look alike take forever to tell apart (RDFC-1.0, 7.1 "Dataset Poisoning")."""
    badge = copy.deepcopy(EMBEDDED)
    evidence = [{"type": ["Evidence"], "name": "same"} for _ in range(400)]
    badge["evidence"] = evidence
    assert check(badge).verdict is Verdict.INVALID


@pytest.mark.parametrize(
    "badge",
    [
        {**EMBEDDED, "evidence": [{"type": ["Evidence"], "id": f"urn:x:{number}"} for number in range(50_000)]},
        {**EMBEDDED, "name": "x" * 3_000_000},
        {**EMBEDDED, "proof": EMBEDDED["proof"] * 5_000},
        {**EMBEDDED, "@context": EMBEDDED["@context"] * 5_000},
        {**EMBEDDED, "credentialStatus": [entry(number) for number in range(5_000)]},
        {**EMBEDDED, "number": 2**70},
    ],
    ids=["evidence", "text", "proofs", "contexts", "statuses", "number"],
)
def test_a_huge_badge_is_refused(badge: JsonObject) -> None:
    assert check(badge).verdict is not Verdict.VALID or len(badge["proof"]) > 1


def test_a_badge_cannot_make_us_fetch_without_end() -> None:
    world = World()
    badge = copy.deepcopy(EMBEDDED)
    for number in range(100):
        proof = {**EMBEDDED["proof"][0], "verificationMethod": f"https://host{number}.example/key"}
        badge["proof"].insert(0, proof)
    badge["credentialStatus"] = [entry(1, f"https://host{number}.example/list") for number in range(100)]
    check(badge, world)
    assert len(world.asked) <= 24
