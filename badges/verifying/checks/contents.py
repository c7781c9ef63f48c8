"""The credentials in a learner record or a presentation: whoever signed the whole, each must hold by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from badges.standards.ob3.reader import read_credential
from badges.verifying.checks.one_person import is_tied_to
from badges.verifying.reading import as_list, member
from badges.verifying.report import (
    CheckName,
    CredentialKind,
    Finding,
    Inside,
    Outcome,
    Report,
    Verdict,
    gravest,
)
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import Wording, say

MOST_CONTENTS: Final = 50
_NONE: Final = Finding(Outcome.SKIPPED, say("It holds no other badges."))
_EMPTY: Final = Finding(Outcome.FAILED, say("There is no badge in it."))
_PLACES: Final = {
    CredentialKind.CLR: ("credentialSubject", "verifiableCredential"),
    CredentialKind.PRESENTATION: ("verifiableCredential",),
}
_ASK: Final = say("Look at each of them, and ask the organisation that awarded it.")


def check_contents(
    document: JsonObject, kind: CredentialKind, verify_one: Callable[[JsonValue], Report]
) -> tuple[Finding, tuple[Inside, ...]]:
    """Return what the credentials in a record or presentation come to together, and the report on each.

    verify_one: gives the report on a credential inside. One that fails makes the whole fail, and one that is not
    certain makes it uncertain: a reader of the whole must not take for good what is not.

    Source: CLR 2.0, "ClrCredential Verification"; VC Data Model 2.0, section 4.13; Open Badges 3.0,
    "OpenBadgeCredential Verification".
    """
    if kind not in _PLACES:
        return _NONE, ()
    values = as_list(member(document, *_PLACES[kind]))
    if not values:
        return _EMPTY, ()
    inside = tuple(Inside(CheckName.CONTENTS, verify_one(value)) for value in values[:MOST_CONTENTS])
    findings = [_judge(each.report, number) for number, each in enumerate(inside, 1)]
    if all(each.report.verdict is Verdict.NOT_A_BADGE for each in inside):
        return replace(_EMPTY, details=tuple(finding.message for finding in findings)), inside
    if len(values) > MOST_CONTENTS:
        message = say("It holds %(count)d badges, more than we look at in one record.", count=len(values))
        findings.append(Finding(Outcome.UNKNOWN, message))
    grave = gravest(findings)
    if grave.outcome is Outcome.PASSED and kind is CredentialKind.CLR:
        doubt = _doubt_persons(document, inside)
        if doubt is not None:
            return doubt, inside
    if grave.outcome is Outcome.PASSED:
        return Finding(Outcome.PASSED, say("All badges that it holds are valid: %(count)d.", count=len(inside))), inside
    details = tuple(finding.message for finding in findings if finding.outcome is grave.outcome)
    if grave.outcome is Outcome.UNKNOWN and len(details) == 1:
        return Finding(Outcome.UNKNOWN, details[0], _ASK), inside
    template = (
        say("Not valid among the badges that it holds: %(count)d of %(all)d.", count=len(details), all=len(values))
        if grave.outcome is Outcome.FAILED
        else say(
            "Not certain among the badges that it holds: %(count)d of %(all)d.", count=len(details), all=len(values)
        )
    )
    return Finding(grave.outcome, template, _ASK, details), inside


def _doubt_persons(document: JsonObject, inside: tuple[Inside, ...]) -> Finding | None:
    """Return a warning if nothing shows that all badges in a record are about its person: one may be another's."""
    record = read_credential(document)
    untied = [each.report for each in inside if not is_tied_to(record, each.report)]
    if not untied:
        return None
    message = say(
        "All badges that it holds are valid, but nothing shows that they are about the same person as the record: "
        "%(count)d of %(all)d.",
        count=len(untied),
        all=len(inside),
    )
    names = tuple(say("%(name)s", name=report.view.name) for report in untied if report.view)
    return Finding(
        Outcome.WARNING, message, say("Give the person's e-mail address, and we compare each of them."), names
    )


def _judge(report: Report, number: int) -> Finding:
    name = report.view.name if report.view and report.view.name else say("number %(number)d", number=number)
    outcome = {Verdict.INVALID: Outcome.FAILED, Verdict.UNKNOWN: Outcome.UNKNOWN}.get(report.verdict, Outcome.PASSED)
    return Finding(outcome, say("%(name)s: %(reason)s", name=name, reason=deciding_message(report)))


def deciding_message(report: Report) -> Wording:
    """Return the sentence of the check that decides about a report: the first that failed, else the first doubt."""
    for outcome in (Outcome.FAILED, Outcome.UNKNOWN):
        for check in report.checks:
            if check.outcome is outcome:
                return check.message
    return report.checks[0].message
