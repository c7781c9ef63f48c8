"""Whether a badge inside a learner record is about the person that the record is about."""

from __future__ import annotations

from badges.standards.identity import identity_matches
from badges.verifying.report import CheckName, CredentialKind, Outcome, Report
from badges.vocab.view import CredentialView, IdentityView

_ABOUT_SOMEBODY = frozenset({CredentialKind.BADGE, CredentialKind.CLR})
_EMAIL_TYPES = frozenset({"emailAddress", "email"})


def is_tied_to(record: CredentialView, report: Report) -> bool:
    """Whether something shows that what is inside a record is about the record's person.

    The same id does, the same identity, or the e-mail address that was given. Different ids show nothing: issuers
    give a person a new one with each badge, so that nobody can follow them. What is about nobody, such as an
    endorsement, or could not be read, is left to other checks.

    Source: CLR 2.0, "ClrSubject" (id, identifier); Open Badges 3.0, "Verify the Recipient Using an Identifier".
    """
    badge = report.view
    if badge is None or report.kind not in _ABOUT_SOMEBODY:
        return True
    if record.subject_id and record.subject_id == badge.subject_id:
        return True
    if report.check(CheckName.RECIPIENT).outcome is Outcome.PASSED:
        return True
    return any(_is_same(one, other) for one in record.recipients for other in badge.recipients)


def _is_same(one: IdentityView, other: IdentityView) -> bool:
    """Two hashes with different salts cannot be compared. A hash is compared with an identity in plain letters."""
    if _type(one) != _type(other) or not one.identity or not other.identity:
        return False
    if one.hashed and other.hashed:
        return (one.identity.lower(), one.salt) == (other.identity.lower(), other.salt)
    if one.hashed or other.hashed:
        hashed, plain = (one, other) if one.hashed else (other, one)
        return identity_matches(hashed.identity, hashed.salt, plain.identity)
    return one.identity.strip().casefold() == other.identity.strip().casefold()


def _type(identity: IdentityView) -> str:
    return "email" if identity.identity_type in _EMAIL_TYPES else identity.identity_type
