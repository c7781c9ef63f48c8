"""The pipelines for Open Badges before 3.0: badges and endorsements, hosted and signed, and what is neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from badges.standards.ob1.upgrade import Upgraded, upgrade_assertion
from badges.standards.ob2.reader import read_assertion, read_endorsement
from badges.verifying.checks.endorsements import NOT_ENDORSED
from badges.verifying.checks.ob1_signed import check_issuer_of_old_signed, find_old_key
from badges.verifying.checks.ob2_belongings import check_what_belongs
from badges.verifying.checks.ob2_chain import Chain, follow_chain, follow_endorser
from badges.verifying.checks.ob2_description import check_description, view_of_description
from badges.verifying.checks.ob2_endorsements import VerifyInside, check_endorsements_ob2
from badges.verifying.checks.ob2_hosted import check_hosted, check_issuer_of_hosted, confirm_host
from badges.verifying.checks.ob2_signed import (
    check_issuer_of_signed,
    check_signature,
    check_status_of_signed,
    find_key,
)
from badges.verifying.checks.recipient import check_recipient_ob2
from badges.verifying.checks.shape import check_shape_ob2
from badges.verifying.checks.validity import check_validity_ob2
from badges.verifying.question import Answer, Findings, Question
from badges.verifying.reading import types_of
from badges.verifying.report import CheckName, CredentialKind, Finding, Inside, Outcome
from badges.vocab.json import JsonObject
from badges.vocab.view import BadgeVersion, CredentialView
from badges.wording import say

__all__ = ["VerifyInside", "verify_description", "verify_hosted", "verify_signed"]

_GONE: Final = Finding(Outcome.SKIPPED, say("It was withdrawn, so there is nothing left to check."))
_NO_RECIPIENT: Final = Finding(Outcome.SKIPPED, say("An endorsement is awarded to nobody."))


def verify_hosted(question: Question, verify_inside: VerifyInside) -> Answer:
    """Open Badges 0.5 to 2.1, hosted. verify_inside: gives the report on an endorsement that is carried inside.

    Source: Open Badges 2.0, "HostedBadge Verification".
    """
    supplied = _upgrade(question)
    kind = _kind_of(supplied.document)
    answer = check_hosted(supplied, question.documents, _CLASSES[kind])
    hosted = confirm_host(answer, supplied, _follow(answer.found, kind, question).issuer)
    subject = _Subject(hosted.found, kind, _follow(hosted.found, kind, question))
    shape = check_shape_ob2(hosted.found, subject.chain, _CLASSES[kind])
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
        findings[CheckName.VALIDITY] = check_validity_ob2(subject.document, question.at, needs_start=needs_start)
    inside: tuple[Inside, ...] = ()
    if hosted.status.outcome is Outcome.FAILED and not subject.chain.issuer.document:
        findings[CheckName.ISSUER] = _GONE
    elif Outcome.FAILED not in {shape.outcome, hosted.proof.outcome}:
        findings[CheckName.ISSUER] = check_issuer_of_hosted(subject.document, subject.chain, hosted.proof)
        inside = _check_the_rest(findings, subject, question, verify_inside)
    return Answer(findings, subject.view, kind, inside)


def verify_signed(question: Question, verify_inside: VerifyInside) -> Answer:
    """Open Badges 1.0 to 2.1, signed. verify_inside: as for verify_hosted.

    Source: Open Badges 2.0, "SignedBadge Verification"; Open Badges 1.1, "Signed Badges".
    """
    upgraded, documents = _upgrade(question), question.documents
    kind, is_old = _kind_of(upgraded.document), upgraded.version is not BadgeVersion.OB2
    subject = _Subject(upgraded, kind, _follow(upgraded, kind, question))
    document, chain = subject.document, subject.chain
    shape = check_shape_ob2(upgraded, chain, _CLASSES[kind])
    findings: Findings = {CheckName.SHAPE: shape, CheckName.VALIDITY: check_validity_ob2(document, question.at)}
    if shape.outcome is Outcome.FAILED:
        return Answer(findings, subject.view, kind)
    key = find_old_key(document, documents) if is_old else find_key(document, chain, documents)
    findings[CheckName.PROOF] = check_signature(question.submission.text, key)
    inside: tuple[Inside, ...] = ()
    if findings[CheckName.PROOF].outcome is not Outcome.FAILED:
        text = question.submission.text
        findings[CheckName.ISSUER] = (
            check_issuer_of_old_signed(chain, key) if is_old else check_issuer_of_signed(text, chain, key, documents)
        )
        findings[CheckName.STATUS] = check_status_of_signed(document, chain, documents, _CLASSES[kind])
        inside = _check_the_rest(findings, subject, question, verify_inside)
    return Answer(findings, subject.view, kind, inside)


def verify_description(question: Question, _verify_inside: VerifyInside) -> Answer:
    """A badge class, an issuer, a key or a list of withdrawn badges by itself: well formed or not, it is no badge."""
    submission = question.submission
    findings = check_description(submission.document, submission.source, question.documents)
    view = view_of_description(submission.document, submission.source)
    return Answer(findings, view, CredentialKind.DESCRIPTION)


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is verified: an assertion, or an endorsement, with what it stands on."""

    upgraded: Upgraded
    kind: CredentialKind
    chain: Chain

    @property
    def document(self) -> JsonObject:
        return self.upgraded.document

    @property
    def view(self) -> CredentialView:
        issuer = self.chain.issuer.document
        if self.kind is CredentialKind.ENDORSEMENT:
            return read_endorsement(self.document, issuer)
        return read_assertion(self.document, self.chain.badge_class.document, issuer, self.upgraded.version)


_CLASSES: Final = {CredentialKind.BADGE: "Assertion", CredentialKind.ENDORSEMENT: "Endorsement"}


def _kind_of(document: JsonObject) -> CredentialKind:
    types = types_of(document)
    is_endorsement = "Endorsement" in types and "Assertion" not in types
    return CredentialKind.ENDORSEMENT if is_endorsement else CredentialKind.BADGE


def _upgrade(question: Question) -> Upgraded:
    """The document in the form of 2.0, whichever version it was written in."""
    return upgrade_assertion(question.submission.document, question.submission.source)


def _follow(upgraded: Upgraded, kind: CredentialKind, question: Question) -> Chain:
    if kind is CredentialKind.ENDORSEMENT:
        return follow_endorser(upgraded.document, question.documents)
    return follow_chain(upgraded.document, question.documents, upgraded.version)


def _check_the_rest(
    findings: Findings, subject: _Subject, question: Question, verify_inside: VerifyInside
) -> tuple[Inside, ...]:
    """Add the findings that hosted and signed badges have in common; return the reports on what is inside."""
    if subject.kind is CredentialKind.ENDORSEMENT:
        findings[CheckName.RECIPIENT] = _NO_RECIPIENT
        findings[CheckName.ENDORSEMENTS] = NOT_ENDORSED
        return ()
    document, chain, documents = subject.document, subject.chain, question.documents
    findings[CheckName.RECIPIENT] = check_recipient_ob2(document, question.email)
    findings[CheckName.ENDORSEMENTS], inside = check_endorsements_ob2(document, chain, documents, verify_inside)
    findings[CheckName.SHAPE] = check_what_belongs(findings[CheckName.SHAPE], document, chain, documents)
    return inside
