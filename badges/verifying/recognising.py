"""Which form of badge a JSON document is, judged loosely: what is wrong with it is for the checks to say."""

from __future__ import annotations

from typing import Final

from badges.standards.ob1.versions import OB1_CONTEXTS, is_old_assertion, version_of
from badges.verifying import no_badge
from badges.verifying.descriptions import class_described, ob3_class_described, spells_out_context
from badges.verifying.reading import as_list, as_text, member, types_of
from badges.verifying.report import Finding, Format, Outcome
from badges.vocab.json import JsonObject
from badges.vocab.view import BadgeVersion
from badges.wording import say

_CREDENTIAL_CONTEXTS: Final = (
    "https://www.w3.org/ns/credentials/v",
    "https://www.w3.org/2018/credentials/v1",
)
_OB2_CONTEXTS: Final = (
    "https://w3id.org/openbadges/v2",
    "http://w3id.org/openbadges/v2",
    "https://openbadgespec.org/v2/",
    "https://purl.imsglobal.org/spec/ob/v2p1/",
)
_SIGNED: Final = frozenset({"SignedBadge", "signed"})


def recognise(document: JsonObject) -> Format | Finding:
    """Return the form of badge that an unsigned text holds, or why it is none."""
    if ob3_class_described(document):
        return Format.OB3_DESCRIPTION
    if _is_credential(document):
        return Format.OB3_EMBEDDED
    if _is_description(document):
        return Format.OB2_DESCRIPTION
    if not _is_assertion(document):
        return _no_badge()
    kinds = as_list(member(document.get("verification", document.get("verify")), "type"))
    is_signed = any(as_text(kind) in _SIGNED for kind in kinds)
    version = version_of(document)
    if version is BadgeVersion.OB0_5:
        return Format.OB0_5_HOSTED
    if version is BadgeVersion.OB2:
        return Format.OB2_SIGNED if is_signed else Format.OB2_HOSTED
    return Format.OB1_SIGNED if is_signed else Format.OB1_HOSTED


def recognise_payload(payload: JsonObject) -> Format | Finding:
    """Return the form of badge that a signed text (JWT, JWS) holds, or why it is none."""
    if _is_credential(payload) or isinstance(payload.get("vc"), dict):
        return Format.OB3_JWT
    if _is_description(payload) or not _is_assertion(payload):
        return _no_badge()
    return Format.OB2_SIGNED if version_of(payload) is BadgeVersion.OB2 else Format.OB1_SIGNED


def _is_credential(document: JsonObject) -> bool:
    return "VerifiableCredential" in types_of(document) or _has_context(document, *_CREDENTIAL_CONTEXTS)


def _is_assertion(document: JsonObject) -> bool:
    """An endorsement is an assertion too, about something else than a person."""
    is_typed = not types_of(document).isdisjoint({"Assertion", "Endorsement"})
    return is_typed or is_old_assertion(document) or _has_context(document, *_OB2_CONTEXTS, *OB1_CONTEXTS)


def _is_description(document: JsonObject) -> bool:
    """A known class, or only types that are addresses, or none; never what claims to be a badge."""
    types = types_of(document) - {""}
    if not types.isdisjoint({"Assertion", "Endorsement"}) or is_old_assertion(document):
        return False
    is_ours = spells_out_context(document) or _has_context(document, *_OB2_CONTEXTS, *OB1_CONTEXTS)
    if class_described(document):
        return is_ours or "@context" not in document
    return is_ours and "recipient" not in document and all(":" in name for name in types)


def _has_context(document: JsonObject, *beginnings: str) -> bool:
    return any(as_text(each).startswith(beginnings) for each in as_list(document.get("@context")))


def _no_badge() -> Finding:
    return Finding(Outcome.FAILED, no_badge.IN_DOCUMENT, say("Ask the holder for the file or the link again."))
