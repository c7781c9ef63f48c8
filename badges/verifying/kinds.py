"""What a verifiable credential is: a badge, or what else; and how that is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from badges.errors import BadgesError
from badges.standards.reading import read_name
from badges.standards.status.bitstring import decode_bitstring
from badges.verifying.reading import as_list, as_text, member, types_of
from badges.verifying.report import CredentialKind, Finding, Outcome, gravest
from badges.vocab.json import JsonObject
from badges.wording import Wording, say

_KINDS: Final = (
    (frozenset({"AchievementCredential", "OpenBadgeCredential"}), CredentialKind.BADGE),
    (frozenset({"ClrCredential"}), CredentialKind.CLR),
    (frozenset({"EndorsementCredential"}), CredentialKind.ENDORSEMENT),
    (frozenset({"VerifiablePresentation"}), CredentialKind.PRESENTATION),
    (frozenset({"BitstringStatusListCredential", "StatusList2021Credential"}), CredentialKind.STATUS_LIST),
)
_GENERAL_TYPES: Final = frozenset({"VerifiableCredential", ""})


def kind_of(credential: JsonObject) -> CredentialKind:
    """Return what a credential is by what it says of itself; what is wrong with it is for the checks to say.

    A credential about an achievement is a badge, however it calls itself: as such it must stand or fall.
    """
    types = types_of(credential)
    for names, kind in _KINDS:
        if not types.isdisjoint(names):
            return kind
    subjects = [subject for subject in as_list(credential.get("credentialSubject")) if isinstance(subject, dict)]
    is_about_achievement = any(
        "achievement" in subject or "AchievementSubject" in types_of(subject) for subject in subjects
    )
    return CredentialKind.BADGE if is_about_achievement else CredentialKind.OTHER


def name_kind(finding: Finding, credential: JsonObject, kind: CredentialKind) -> Finding:
    """Return the finding on the shape of a credential with the sentence that says what it is, if it is no badge."""
    if kind is CredentialKind.STATUS_LIST:
        said = Finding(Outcome.WARNING, _describe_list(credential), details=_count_places(credential))
    elif kind is CredentialKind.OTHER:
        said = Finding(Outcome.WARNING, _describe_other(credential))
    else:
        return finding
    return finding if gravest([said, finding]) is finding else replace(said, details=said.details + finding.details)


def _describe_list(credential: JsonObject) -> Wording:
    purposes = as_list(member(credential, "credentialSubject", "statusPurpose"))
    if purposes == ["revocation"]:
        return say("This is a list of withdrawn badges, not a badge.")
    if purposes == ["suspension"]:
        return say("This is a list of suspended badges, not a badge.")
    return say("This is a list that says how badges stand, not a badge.")


def _count_places(credential: JsonObject) -> tuple[Wording, ...]:
    try:
        bitstring = decode_bitstring(as_text(member(credential, "credentialSubject", "encodedList")))
    except BadgesError:
        return ()  # said by the check of the shape
    marked = int.from_bytes(bitstring, "big").bit_count()
    return (say("Places in the list: %(size)d; marked: %(marked)d", size=len(bitstring) * 8, marked=marked),)


def _describe_other(credential: JsonObject) -> Wording:
    names = sorted(types_of(credential) - _GENERAL_TYPES)
    if not names:
        return say("This is a signed credential of no special kind, not an Open Badge.")
    kinds = read_name(", ".join(names))[:120]
    return say("This is a signed credential of the kind %(kind)s, not an Open Badge.", kind=kinds)
