"""The verdict, and the report as JSON."""

from __future__ import annotations

import json

import pytest

from badges.verifying.pipeline import verify
from badges.verifying.report import CheckName, Outcome, Verdict, decide_verdict
from badges.verifying.report_document import report_document
from tests.verifying.making import AT, Library, World


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        ("passed", "valid"),
        ("passed warning skipped", "valid"),
        ("passed unknown", "unknown"),
        ("unknown failed passed", "invalid"),
        ("failed skipped", "invalid"),
        ("skipped skipped", "unknown"),
        ("", "unknown"),
    ],
)
def test_the_verdict_follows_the_gravest_check(outcomes: str, verdict: str) -> None:
    assert decide_verdict(Outcome(name) for name in outcomes.split()) is Verdict(verdict)


def test_every_report_has_each_check_once_and_in_order() -> None:
    for submitted in ("", "hello", "{}", "https://nowhere.example/"):
        report = verify(submitted, fetcher=World(), at=AT)
        assert [check.name for check in report.checks] == list(CheckName)


def test_the_report_as_json() -> None:
    library = Library()
    document = report_document(library.check(library.embedded(validUntil="2026-12-02T00:00:00Z")))
    assert json.loads(json.dumps(document)) == document
    assert (document["verdict"], document["format"]) == ("invalid", "ob3-embedded")
    validity = next(check for check in document["checks"] if check["name"] == "validity")
    assert validity == {
        "name": "validity",
        "outcome": "failed",
        "message": "This badge has expired: it counted until 2 December 2026.",
        "mend": "Its holder can ask the organisation that awarded it for a new one.",
    }
    assert document["badge"]["name"] == "Evidence search skills"
    assert document["badge"]["validUntil"] == "2026-12-02T00:00:00Z"
    assert document["documents"][0]["url"] == "https://library.example/.well-known/did.json"


def test_messages_use_no_jargon() -> None:
    library = Library()
    reports = [
        library.check(library.embedded()),
        library.check(library.embedded(), fetcher=World()),
        library.check(library.jwt(), fetcher=World()),
        library.check("hello"),
    ]
    for check in (check for report in reports for check in report.checks):
        words = str(check.message).lower()
        assert words.endswith(".")
        assert not any(word in words for word in ("assertion", "credential", "cryptograph", "json", "jwt", "did:"))
