"""What was reached with a badge: checked against the class, in the signed document and on the page."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from badges.errors import InvalidInputError
from badges.services.awards import Source
from badges.storage.records import AchievementVersionRecord, CredentialForm, OrganisationRecord
from badges.verifying.report import Verdict
from tests.instances import BASE_URL, ORGANISATION, Bench
from tests.web.browsing import PageClient

RESULTS = [
    {
        "slug": "depth",
        "name": "Depth of the search",
        "type": "RubricCriterionLevel",
        "levels": [
            {"slug": "basic", "name": "Basic"},
            {"slug": "deep", "name": "Deep", "description": "Many sources."},
        ],
    },
    {"slug": "mark", "name": "Mark", "type": "Percent", "value_min": "0", "value_max": "100"},
    {"slug": "letter", "name": "Letter", "type": "LetterGrade", "allowed_values": ["A", "B"]},
    {"slug": "state", "name": "State", "type": "Status"},
]
CLASS_URL = f"{BASE_URL}/achievements/{ORGANISATION}/supporter/1"
CREATOR = {"id": "https://campaign.example.org/", "name": "The campaign"}


@pytest.fixture
def rich(bench: Bench) -> Bench:
    """A service whose classes have results and a creator, and whose organisation is part of another."""
    with bench.service.database.write() as session:
        session.execute(
            update(AchievementVersionRecord).values(
                result_descriptions=RESULTS,
                creator=CREATOR,
                related=[{"id": f"{BASE_URL}/achievements/{ORGANISATION}/career-explorer/1"}],
                other_identifiers=[{"identifier": "S-1"}],
            )
        )
        session.execute(
            update(OrganisationRecord).values(
                parent={"id": "https://trust.example.org/", "name": "The trust"},
                other_identifiers=[{"identifier": "RX1", "identifier_type": "ext:ods"}],
            )
        )
    return bench


def credential(bench: Bench, **more: Any) -> dict[str, Any]:
    award = bench.award(**more)
    for form in CredentialForm:
        assert bench.verify(bench.form(award, form)).verdict is Verdict.VALID, form
    found: dict[str, Any] = json.loads(bench.form(award))
    return found


def test_every_kind_of_result_gets_into_the_badge(rich: Bench) -> None:
    given = {"depth": "deep", "mark": "87.5", "letter": "A", "state": "Completed"}
    document = credential(rich, results=given, source=Source("The college", "https://college.example.org/"))
    subject = document["credentialSubject"]
    assert subject["result"] == [
        {
            "type": ["Result"],
            "resultDescription": f"{CLASS_URL}#result-depth",
            "achievedLevel": f"{CLASS_URL}#result-depth-deep",
        },
        {"type": ["Result"], "resultDescription": f"{CLASS_URL}#result-mark", "value": "87.5"},
        {"type": ["Result"], "resultDescription": f"{CLASS_URL}#result-letter", "value": "A"},
        {"type": ["Result"], "resultDescription": f"{CLASS_URL}#result-state", "status": "Completed"},
    ]
    assert subject["source"]["id"] == "https://college.example.org/"
    assert subject["achievement"]["creator"]["name"] == "The campaign"
    assert document["issuer"]["parentOrg"]["name"] == "The trust"


def test_class_with_results_can_be_awarded_without_them(rich: Bench) -> None:
    assert "result" not in credential(rich)["credentialSubject"]


@pytest.mark.parametrize(
    "given",
    [
        {"width": "deep"},
        {"depth": "deeper"},
        {"depth": ""},
        {"mark": "101"},
        {"mark": "-1"},
        {"mark": "much"},
        {"mark": "NaN"},
        {"letter": "C"},
        {"state": "done"},
    ],
)
def test_result_that_the_class_does_not_have_is_refused(rich: Bench, given: dict[str, str]) -> None:
    before = rich.dump()
    with pytest.raises(InvalidInputError) as refusal:
        rich.award(results=given)
    assert refusal.value.field == "results"
    assert rich.dump() == before


def test_class_without_results_says_so(bench: Bench) -> None:
    with pytest.raises(InvalidInputError, match="It has: none"):
        bench.award(results={"depth": "deep"})


@pytest.mark.parametrize("source", [Source("", "https://e.org/"), Source("E", ""), Source("E", "javascript:x")])
def test_source_needs_a_name_and_an_address(bench: Bench, source: Source) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        bench.award(source=source)
    assert refusal.value.field == "source"


def test_end_may_be_another_than_that_of_the_class(bench: Bench) -> None:
    end = datetime(2027, 7, 31, 23, 59, 59, tzinfo=UTC)
    assert credential(bench, valid_until=end)["validUntil"] == "2027-07-31T23:59:59Z"
    with pytest.raises(InvalidInputError) as refusal:
        bench.award("evidence-searcher", valid_until=bench.clock.now - timedelta(days=1))
    assert refusal.value.field == "valid_until"


def test_page_says_what_was_reached_and_who_assessed_it(rich: Bench, client: PageClient) -> None:
    award = rich.award(
        results={"depth": "deep", "mark": "87.5"}, source=Source("The college", "https://college.example.org/")
    )
    text = client.page(f"/credentials/{award.id}").text
    for part in ("What was reached", "Depth of the search", "Deep", "87.5", "Assessed by The college"):
        assert part in text
