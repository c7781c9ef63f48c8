"""What pages show of a verifier's report: the same for our badges and for anybody's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from badges.verifying.inside_words import endorsed_words, inside_sentence
from badges.verifying.report import CheckName, CredentialKind, Outcome, Report, TrustStanding, Verdict
from badges.web.markdown import to_html
from badges.wording import Wording, say

LABELS: Final[dict[CheckName, Wording]] = {
    CheckName.SHAPE: say("Is it a complete badge?"),
    CheckName.PROOF: say("Is it unchanged?"),
    CheckName.ISSUER: say("Was it signed by the one it names?"),
    CheckName.REFRESH: say("Is it the newest version?"),
    CheckName.STATUS: say("Does it still stand?"),
    CheckName.VALIDITY: say("Is it in date?"),
    CheckName.RECIPIENT: say("Is it this person's?"),
    CheckName.ENDORSEMENTS: say("Does anybody else stand behind it?"),
    CheckName.CONTENTS: say("Are the badges in it valid?"),
}

_KINDS: Final[dict[CredentialKind | None, Wording]] = {
    CredentialKind.ENDORSEMENT: say("This is an endorsement, not a badge."),
    CredentialKind.CLR: say("This is a record that holds badges."),
    CredentialKind.PRESENTATION: say("This comes from a wallet and shows badges."),
}
_NAME_MAX: Final = 160
_LEFT_OUT_WHEN_SKIPPED: Final = frozenset(
    {CheckName.REFRESH, CheckName.RECIPIENT, CheckName.ENDORSEMENTS, CheckName.CONTENTS}
)


def check_views(report: Report, *, leave_out: frozenset[CheckName] = frozenset()) -> list[dict[str, Any]]:
    """Return the checks in words; those that were skipped because nothing asked for them are left out."""
    return [
        {
            "name": check.name,
            "outcome": check.outcome,
            "label": LABELS[check.name],
            "message": check.message,
            "mender": check.mend,
        }
        for check in report.checks
        if check.name not in leave_out
        and not (check.outcome is Outcome.SKIPPED and check.name in _LEFT_OUT_WHEN_SKIPPED)
    ]


def with_short_names(report: Report) -> Report:
    """Return the report with names that fit into a heading: anybody may write pages of text where a name belongs."""
    view = report.view
    if view is None:
        return report
    issuer = replace(view.issuer, name=_short(view.issuer.name or view.issuer.id))
    people = tuple(replace(each, identity=_short(each.identity)) for each in view.recipients)
    short = replace(view, name=_short(view.name), issuer=issuer, recipients=people)
    inside = tuple(replace(each, report=with_short_names(each.report)) for each in report.inside)
    return replace(report, view=short, inside=inside)


def _short(name: str) -> str:
    return name if len(name) <= _NAME_MAX else name[: _NAME_MAX - 1].rstrip() + "…"


def kind_words(report: Report) -> Wording | None:
    """Return what was handed in, for the line above the answer; None for a badge, which needs no word."""
    if report.judged_instead:
        return say("You gave us an older version. This answer is about the newer one.")
    if report.kind in _KINDS:
        return _KINDS[report.kind]
    shape = report.check(CheckName.SHAPE)
    is_named = report.kind in (CredentialKind.STATUS_LIST, CredentialKind.OTHER) and shape.outcome is Outcome.WARNING
    return shape.message if is_named else None


def inside_views(report: Report, at: datetime) -> list[dict[str, Any]]:
    """Return the credentials that it carries: {state, name, about, sentence, comment_html, trust}, in
    their order. about: what an endorsement is about.
    """
    return [
        {
            "state": "unknown" if each.doubt and each.report.verdict is Verdict.VALID else state_of(each.report, at),
            "name": each.report.view.name if each.report.view else "",
            "about": endorsed_words(each, report.view),
            "sentence": inside_sentence(each),
            "comment_html": to_html(each.report.view.comment) if each.report.view else "",
            "trust": _trust_of(each.report),
        }
        for each in report.inside
    ]


def _trust_of(report: Report) -> Wording | None:
    """Return who that is; None where nobody was proven, which its sentence says already."""
    trust = report.trust
    return trust.sentence if trust is not None and trust.standing is not TrustStanding.UNPROVEN else None


def state_of(report: Report, at: datetime) -> str:
    """Return the word of the state: valid, withdrawn, replaced (by a newer version), expired, invalid, other (no
    badge), unknown, or mismatch (a good badge, of somebody else).
    """
    if report.verdict is Verdict.VALID:
        return "valid"
    if report.verdict is Verdict.NOT_A_BADGE:
        return "other"
    if report.verdict is Verdict.UNKNOWN:
        return "unknown"
    failed = {check.name for check in report.checks if check.outcome is Outcome.FAILED}
    if CheckName.STATUS in failed and failed <= {CheckName.STATUS, CheckName.VALIDITY, CheckName.RECIPIENT}:
        return "replaced" if report.newer_version else "withdrawn"
    ended = report.view is not None and report.view.valid_until is not None and report.view.valid_until < at
    if failed == {CheckName.VALIDITY} and ended:
        return "expired"
    if failed == {CheckName.RECIPIENT} and all(check.outcome is not Outcome.UNKNOWN for check in report.checks):
        return "mismatch"
    return "invalid"
