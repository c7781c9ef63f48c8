"""What the addresses in a badge answer comes from strangers too; and what a badge can make us ask, or work out."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badges.standards.fetching import FetchedDocument
from badges.verifying.report import Verdict
from badges.vocab.json import JsonObject
from tests.verifying import test_ob1, test_ob2
from tests.verifying.making import DID_URL, JWKS_URL, KEY_URL, LIST_URL, World, entry
from tests.verifying.mutations.changes import ODD, at_place, change, places, remove
from tests.verifying.mutations.forms import (
    ES256_KEY_URL,
    WORLD,
    check,
    hosted_forms,
    json_forms,
    token_forms,
    unsound_forms,
)
from tests.verifying.mutations.judging import assert_reason

SOME = settings(max_examples=60, deadline=None)
OURS: JsonObject = json_forms()[0].document or {}
DOCUMENTS = [DID_URL, LIST_URL, KEY_URL, JWKS_URL, ES256_KEY_URL, test_ob2.CLASS, test_ob2.ISSUER, test_ob2.KEY]
DOCUMENTS += [test_ob2.LIST, test_ob2.ASSERTION, test_ob1.ASSERTION, test_ob1.CLASS, test_ob1.ISSUER]
BADGES = [json_forms()[0], *token_forms(), *hosted_forms()]


def world_with(url: str, body: bytes) -> World:
    world = World(dict(WORLD.documents))
    world.documents[url] = FetchedDocument(url, 200, "application/json", body)
    return world


@SOME
@given(data=st.data())
def test_odd_documents_give_a_report_with_a_reason(data: st.DataObject) -> None:
    url = data.draw(st.sampled_from(DOCUMENTS))
    document = json.loads(WORLD.documents[url].body)
    path = data.draw(st.sampled_from(list(places(document))))
    changed = data.draw(st.sampled_from([change(document, path, data.draw(ODD)), remove(document, path)]))
    world = world_with(url, json.dumps(changed).encode("utf-8", "surrogatepass"))
    for form in BADGES:
        report = check(form.data, world)
        if report.verdict is not Verdict.VALID:
            assert_reason(report)


@SOME
@given(data=st.data())
def test_a_changed_list_or_key_never_makes_a_withdrawn_badge_valid(data: st.DataObject) -> None:
    """Whoever stands between us and the issuer's host can change everything, and sign nothing."""
    url = data.draw(st.sampled_from([DID_URL, LIST_URL]))
    body = WORLD.documents[url].body
    if data.draw(st.booleans()):
        document = json.loads(body)
        path = data.draw(st.sampled_from(list(places(document))))
        body = json.dumps(change(document, path, data.draw(ODD))).encode("utf-8", "surrogatepass")
    else:
        position = data.draw(st.integers(0, len(body) - 1))
        body = body[:position] + data.draw(st.binary(max_size=2)) + body[position + 1 :]
    assert check(withdrawn(), world_with(url, body)).verdict is not Verdict.VALID


def withdrawn() -> JsonObject:
    return next(form.document or {} for form in unsound_forms() if form.name == "withdrawn")


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"null", b"[]", b"{}", b"[" * 100_000, b'"x"', b"\x1f\x8b\x08", b"7"]
)
@pytest.mark.parametrize("url", DOCUMENTS)
def test_answers_that_are_no_documents(url: str, body: bytes) -> None:
    for form in BADGES:
        report = check(form.data, world_with(url, body))
        if report.verdict is not Verdict.VALID:
            assert_reason(report)
        elif url in {DID_URL, KEY_URL} and form is BADGES[0]:
            assert url == KEY_URL


def test_a_poison_graph_is_refused() -> None:
    """Unnamed things that all look alike take forever to tell apart (RDFC-1.0, 7.1 "Dataset Poisoning")."""
    linked: list[JsonObject] = [
        {
            "id": f"_:e{one}",
            "type": ["Evidence"],
            "related": [{"id": f"_:e{other}"} for other in range(14) if other != one],
        }
        for one in range(14)
    ]
    for evidence in ([{"type": ["Evidence"], "name": "same"} for _ in range(400)], linked):
        assert check({**OURS, "evidence": evidence}).verdict is Verdict.INVALID
    subject = copy.deepcopy(OURS["credentialSubject"])
    subject["achievement"]["related"] = [
        {"type": ["Related"], "inLanguage": "en", "version": "1"} for _ in range(1_000)
    ]
    assert check({**OURS, "credentialSubject": subject}).verdict is Verdict.INVALID


@pytest.mark.parametrize(
    "badge",
    [
        {**OURS, "evidence": [{"type": ["Evidence"], "id": f"urn:x:{number}"} for number in range(50_000)]},
        {**OURS, "name": "x" * 3_000_000},
        {**OURS, "name": "\x01" * 600_000},
        {**OURS, "proof": OURS["proof"] * 5_000},
        {**OURS, "@context": OURS["@context"] * 5_000},
        {**OURS, "credentialStatus": [entry(number) for number in range(5_000)]},
        {**OURS, "number": 2**70},
        {**OURS, **{f"k{number}": "v" for number in range(90_000)}},
    ],
    ids=["evidence", "text", "controls", "proofs", "contexts", "statuses", "number", "members"],
)
def test_a_huge_badge_is_refused(badge: JsonObject) -> None:
    report = check(badge)
    assert report.verdict is Verdict.INVALID
    assert_reason(report)


def test_a_badge_cannot_make_us_fetch_without_end() -> None:
    world = World()
    badge: Any = copy.deepcopy(OURS)
    for number in range(7):
        proof = {**OURS["proof"][0], "verificationMethod": f"https://host{number}.example/key"}
        badge["proof"].insert(0, proof)
    badge["credentialStatus"] = entry(1, "https://host.example/list")
    badge["endorsement"] = [
        {**badge, "id": f"urn:x:{number}", "refreshService": {"id": f"https://r{number}.example/"}}
        for number in range(30)
    ]
    check(badge, world)
    assert len(world.asked) <= 24
    records = [
        {**OURS, "id": f"urn:y:{number}", "credentialStatus": entry(1, f"https://l{number}.example/")}
        for number in range(40)
    ]
    whole = next(form.document or {} for form in json_forms() if form.name == "record")
    check({**whole, "credentialSubject": {**whole["credentialSubject"], "verifiableCredential": records}}, world)
    assert len(world.asked) <= 48


def test_a_changed_place_is_found_at_any_depth() -> None:
    """The tools of these tests do what they say."""
    path = ("credentialSubject", "achievement", "name")
    assert at_place(change(OURS, path, 1), path) == 1
    assert "name" not in remove(OURS, ("name",))
