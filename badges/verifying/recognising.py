"""Which form of badge a JSON document is, judged loosely: what is wrong with it is for the checks to say."""

from __future__ import annotations

from typing import Final

from badges.standards.ob1.versions import OB1_CONTEXTS, is_old_assertion, version_of
from badges.verifying.reading import as_list, as_text, member, types_of
from badges.verifying.report import Finding, Format, Outcome
from badges.vocab.json import JsonObject
from badges.vocab.view import BadgeVersion
from badges.wording import say

_CREDENTIAL_CONTEXTS: Final = (
    "https://www.w3.org/ns/credentials/v",
    "https://www.w3.org/2018/credentials/v1",
)
_OB2_CONTEXTS: Final = ("https://w3id.org/openbadges/v2", "https://purl.imsglobal.org/spec/ob/v2p1/")
_SIGNED: Final = frozenset({"SignedBadge", "signed"})
_OB2_OTHERS: Final = frozenset({"BadgeClass", "Issuer", "Profile", "CryptographicKey", "RevocationList"})


def recognise(document: JsonObject) -> Format | Finding:
    """Return the form of badge that an unsigned text holds, or why it is none."""
    if _is_credential(document):
        return Format.OB3_EMBEDDED
    if not _is_assertion(document):
        return _no_badge(document)
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
    if not _is_assertion(payload):
        return _no_badge(payload)
    return Format.OB2_SIGNED if version_of(payload) is BadgeVersion.OB2 else Format.OB1_SIGNED


def _is_credential(document: JsonObject) -> bool:
    return "VerifiableCredential" in types_of(document) or _has_context(document, *_CREDENTIAL_CONTEXTS)


def _is_assertion(document: JsonObject) -> bool:
    if "Assertion" in types_of(document) or is_old_assertion(document):
        return True
    return _has_context(document, *_OB2_CONTEXTS, *OB1_CONTEXTS) and types_of(document).isdisjoint(_OB2_OTHERS)


def _has_context(document: JsonObject, *beginnings: str) -> bool:
    return any(as_text(each).startswith(beginnings) for each in as_list(document.get("@context")))


def _no_badge(document: JsonObject) -> Finding:
    if not types_of(document).isdisjoint(_OB2_OTHERS):
        message = say("This describes badges or who awards them. It is not a badge that somebody was awarded.")
        return Finding(Outcome.FAILED, message, say("Ask the holder for the badge itself."))
    message = say("This is not a badge: we found no badge in it.")
    return Finding(Outcome.FAILED, message, say("Ask the holder for the file or the link again."))
