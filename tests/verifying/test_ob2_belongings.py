"""Extensions, pictures and the criteria's page of Open Badges 2.0 badges."""

from __future__ import annotations

from typing import Any

import pytest

from badges.standards.fetching import FetchedDocument
from badges.verifying.checks.ob2_extensions import MOST_EXTENSIONS
from badges.verifying.report import CheckName, Verdict
from badges.vocab.json import JsonObject
from tests.verifying.making import World, outcomes
from tests.verifying.test_intake import SVG, png
from tests.verifying.test_ob2 import ASSERTION, CLASS, CONTEXT, HOST, assertion, badge_class, check, jws, signed
from tests.verifying.test_ob2 import world as world  # the fixture

FOLDER = "https://w3id.org/openbadges/extensions"
X_CONTEXT, X_SCHEMA = "https://x.example/context.json", "https://x.example/schema.json"
APPLY = {
    "@context": f"{FOLDER}/applyLinkExtension/context.json",
    "type": ["Extension", "extensions:ApplyLink"],
    "url": "https://library.example/apply",
}
OWN: JsonObject = {"@context": X_CONTEXT, "type": ["Extension", "https://x.example/X"], "size": 3}


def judge(world: World, badge: JsonObject) -> str:
    world.put(ASSERTION, badge)
    return outcomes(check(world, badge))["shape"]


def own_context(**changes: Any) -> JsonObject:
    validation = [{"validatesType": "https://x.example/X", "validationSchema": X_SCHEMA}]
    return {"@context": {"size": "https://x.example/size"}, "validation": validation, **changes}


def test_a_known_extension_is_checked_without_asking(world: World) -> None:
    assert judge(world, assertion(**{"extensions:apply": APPLY})) == "passed"
    assert judge(world, assertion(**{"extensions:apply": {**APPLY, "url": 7}})) == "failed"
    assert not any(url.startswith(FOLDER) for url in world.asked)
    world.put(CLASS, {**badge_class(), "extensions:apply": {**APPLY, "url": 7}})
    assert judge(world, assertion()) == "failed"
    assert outcomes(check(world, jws()))["shape"] == "failed"


def test_an_unknown_extension_is_checked_by_the_schema_that_its_context_states(world: World) -> None:
    badge = assertion(**{"extensions:x": OWN})
    assert judge(world, badge) == "warning"
    world.put(X_CONTEXT, own_context())
    assert judge(world, badge) == "warning"
    world.put(X_SCHEMA, {"properties": {"size": {"type": "integer"}}, "required": ["size"]})
    assert judge(world, badge) == "passed"
    assert judge(world, assertion(**{"extensions:x": {**OWN, "size": "big"}})) == "failed"
    world.put(X_SCHEMA, {"properties": {"size": {"pattern": "(a+)+$"}}})
    assert judge(world, badge) == "warning"
    world.put(X_CONTEXT, own_context(validation=[]))
    assert judge(world, badge) == "warning"


@pytest.mark.parametrize(
    "extension", [{"type": "Extension"}, {**OWN, "@context": {"a": "https://a.example/"}}, {**OWN, "type": "Extension"}]
)
def test_an_extension_without_context_or_type_is_a_fault(world: World, extension: JsonObject) -> None:
    assert judge(world, assertion(**{"extensions:x": extension})) == "failed"


def test_many_extensions_are_not_all_looked_at_and_that_is_said(world: World) -> None:
    few = {f"extensions:{number}": APPLY for number in range(MOST_EXTENSIONS)}
    assert judge(world, assertion(**few)) == "passed"
    assert judge(world, assertion(**few, more=APPLY)) == "warning"


@pytest.mark.parametrize(
    ("body", "code", "outcome"),
    [
        (png(), 200, "passed"),
        (SVG.encode(), 200, "passed"),
        (b"GIF89a", 200, "warning"),
        (b"<html></html>", 200, "warning"),
        (png(), 404, "warning"),
        (png(), 410, "warning"),
    ],
    ids=["png", "svg", "gif", "page", "unknown", "gone"],
)
def test_a_picture_that_is_none_is_noticed(world: World, body: bytes, code: int, outcome: str) -> None:
    for url in (f"{HOST}/1.png", f"{HOST}/a.png"):
        world.documents[url] = FetchedDocument(url, code, "image/png", body)
        badge = assertion(image={"id": f"{HOST}/a.png"})
        world.put(ASSERTION, badge)
        report = check(world, badge)
        assert (report.verdict, outcomes(report)["shape"]) == (Verdict.VALID, outcome)
        del world.documents[url]


def test_a_picture_that_cannot_be_asked_for_says_nothing(world: World) -> None:
    report = check(world, assertion())
    assert outcomes(report)["shape"] == "passed"
    assert f"{HOST}/1.png" in [document.url for document in report.documents]


@pytest.mark.parametrize(("code", "outcome"), [(200, "passed"), (403, "passed"), (404, "warning"), (410, "warning")])
def test_criteria_that_are_gone_are_noticed(world: World, code: int, outcome: str) -> None:
    world.put(CLASS, {**badge_class(), "criteria": f"{HOST}/criteria"})
    world.put(f"{HOST}/criteria", "<html></html>", code)
    assert judge(world, assertion()) == outcome


def test_pictures_come_last_among_the_documents(world: World) -> None:
    """They never use up the number of documents that a badge may ask for."""
    report = check(world, jws(signed(image=f"{HOST}/a.png")))
    asked = [document.url for document in report.documents]
    assert asked[-2:] == [f"{HOST}/1.png", f"{HOST}/a.png"]


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"@context": [CONTEXT, "https://x.example/unknown"]}, "warning"),
        ({"@context": [CONTEXT, {"a": {"@type": 7}}]}, "failed"),
        ({"snood": "a very fun video game"}, "passed"),
        ({"evidence": {"id": "_:b1", "narrative": "Did it."}}, "passed"),
        ({"evidence": {"@id": 7}}, "failed"),
    ],
)
def test_a_document_is_json_ld(world: World, changes: JsonObject, outcome: str) -> None:
    assert judge(world, assertion(**changes)) == outcome
    report = check(world, jws(signed(**changes)))
    assert report.check(CheckName.SHAPE).outcome.value == outcome
