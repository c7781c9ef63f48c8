"""The verifier: a straight list of checks over one badge, and a report.

Pure: what it knows of the world comes in through `fetcher` and `at`. A document that cannot be had makes a
check unknown; it never makes it pass and never makes it fail. A check that fails leaves those that build on
it skipped, but the dates are always said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from badges.standards.fetching import Fetcher
from badges.standards.ob3.reader import read_credential
from badges.verifying import no_badge
from badges.verifying.before_3 import VerifyInside, verify_description, verify_hosted, verify_signed
from badges.verifying.checks.contents import check_contents
from badges.verifying.checks.endorsements import check_endorsements
from badges.verifying.checks.holder import check_holder, signature_of_presentation
from badges.verifying.checks.issuer import check_issuer
from badges.verifying.checks.named_schemas import check_named_schemas
from badges.verifying.checks.ob3_description import check_description_ob3, view_of_description_ob3
from badges.verifying.checks.partial_copy import doubts_about_the_rest
from badges.verifying.checks.proof import ProofResult, check_embedded_proof, signs_graph
from badges.verifying.checks.proof_jwt import check_jwt_proof, read_jwt
from badges.verifying.checks.recipient import check_recipient
from badges.verifying.checks.refresh import find_newer, newer_was_judged, newer_was_not_sound
from badges.verifying.checks.shape import check_shape
from badges.verifying.checks.status import check_status, word_for_no_badge
from badges.verifying.checks.validity import check_validity
from badges.verifying.documents import Documents
from badges.verifying.intake import Submission, take_in, take_in_url, take_in_value, take_in_words
from badges.verifying.kinds import kind_of
from badges.verifying.question import Answer, Findings, Question
from badges.verifying.report import (
    CheckName,
    CredentialKind,
    Finding,
    Format,
    Outcome,
    Report,
    Verdict,
    decide_verdict,
    gravest,
)
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import say

# A presentation may hold a record, a record holds badges, and a badge endorsements.
MOST_LEVELS: Final = 3


def verify(submitted: bytes | str, *, fetcher: Fetcher, at: datetime, email: str | None = None) -> Report:
    """Verify a badge as a stranger handed it in: a file's bytes, a pasted text, or a link.

    fetcher: gets the documents that the badge points at. at: aware; the moment for which it is judged.
    email: compared with the recipient when given. Never fails on what was handed in.
    """
    submission = take_in_words(submitted) if isinstance(submitted, str) else take_in(submitted)
    if submission.address:
        fetched = take_in_url(submission.address, fetcher)
        notes = (*submission.notes, *fetched.notes)
        submission = replace(fetched, picture=fetched.picture or submission.picture, notes=notes)
    return verify_submission(submission, fetcher=fetcher, at=at, email=email)


def verify_submission(submission: Submission, *, fetcher: Fetcher, at: datetime, email: str | None = None) -> Report:
    """Verify what `take_in` or `take_in_url` found. As `verify`."""
    documents = Documents(fetcher)
    report = _report(Question(submission, documents, at, email))
    return replace(report, documents=documents.seen)


def _report(question: Question) -> Report:
    answer = _PIPELINES[question.submission.format](question)
    judged = answer.judged or question.submission
    findings = answer.findings
    if judged.notes:
        odd = Finding(Outcome.WARNING, judged.notes[0], say("Ask the holder for the picture again."), judged.notes[1:])
        findings = {**findings, CheckName.SHAPE: gravest([findings[CheckName.SHAPE], odd])}
    checks = tuple(findings.get(name, _MISSING.get(name, _SKIPPED)).under(name) for name in CheckName)
    return Report(
        verdict=decide_verdict((check.outcome for check in checks), answer.kind),
        format=judged.format,
        checks=checks,
        kind=answer.kind,
        view=answer.view,
        inside=answer.inside,
        text=judged.text,
        picture=judged.picture,
        key=answer.key,
        judged_instead=judged.source if answer.judged else "",
        hides_its_end=answer.hides_its_end,
    )


def _report_inside(question: Question, value: JsonValue) -> Report:
    """The report on a credential that stands inside another: an object with proof, or the text of a JWT."""
    submission = take_in_value(value)
    depth = question.depth + 1
    if depth > MOST_LEVELS or not question.allowance.take(submission.document):
        problem = Finding(Outcome.UNKNOWN, say("There is more inside than we look at, so we did not open this."))
        submission = Submission(Format.UNRECOGNISED, problem=problem)
    return _report(replace(question, submission=submission, depth=depth))


_GOOD: Final = frozenset({Outcome.PASSED, Outcome.WARNING})
_SKIPPED: Final = Finding(Outcome.SKIPPED, say("Not checked, because an earlier check failed."))
_NOT_OF_PRESENTATIONS: Final = Finding(Outcome.SKIPPED, say("We looked at each badge in it instead."))
_NOT_BEFORE_3: Final = {
    CheckName.REFRESH: Finding(Outcome.SKIPPED, say("It is of a version that names no place for newer ones.")),
    CheckName.CONTENTS: Finding(Outcome.SKIPPED, say("It is of a version that holds no other badges.")),
}
_MISSING: Final = {CheckName.REFRESH: Finding(Outcome.SKIPPED, say("We did not look for a newer version."))}


def _verify_embedded(question: Question) -> Answer:
    """Open Badges 3.0 with an embedded proof."""
    document = question.submission.document
    kind = kind_of(document)
    if kind is CredentialKind.PRESENTATION:
        return _verify_presentation(question, document)
    shape = check_shape(document, is_graph_signed=signs_graph(document), kind=kind)
    return _verify_credential(
        question, document, kind, shape, lambda: check_embedded_proof(document, question.documents, question.at)
    )


def _verify_presentation(question: Question, document: JsonObject) -> Answer:
    """What a wallet hands over. Its own signature, if it has one, tells who shows; each badge in it stands by itself.

    Source: VC Data Model 2.0, section 4.13; VC Data Integrity 1.0, section 2.3 (authentication).
    """
    kind = CredentialKind.PRESENTATION
    findings: Findings = dict.fromkeys(CheckName, _NOT_OF_PRESENTATIONS)
    findings[CheckName.SHAPE] = check_shape(document, is_graph_signed=False, kind=kind)
    if findings[CheckName.SHAPE].outcome is Outcome.FAILED:
        return Answer(findings, None, kind)
    if document.get("proof"):
        proof = check_embedded_proof(document, question.documents, question.at, purpose="authentication")
        findings[CheckName.PROOF] = signature_of_presentation(proof)
        if proof.is_good:
            findings[CheckName.ISSUER] = check_holder(document, proof)
    findings[CheckName.CONTENTS], contents = check_contents(document, kind, partial(_report_inside, question))
    return Answer(findings, None, kind, contents)


def _verify_jwt(question: Question) -> Answer:
    """Open Badges 3.0 as a JWT."""
    jwt = read_jwt(question.submission.text)
    if isinstance(jwt, Finding):
        return Answer({CheckName.SHAPE: jwt})
    kind = kind_of(jwt.document)
    shape = check_shape(jwt.document, is_graph_signed=False, kind=kind)
    return _verify_credential(
        question, jwt.document, kind, shape, lambda: check_jwt_proof(jwt, question.documents, question.at)
    )


def _verify_credential(
    question: Question,
    document: JsonObject,
    kind: CredentialKind,
    shape: Finding,
    prove: Callable[[], ProofResult],
) -> Answer:
    """The checks of Open Badges 3.0, whatever the proof and the kind. Source: "OpenBadgeCredential Verification"."""
    documents, at = question.documents, question.at
    validity = check_validity(document, at, needs_start=kind.is_of_open_badges)
    findings: Findings = {CheckName.SHAPE: shape, CheckName.VALIDITY: validity}
    view = read_credential(document)
    if shape.outcome is Outcome.FAILED:
        return Answer(findings, view, kind)
    proof = prove()
    findings[CheckName.PROOF] = proof.finding
    if proof.finding.outcome is Outcome.FAILED:
        return Answer(findings, view, kind)
    findings[CheckName.ISSUER] = check_issuer(document, proof, documents)
    status = check_status(document, proof.key, documents, at)
    findings[CheckName.STATUS] = status if kind is CredentialKind.BADGE else word_for_no_badge(status)
    doubts = doubts_about_the_rest(document) if proof.is_partial else {}
    findings.update({name: doubt for name, doubt in doubts.items() if findings[name].outcome is Outcome.PASSED})
    findings[CheckName.RECIPIENT] = check_recipient(document, question.email, kind)
    key = proof.key.public_key if proof.key else None
    findings[CheckName.ENDORSEMENTS], endorsements = check_endorsements(
        document, key, partial(_report_inside, question)
    )
    findings[CheckName.CONTENTS], contents = check_contents(document, kind, partial(_report_inside, question))
    schemas = check_named_schemas(document, documents)
    findings[CheckName.SHAPE] = gravest([shape, schemas]) if schemas else shape
    answer = Answer(findings, view, kind, (*endorsements, *contents), key=key, hides_its_end=bool(doubts))
    sure = (shape, findings[CheckName.PROOF], findings[CheckName.ISSUER])
    may_follow = question.may_refresh and all(finding.outcome in _GOOD for finding in sure)
    return _refreshed(question, document, answer) if may_follow else answer


def _refreshed(question: Question, document: JsonObject, answer: Answer) -> Answer:
    """Judge the newer version of a credential if there is a good one; else leave the answer about this one.

    Only of one that its issuer is known to have signed: anybody can write the address of somebody else's good badge
    into a forgery, which would then be called good. One that stands inside another and holds is taken as it is: the
    other says what was so when it was signed.
    Whose badge it is does not decide whether the newer one is good: that may be what was corrected.
    Source: Open Badges 3.0, "Refresh the OpenBadgeCredential".
    """
    if question.depth and decide_verdict(each.outcome for each in answer.findings.values()) is Verdict.VALID:
        return answer
    newer = find_newer(document, question.documents)
    if isinstance(newer, Finding):
        return replace(answer, findings={**answer.findings, CheckName.REFRESH: newer})
    fresh = _PIPELINES[newer.format](replace(question, submission=newer, may_refresh=False))
    decisive = (finding.outcome for name, finding in fresh.findings.items() if name is not CheckName.RECIPIENT)
    if fresh.kind is not answer.kind or decide_verdict(decisive) is not Verdict.VALID:
        return replace(answer, findings={**answer.findings, CheckName.REFRESH: newer_was_not_sound()})
    return replace(fresh, findings={**fresh.findings, CheckName.REFRESH: newer_was_judged(newer)}, judged=newer)


def _verify_description(question: Question) -> Answer:
    """An achievement or a profile of 3.0 by itself: well formed or not, it is no badge."""
    document = question.submission.document
    return Answer(check_description_ob3(document), view_of_description_ob3(document), CredentialKind.DESCRIPTION)


def _verify_before_3(verify_older: Callable[[Question, VerifyInside], Answer]) -> Callable[[Question], Answer]:
    """A pipeline of `before_3`, which verifies endorsements inside by way of this one. They are about nobody."""

    def verify_one(question: Question) -> Answer:
        answer = verify_older(question, partial(_report_inside, replace(question, email=None)))
        return replace(answer, findings={**_NOT_BEFORE_3, **answer.findings})

    return verify_one


def _refuse(question: Question) -> Answer:
    """There is no badge: the reason stands under the first check."""
    problem = question.submission.problem
    return Answer({CheckName.SHAPE: problem or Finding(Outcome.FAILED, no_badge.IN_DOCUMENT)}, kind=None)


_PIPELINES: Final[dict[Format, Callable[[Question], Answer]]] = {
    Format.OB3_EMBEDDED: _verify_embedded,
    Format.OB3_JWT: _verify_jwt,
    Format.OB2_HOSTED: _verify_before_3(verify_hosted),
    Format.OB2_SIGNED: _verify_before_3(verify_signed),
    Format.OB3_DESCRIPTION: _verify_description,
    Format.OB2_DESCRIPTION: _verify_before_3(verify_description),
    Format.OB1_HOSTED: _verify_before_3(verify_hosted),
    Format.OB1_SIGNED: _verify_before_3(verify_signed),
    Format.OB0_5_HOSTED: _verify_before_3(verify_hosted),
    Format.UNRECOGNISED: _refuse,
}
