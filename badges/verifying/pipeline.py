"""The verifier: a straight list of checks over one badge, and a report.

Pure: what it knows of the world comes in through `fetcher` and `at`. A document that cannot be had makes a
check unknown; it never makes it pass and never makes it fail. A check that fails leaves those that build on
it skipped, but the dates are always said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final, TypeAlias

from badges.standards.fetching import Fetcher
from badges.standards.ob1.upgrade import Upgraded, upgrade_assertion
from badges.standards.ob2.reader import read_assertion
from badges.standards.ob3.reader import read_credential
from badges.verifying.checks.contents import check_contents
from badges.verifying.checks.endorsements import check_endorsements, check_endorsements_ob2
from badges.verifying.checks.issuer import check_issuer
from badges.verifying.checks.ob1_signed import check_issuer_of_old_signed, find_old_key
from badges.verifying.checks.ob2_belongings import check_what_belongs
from badges.verifying.checks.ob2_chain import Chain, follow_chain
from badges.verifying.checks.ob2_hosted import check_hosted, check_issuer_of_hosted
from badges.verifying.checks.ob2_signed import (
    check_issuer_of_signed,
    check_signature,
    check_status_of_signed,
    find_key,
)
from badges.verifying.checks.proof import ProofResult, check_embedded_proof, signs_graph
from badges.verifying.checks.proof_jwt import check_jwt_proof, read_jwt
from badges.verifying.checks.recipient import check_recipient, check_recipient_ob2
from badges.verifying.checks.refresh import find_newer, newer_was_judged, newer_was_not_sound
from badges.verifying.checks.shape import check_shape, check_shape_ob2
from badges.verifying.checks.status import check_status
from badges.verifying.checks.validity import check_validity, check_validity_ob2
from badges.verifying.documents import Documents
from badges.verifying.intake import Submission, take_in, take_in_url, take_in_value
from badges.verifying.kinds import kind_of
from badges.verifying.report import (
    CheckName,
    CredentialKind,
    Finding,
    Format,
    Inside,
    Outcome,
    Report,
    Verdict,
    decide_verdict,
)
from badges.vocab.json import JsonObject, JsonValue
from badges.vocab.view import BadgeVersion, CredentialView
from badges.wording import say

Findings: TypeAlias = dict[CheckName, Finding]
# A record holds badges, and a badge endorsements.
MOST_LEVELS: Final = 2


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of one badge. at: the moment for which it is judged. email: to compare, or None.

    may_refresh: whether a newer version is looked for. It is, once: a newer one is never asked for one newer still.
    depth: how many credentials it is inside of.
    """

    submission: Submission
    documents: Documents
    at: datetime
    email: str | None
    may_refresh: bool = True
    depth: int = 0


@dataclass(frozen=True, slots=True)
class _Answer:
    """findings: by check; those that are missing were skipped. view: what the badge says. inside: what it carries."""

    findings: Findings
    view: CredentialView | None = None
    kind: CredentialKind | None = CredentialKind.BADGE
    inside: tuple[Inside, ...] = ()


def verify(submitted: bytes | str, *, fetcher: Fetcher, at: datetime, email: str | None = None) -> Report:
    """Verify a badge as a stranger handed it in: a file's bytes, a pasted text, or a link.

    fetcher: gets the documents that the badge points at. at: aware; the moment for which it is judged.
    email: compared with the recipient when given. Never fails on what was handed in.
    """
    data = submitted.encode("utf-8", "replace") if isinstance(submitted, str) else submitted
    submission = take_in(data)
    if submission.address:
        fetched = take_in_url(submission.address, fetcher)
        submission = replace(fetched, picture=fetched.picture or submission.picture)
    return verify_submission(submission, fetcher=fetcher, at=at, email=email)


def verify_submission(submission: Submission, *, fetcher: Fetcher, at: datetime, email: str | None = None) -> Report:
    """Verify what `take_in` or `take_in_url` found. As `verify`."""
    documents = Documents(fetcher)
    report = _report(_Question(submission, documents, at, email))
    return replace(report, documents=documents.seen)


def _report(question: _Question) -> Report:
    submission = question.submission
    answer = _PIPELINES[submission.format](question)
    checks = tuple(answer.findings.get(name, _MISSING.get(name, _SKIPPED)).under(name) for name in CheckName)
    return Report(
        verdict=decide_verdict((check.outcome for check in checks), answer.kind),
        format=submission.format,
        checks=checks,
        kind=answer.kind,
        view=answer.view,
        inside=answer.inside,
        text=submission.text,
        picture=submission.picture,
    )


def _report_inside(question: _Question, value: JsonValue) -> Report:
    """The report on a credential that stands inside another: an object with proof, or the text of a JWT."""
    submission = take_in_value(value)
    depth = question.depth + 1
    if depth > MOST_LEVELS:
        problem = Finding(Outcome.UNKNOWN, say("It lies deeper inside other credentials than we look."))
        submission = Submission(Format.UNRECOGNISED, problem=problem)
    return _report(replace(question, submission=submission, depth=depth))


_GONE: Final = Finding(Outcome.SKIPPED, say("It was withdrawn, so there is nothing left to check."))
_SKIPPED: Final = Finding(Outcome.SKIPPED, say("Not checked, because an earlier check failed."))
_MISSING: Final = {CheckName.REFRESH: Finding(Outcome.SKIPPED, say("We did not look for a newer version."))}


def _verify_embedded(question: _Question) -> _Answer:
    """Open Badges 3.0 with an embedded proof."""
    document = question.submission.document
    kind = kind_of(document)
    shape = check_shape(document, is_graph_signed=signs_graph(document), kind=kind)
    return _verify_credential(
        question, document, kind, shape, lambda: check_embedded_proof(document, question.documents, question.at)
    )


def _verify_jwt(question: _Question) -> _Answer:
    """Open Badges 3.0 as a JWT."""
    jwt = read_jwt(question.submission.text)
    if isinstance(jwt, Finding):
        return _Answer({CheckName.SHAPE: jwt})
    kind = kind_of(jwt.document)
    shape = check_shape(jwt.document, is_graph_signed=False, kind=kind)
    return _verify_credential(question, jwt.document, kind, shape, lambda: check_jwt_proof(jwt, question.documents))


def _verify_credential(
    question: _Question,
    document: JsonObject,
    kind: CredentialKind,
    shape: Finding,
    prove: Callable[[], ProofResult],
) -> _Answer:
    """The checks of Open Badges 3.0, whatever the proof and the kind. Source: "OpenBadgeCredential Verification"."""
    documents, at = question.documents, question.at
    validity = check_validity(document, at, needs_start=kind.is_of_open_badges)
    findings: Findings = {CheckName.SHAPE: shape, CheckName.VALIDITY: validity}
    view = read_credential(document)
    if shape.outcome is Outcome.FAILED:
        return _Answer(findings, view, kind)
    proof = prove()
    findings[CheckName.PROOF] = proof.finding
    if proof.finding.outcome is Outcome.FAILED:
        return _Answer(findings, view, kind)
    findings[CheckName.ISSUER] = check_issuer(document, proof, documents)
    findings[CheckName.STATUS] = check_status(document, proof.key, documents, at)
    findings[CheckName.RECIPIENT] = check_recipient(document, question.email, kind)
    about_nobody = replace(question, email=None)
    findings[CheckName.ENDORSEMENTS], endorsements = check_endorsements(document, partial(_report_inside, about_nobody))
    findings[CheckName.CONTENTS], contents = check_contents(document, kind, partial(_report_inside, question))
    return _refreshed(question, document, _Answer(findings, view, kind, (*endorsements, *contents)))


def _refreshed(question: _Question, document: JsonObject, answer: _Answer) -> _Answer:
    """Judge the newer version of a credential if there is a good one; else leave the answer about this one.

    Whose badge it is does not decide whether the newer one is good: that may be what was corrected.
    Source: Open Badges 3.0, "Refresh the OpenBadgeCredential".
    """
    if not question.may_refresh or answer.findings[CheckName.ISSUER].outcome is Outcome.FAILED:
        return answer
    newer = find_newer(document, question.documents)
    if isinstance(newer, Finding):
        return replace(answer, findings={**answer.findings, CheckName.REFRESH: newer})
    fresh = _PIPELINES[newer.format](replace(question, submission=newer, may_refresh=False))
    decisive = (finding.outcome for name, finding in fresh.findings.items() if name is not CheckName.RECIPIENT)
    if fresh.kind is not answer.kind or decide_verdict(decisive) is not Verdict.VALID:
        return replace(answer, findings={**answer.findings, CheckName.REFRESH: newer_was_not_sound()})
    return replace(fresh, findings={**fresh.findings, CheckName.REFRESH: newer_was_judged(document)})


def _verify_hosted(question: _Question) -> _Answer:
    """Open Badges 0.5 to 2.1, hosted. Source: Open Badges 2.0, "HostedBadge Verification"."""
    supplied = _upgrade(question)
    hosted = check_hosted(supplied, question.documents)
    assertion = hosted.found.document
    chain = follow_chain(assertion, question.documents, hosted.found.version)
    shape = check_shape_ob2(hosted.found, chain)
    findings: Findings = {
        CheckName.SHAPE: shape,
        CheckName.PROOF: hosted.proof,
        CheckName.STATUS: hosted.status,
    }
    if hosted.status.outcome is Outcome.FAILED:
        # What is left at its address says that it was withdrawn, and no more.
        submitted = supplied.document
        findings[CheckName.VALIDITY] = check_validity_ob2(submitted, question.at) if "issuedOn" in submitted else _GONE
    else:
        needs_start = hosted.found.version is not BadgeVersion.OB0_5
        findings[CheckName.VALIDITY] = check_validity_ob2(assertion, question.at, needs_start=needs_start)
    if hosted.status.outcome is Outcome.FAILED and not chain.issuer.document:
        findings[CheckName.ISSUER] = _GONE
    elif Outcome.FAILED not in {shape.outcome, hosted.proof.outcome}:
        findings[CheckName.ISSUER] = check_issuer_of_hosted(assertion, chain)
        findings[CheckName.RECIPIENT] = check_recipient_ob2(assertion, question.email)
        findings[CheckName.ENDORSEMENTS] = check_endorsements_ob2(assertion, chain)
        findings[CheckName.SHAPE] = check_what_belongs(shape, assertion, chain, question.documents)
    return _Answer(findings, _view(hosted.found, chain))


def _verify_signed(question: _Question) -> _Answer:
    """Open Badges 1.0 to 2.1, signed. Source: Open Badges 2.0, "SignedBadge Verification"; 1.1, "Signed Badges"."""
    upgraded, documents = _upgrade(question), question.documents
    assertion, is_old = upgraded.document, upgraded.version is not BadgeVersion.OB2
    chain = follow_chain(assertion, documents, upgraded.version)
    shape = check_shape_ob2(upgraded, chain)
    findings: Findings = {
        CheckName.SHAPE: shape,
        CheckName.VALIDITY: check_validity_ob2(assertion, question.at),
    }
    view = _view(upgraded, chain)
    if shape.outcome is Outcome.FAILED:
        return _Answer(findings, view)
    key = find_old_key(assertion, documents) if is_old else find_key(assertion, chain, documents)
    findings[CheckName.PROOF] = check_signature(question.submission.text, key)
    if findings[CheckName.PROOF].outcome is not Outcome.FAILED:
        text = question.submission.text
        findings[CheckName.ISSUER] = (
            check_issuer_of_old_signed(chain, key) if is_old else check_issuer_of_signed(text, chain, key, documents)
        )
        findings[CheckName.STATUS] = check_status_of_signed(assertion, chain, documents)
        findings[CheckName.RECIPIENT] = check_recipient_ob2(assertion, question.email)
        findings[CheckName.ENDORSEMENTS] = check_endorsements_ob2(assertion, chain)
        findings[CheckName.SHAPE] = check_what_belongs(shape, assertion, chain, documents)
    return _Answer(findings, view)


def _upgrade(question: _Question) -> Upgraded:
    """The assertion in the form of 2.0, whichever version it was written in."""
    return upgrade_assertion(question.submission.document, question.submission.source)


def _view(assertion: Upgraded, chain: Chain) -> CredentialView:
    return read_assertion(
        assertion.document, chain.badge_class.document, chain.issuer.document, version=assertion.version
    )


def _refuse(question: _Question) -> _Answer:
    """There is no badge: the reason stands under the first check."""
    problem = question.submission.problem
    message = say("This is not a badge: we found no badge in it.")
    return _Answer({CheckName.SHAPE: problem or Finding(Outcome.FAILED, message)}, kind=None)


_PIPELINES: Final[dict[Format, Callable[[_Question], _Answer]]] = {
    Format.OB3_EMBEDDED: _verify_embedded,
    Format.OB3_JWT: _verify_jwt,
    Format.OB2_HOSTED: _verify_hosted,
    Format.OB2_SIGNED: _verify_signed,
    Format.OB1_HOSTED: _verify_hosted,
    Format.OB1_SIGNED: _verify_signed,
    Format.OB0_5_HOSTED: _verify_hosted,
    Format.UNRECOGNISED: _refuse,
}
