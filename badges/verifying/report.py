"""What the verifier says about a badge: a list of checks, each with a sentence that a person understands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from badges.standards.signer import PublicKey
from badges.vocab.view import CredentialView
from badges.wording import Wording


class Outcome(StrEnum):
    """How one check ended. Unknown: it could not be made; nothing was found against the badge or for it."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


class Verdict(StrEnum):
    """What all checks together say. Not a badge: everything about it holds, but it is something else than a badge."""

    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN = "unknown"
    NOT_A_BADGE = "not-a-badge"


class CredentialKind(StrEnum):
    """What was handed in. CLR: a record that holds badges. Presentation: what a wallet hands over to show badges.
    Other: any other verifiable credential.

    Description: a document that describes a badge or an issuer; before 3.0 also a key, or a list of withdrawn badges.
    """

    BADGE = "badge"
    ENDORSEMENT = "endorsement"
    CLR = "clr"
    PRESENTATION = "presentation"
    STATUS_LIST = "status-list"
    OTHER = "other"
    DESCRIPTION = "description"

    @property
    def is_of_open_badges(self) -> bool:
        """Whether it may be called valid without a word on what it is: no list, and no credential for other uses."""
        return self not in (CredentialKind.STATUS_LIST, CredentialKind.OTHER, CredentialKind.DESCRIPTION)


class Format(StrEnum):
    """In which form the badge came."""

    OB3_EMBEDDED = "ob3-embedded"
    OB3_JWT = "ob3-jwt"
    OB2_HOSTED = "ob2-hosted"
    OB2_SIGNED = "ob2-signed"
    OB3_DESCRIPTION = "ob3-description"
    OB2_DESCRIPTION = "ob2-description"
    OB1_HOSTED = "ob1-hosted"
    OB1_SIGNED = "ob1-signed"
    OB0_5_HOSTED = "ob0.5-hosted"
    UNRECOGNISED = "unrecognised"


class CheckName(StrEnum):
    """The checks, in the order in which they are made."""

    SHAPE = "shape"
    PROOF = "proof"
    ISSUER = "issuer"
    REFRESH = "refresh"
    STATUS = "status"
    VALIDITY = "validity"
    RECIPIENT = "recipient"
    ENDORSEMENTS = "endorsements"
    CONTENTS = "contents"


@dataclass(frozen=True, slots=True)
class Finding:
    """How something ended and why, before it is put under the name of a check.

    message: one plain sentence. mend: who can put it right and how, or None when there is nothing to mend.
    details: for the technical part of the page, such as the names of undefined terms.
    """

    outcome: Outcome
    message: Wording
    mend: Wording | None = None
    details: tuple[Wording, ...] = ()

    def under(self, name: CheckName) -> Check:
        """This finding as the result of the check `name`."""
        return Check(name, self.outcome, self.message, self.mend, self.details)


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check. The members are those of `Finding`."""

    name: CheckName
    outcome: Outcome
    message: Wording
    mend: Wording | None = None
    details: tuple[Wording, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """The image file that was handed in with the badge inside it. media_type: image/png or image/svg+xml."""

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class SeenDocument:
    """A document that a check asked for. answer: what came of it, in words."""

    url: str
    answer: Wording


class TrustStanding(StrEnum):
    """Whether whoever awarded a badge is known here. UNPROVEN: it is not certain who that was, so nobody was looked
    up. None of these is for or against the badge.
    """

    CAMPAIGN = "campaign"
    KNOWN = "known"
    NOT_LISTED = "not-listed"
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True)
class Trust:
    """What is known about whoever awarded a badge.

    sentence: for people. note: a second one where something is to be added. list_name, list_issued: of the list that
    was looked into; "" and None if none was.
    """

    standing: TrustStanding
    sentence: Wording
    note: Wording | None = None
    list_name: str = ""
    list_issued: datetime | None = None


@dataclass(frozen=True, slots=True)
class Inside:
    """A credential inside the one that was handed in, verified in its own right.

    place: the check that it belongs to (endorsements or contents). doubt: why it does not count here although it
    may hold by itself.
    """

    place: CheckName
    report: Report
    doubt: Wording | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the verifier found out.

    kind: None if nothing was recognised. view: what the badge says, as far as it could be read. text: the badge
    itself, as it was handed in. inside: the credentials that it carries, each with a report of its own.
    judged_instead: the address of a newer version of what was handed in, where the whole report (text and picture
    too) is about that one; else "". newer_version: its address, where the report is about the older one; else "".
    trust: about whoever awarded it, if that was asked; the verdict does not depend on it.
    key: the one that signed it (3.0), None if it was not found.
    hides_its_end: it is a partial copy that does not show whether the badge was withdrawn, or when it ends.
    """

    verdict: Verdict
    format: Format
    checks: tuple[Check, ...]
    kind: CredentialKind | None = None
    view: CredentialView | None = None
    inside: tuple[Inside, ...] = ()
    text: str = ""
    picture: Picture | None = None
    documents: tuple[SeenDocument, ...] = ()
    trust: Trust | None = None
    judged_instead: str = ""
    hides_its_end: bool = False
    newer_version: str = ""
    key: PublicKey | None = None

    def check(self, name: CheckName) -> Check:
        """The result of the check of this name; every report has each check once."""
        return next(check for check in self.checks if check.name is name)


def decide_verdict(outcomes: Iterable[Outcome], kind: CredentialKind | None = CredentialKind.BADGE) -> Verdict:
    """Return the verdict of these checks: one failure makes it invalid, else one doubt makes it unknown.

    Checks that were skipped say nothing; if all were, nothing is known. kind: what was handed in.
    """
    found = set(outcomes)
    if Outcome.FAILED in found:
        return Verdict.INVALID
    if Outcome.UNKNOWN in found or not found - {Outcome.SKIPPED}:
        return Verdict.UNKNOWN
    return Verdict.VALID if kind is None or kind.is_of_open_badges else Verdict.NOT_A_BADGE


_GRAVITY = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.WARNING, Outcome.PASSED, Outcome.SKIPPED)


def gravest(findings: Iterable[Finding]) -> Finding:
    """Return the finding that counts when several are made on one question; the first among equals.

    findings: at least one.
    """
    return min(findings, key=lambda finding: _GRAVITY.index(finding.outcome))
