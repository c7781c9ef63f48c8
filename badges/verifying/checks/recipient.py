"""Whether the badge was awarded to a certain e-mail address. The address is never written into the report."""

from __future__ import annotations

from badges.standards.identity import identity_matches
from badges.verifying.reading import as_list, as_text, member
from badges.verifying.report import CredentialKind, Finding, Outcome
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import say

# "email" stands in the 3.0 implementation guide by mistake, and in badges that were made after it.
_EMAIL_TYPES = frozenset({"emailAddress", "email"})


def check_recipient(document: JsonObject, email: str | None, kind: CredentialKind = CredentialKind.BADGE) -> Finding:
    """Check an e-mail address against the subject's identifiers (Open Badges 3.0). kind: what the credential is.

    Source: Open Badges 3.0, "Verify the Recipient Using an Identifier".
    """
    if email is None:
        return _not_asked()
    entries = as_list(member(document, "credentialSubject", "identifier"))
    if kind not in (CredentialKind.BADGE, CredentialKind.CLR):
        return Finding(Outcome.SKIPPED, say("This is awarded to nobody, so there was no e-mail address to compare."))
    if kind is CredentialKind.CLR and not entries:
        return Finding(Outcome.SKIPPED, say("The record names no e-mail address; we compared the badges in it."))
    found = [entry for entry in entries if as_text(member(entry, "identityType")) in _EMAIL_TYPES]
    return _judge([_fits(entry, "identityHash", email) for entry in found])


def check_recipient_ob2(assertion: JsonObject, email: str | None) -> Finding:
    """Check an e-mail address against the recipient of an assertion in the form of Open Badges 2.0.

    Source: Open Badges 2.0, "IdentityObject"; Open Badges 1.1, "IdentityHash".
    """
    if email is None:
        return _not_asked()
    recipient = assertion.get("recipient")
    if not any(as_text(each) in _EMAIL_TYPES for each in as_list(member(recipient, "type"))):
        return _judge([])
    return _judge([_fits(recipient, "identity", email)])


def _fits(entry: JsonValue, hash_member: str, email: str) -> bool:
    identity = as_text(member(entry, hash_member))
    if member(entry, "hashed") is True or identity.startswith(("sha256$", "sha1$", "md5$")):
        return identity_matches(identity, as_text(member(entry, "salt")), email)
    return bool(identity.strip()) and identity.strip().casefold() == email.strip().casefold()


def _judge(answers: list[bool]) -> Finding:
    if not answers:
        return Finding(
            Outcome.UNKNOWN,
            say("This badge does not say to which e-mail address it was awarded, so we cannot compare it."),
        )
    if any(answers):
        return Finding(Outcome.PASSED, say("This badge was awarded to the e-mail address that you gave."))
    return Finding(
        Outcome.FAILED,
        say("This badge was awarded to another e-mail address than the one that you gave."),
        say("Ask the holder which address they used; people often have more than one."),
    )


def _not_asked() -> Finding:
    return Finding(Outcome.SKIPPED, say("You gave no e-mail address, so we did not compare it."))
