"""Achievements and profiles of 3.0 handed in by themselves: well formed or not, no badges."""

from __future__ import annotations

from typing import Any

import pytest

from badges.verifying.report import CheckName, CredentialKind, Format, Outcome, Verdict
from badges.vocab.json import JsonObject
from tests.instances import BASE_URL, ORGANISATION, Bench
from tests.verifying.making import Library, credential

CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
PROFILE: JsonObject = {"id": "did:web:library.example", "type": ["Profile"], "name": "Anytown Library"}
ACHIEVEMENT: JsonObject = {
    "id": "https://library.example/achievements/1",
    "type": ["Achievement"],
    "name": "Search skills",
    "description": "Can find evidence.",
    "criteria": {"narrative": "Found evidence."},
}
WHO = "This describes who awards badges. It is not a badge that somebody was awarded."
WHAT = "This describes a badge. It is not a badge that somebody was awarded."


@pytest.mark.parametrize(("document", "said"), [(PROFILE, WHO), (ACHIEVEMENT, WHAT)])
@pytest.mark.parametrize("more", [{}, {"@context": CONTEXTS}, {"@context": CONTEXTS[1]}])
def test_sound_one_is_said_to_be_no_badge(document: JsonObject, said: str, more: JsonObject) -> None:
    report = Library().check({**document, **more})
    assert (report.verdict, report.format) == (Verdict.NOT_A_BADGE, Format.OB3_DESCRIPTION)
    assert report.kind is CredentialKind.DESCRIPTION
    assert str(report.check(CheckName.SHAPE).message) == said
    assert {check.outcome for check in report.checks} == {Outcome.WARNING, Outcome.SKIPPED}
    assert report.view is not None
    assert document["name"] in (report.view.name, report.view.issuer.name)


@pytest.mark.parametrize("document", [{**PROFILE, "id": None}, {**ACHIEVEMENT, "criteria": 7}])
def test_one_that_is_not_well_formed_is_invalid_and_still_named(document: JsonObject) -> None:
    report = Library().check(document)
    assert (report.verdict, report.format) == (Verdict.INVALID, Format.OB3_DESCRIPTION)
    assert "This describes" in str(report.check(CheckName.SHAPE).details[0])


@pytest.mark.parametrize(
    "changes",
    [
        {"type": ["VerifiableCredential", "OpenBadgeCredential", "Profile"]},
        {"type": ["Achievement"]},
        {"type": "Profile"},
    ],
)
def test_badge_that_calls_itself_one_is_judged_as_a_badge(changes: dict[str, Any]) -> None:
    assert Library().check(credential(**changes)).format is Format.OB3_EMBEDDED


def test_profile_of_2_0_stays_one() -> None:
    for more in ({"@context": "https://w3id.org/openbadges/v2"}, {"publicKey": "https://library.example/key"}):
        assert Library().check({**PROFILE, **more}).format is Format.OB2_DESCRIPTION


def test_our_own_addresses_say_what_they_are(bench: Bench) -> None:
    for path, said in (
        (f"/organisations/{ORGANISATION}", WHO),
        (f"/organisations/{ORGANISATION}.json", WHO),
        (f"/achievements/{ORGANISATION}/supporter/1", WHAT),
        (f"/achievements/{ORGANISATION}/supporter", WHAT),
    ):
        report = bench.verify(BASE_URL + path)
        assert (report.verdict, str(report.check(CheckName.SHAPE).message)) == (Verdict.NOT_A_BADGE, said)
