"""The JSON Schemas that a badge names itself. Source: Open Badges 3.0, "CredentialSchema"."""

from __future__ import annotations

from typing import Any

from badges.verifying.report import CheckName, Outcome, Report, Verdict
from badges.vocab.json import JsonObject
from tests.verifying.making import Library

URL = "https://library.example/rules.json"
TYPE = "1EdTechJsonSchemaValidator2019"
OFFICIAL = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"


def verify(schema: JsonObject | None, *named: JsonObject, **more: Any) -> Report:
    library = Library()
    if schema is not None:
        library.world.put(URL, schema)
    contexts = [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
    ]
    badge = library.embedded(
        **{"@context": contexts, "credentialSchema": list(named) or [{"id": URL, "type": TYPE}], **more}
    )
    return library.check(badge)


def shape(report: Report) -> str:
    return report.check(CheckName.SHAPE).outcome.value


def test_a_badge_that_keeps_its_rules_is_valid() -> None:
    report = verify({"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}})
    assert (report.verdict, shape(report)) == (Verdict.VALID, Outcome.PASSED)


def test_a_badge_that_breaks_its_own_rules_is_invalid() -> None:
    report = verify({"required": ["evidence"]})
    assert (report.verdict, shape(report)) == (Verdict.INVALID, Outcome.FAILED)
    assert any("required" in str(detail) for detail in report.check(CheckName.SHAPE).details)


def test_rules_that_are_not_there_are_a_warning() -> None:
    report = verify(None)
    assert (report.verdict, shape(report)) == (Verdict.VALID, Outcome.WARNING)


def test_rules_that_we_do_not_apply_are_named() -> None:
    report = verify({"patternProperties": {"^(a+)+$": False}})
    assert (report.verdict, shape(report)) == (Verdict.VALID, Outcome.WARNING)
    assert any("patternProperties" in str(detail) for detail in report.check(CheckName.SHAPE).details)


def test_published_schemas_are_not_fetched() -> None:
    report = verify({"required": ["evidence"]}, {"id": OFFICIAL, "type": TYPE})
    assert shape(report) == Outcome.PASSED
    assert OFFICIAL not in {seen.url for seen in report.documents}


def test_schemas_of_other_kinds_are_left_alone() -> None:
    report = verify({"required": ["evidence"]}, {"id": URL, "type": "1EdTechRevocationList"})
    assert shape(report) == Outcome.PASSED
    assert URL not in {seen.url for seen in report.documents}


def test_more_rules_than_anybody_needs_are_not_all_read() -> None:
    entries = [{"id": f"{URL}?{number}", "type": TYPE} for number in range(9)]
    report = verify(None, *entries)
    assert shape(report) == Outcome.WARNING
    assert sum(seen.url.startswith(URL) for seen in report.documents) == 4


def test_a_changed_badge_makes_us_fetch_nothing() -> None:
    library = Library()
    library.world.put(URL, {})
    badge = library.embedded(credentialSchema=[{"id": URL, "type": "JsonSchema"}])
    badge["name"] = "Another"
    assert library.check(badge).verdict is Verdict.INVALID
    assert URL not in library.world.asked
