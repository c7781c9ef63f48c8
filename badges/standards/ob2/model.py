"""The Open Badges 2.0 data model as a table, and what about a document does not fit it.

Version 2.0 is free in its form: nearly every list may be a single value, and nearly every object its address.
"""

from __future__ import annotations

from typing import Final

from badges.standards.ob2.issuer_rules import check_profile, check_revocations, check_revoked_entry, check_scope
from badges.standards.ob2.rules import (
    check_context,
    check_criteria,
    check_dates,
    check_hosted_image,
    check_identity,
    check_image,
    check_signed,
    is_revoked,
)
from badges.standards.ob2.types import check_types
from badges.standards.primitives import Kind
from badges.standards.shapes import (
    Count,
    Link,
    Need,
    Property,
    Rule,
    ShapeClass,
    ShapeProblem,
    check_document,
)
from badges.vocab.json import JsonValue

_TEXT: Final = Property(Kind.TEXT)
_NAME: Final = Property(Kind.TEXT, Need.REQUIRED)
_TEXTS: Final = Property(Kind.TEXT, count=Count.FREE)
_ID: Final = Property(Kind.ID)
_REQUIRED_ID: Final = Property(Kind.ID, Need.REQUIRED)
_MOMENT: Final = Property(Kind.ISO_MOMENT)
_REQUIRED_MOMENT: Final = Property(Kind.ISO_MOMENT, Need.REQUIRED)
_CONTEXT: Final = Property(Kind.ANY)
_LANGUAGE: Final = Property(Kind.LANGUAGE)


def _linked(class_name: str, need: Need = Need.OPTIONAL, count: Count = Count.ONE) -> Property:
    """An object of the class, or its address."""
    return Property(Kind.OBJECT, need, count, (class_name,), link=Link.FINE)


def _class(
    name: str,
    properties: dict[str, Property],
    types: set[str],
    *,
    type_need: Need = Need.REQUIRED,
    rules: tuple[Rule, ...] = (),
) -> ShapeClass:
    groups = (frozenset(types),) if types else ()
    return ShapeClass(f"Open Badges 2.0, “{name}”", properties, groups, type_need, rules=rules)


_HOSTED_TYPES: Final = {"HostedBadge", "hosted", "SignedBadge", "signed"}

CLASSES: Final[dict[str, ShapeClass]] = {
    "Assertion": ShapeClass(
        "Open Badges 2.0, “Assertion”",
        {
            "@context": _CONTEXT,
            "id": _REQUIRED_ID,
            "@language": _LANGUAGE,
            "recipient": Property(Kind.OBJECT, Need.REQUIRED, classes=("IdentityObject",)),
            "badge": _linked("BadgeClass", Need.REQUIRED),
            "verification": Property(Kind.OBJECT, Need.REQUIRED, classes=("VerificationObject",)),
            "issuedOn": _REQUIRED_MOMENT,
            "expires": _MOMENT,
            "image": _linked("Image"),
            "evidence": _linked("Evidence", count=Count.FREE),
            "narrative": _TEXT,
            "revoked": Property(Kind.BOOLEAN),
            "revocationReason": _TEXT,
            "endorsement": _linked("Endorsement", count=Count.FREE),
            "related": _linked("Related", count=Count.FREE),
        },
        (frozenset({"Assertion"}),),
        rules=(check_context, check_dates, check_hosted_image),
        variant=lambda document: "RevokedAssertion" if is_revoked(document) else None,
    ),
    "RevokedAssertion": _class(
        "HostedBadge Verification",
        {
            "@context": _CONTEXT,
            "id": _REQUIRED_ID,
            "revoked": Property(Kind.BOOLEAN),
            "revocationReason": _TEXT,
        },
        {"Assertion"},
        type_need=Need.OPTIONAL,
        rules=(check_context,),
    ),
    "BadgeClass": _class(
        "BadgeClass",
        {
            "@context": _CONTEXT,
            "id": _REQUIRED_ID,
            "name": _NAME,
            "@language": _LANGUAGE,
            "description": _NAME,
            "image": _linked("Image", Need.ADVISED),
            "criteria": _linked("Criteria", Need.REQUIRED),
            "issuer": _linked("Profile", Need.REQUIRED),
            "alignment": _linked("AlignmentObject", count=Count.FREE),
            "tags": _TEXTS,
            "version": Property(Kind.ANY),
            "endorsement": _linked("Endorsement", count=Count.FREE),
            "related": _linked("Related", count=Count.FREE),
        },
        {"BadgeClass"},
        rules=(check_context, check_image),
    ),
    "Profile": _class(
        "Profile",
        {
            "@context": _CONTEXT,
            "id": _REQUIRED_ID,
            "name": _NAME,
            "url": _REQUIRED_ID,
            "email": _NAME,
            "@language": _LANGUAGE,
            "telephone": _TEXT,
            "description": _TEXT,
            "image": _linked("Image"),
            "publicKey": _linked("CryptographicKey", count=Count.FREE),
            "verification": _linked("IssuerVerification"),
            "revocationList": _linked("RevocationList"),
            "endorsement": _linked("Endorsement", count=Count.FREE),
            "related": _linked("Related", count=Count.FREE),
        },
        {"Issuer", "Profile"},
        rules=(check_context, check_profile, check_image),
    ),
    "IdentityObject": _class(
        "IdentityObject",
        {
            "identity": _NAME,
            "type": Property(Kind.ANY),
            "hashed": Property(Kind.BOOLEAN, Need.REQUIRED),
            "salt": _TEXT,
        },
        set(),
        rules=(check_identity,),
    ),
    "VerificationObject": _class(
        "VerificationObject",
        {
            "creator": _linked("CryptographicKey"),
            "url": _ID,
            "verificationProperty": _TEXT,
            "startsWith": _TEXTS,
            "allowedOrigins": _TEXTS,
        },
        _HOSTED_TYPES,
        rules=(check_signed,),
    ),
    "IssuerVerification": _class(
        "VerificationObject",
        {"verificationProperty": _TEXT, "startsWith": _TEXTS, "allowedOrigins": _TEXTS},
        set(),
        type_need=Need.OPTIONAL,
        rules=(check_scope,),
    ),
    "CryptographicKey": _class(
        "CryptographicKey",
        {
            "@context": _CONTEXT,
            "id": _REQUIRED_ID,
            "owner": _linked("Profile", Need.REQUIRED),
            "publicKeyPem": _NAME,
        },
        {"CryptographicKey", "Key"},
        type_need=Need.OPTIONAL,
    ),
    "RevocationList": _class(
        "RevocationList",
        {
            "@context": _CONTEXT,
            "id": _REQUIRED_ID,
            "issuer": _linked("Profile", Need.ADVISED),
            "revokedAssertions": Property(Kind.OBJECT, count=Count.FREE, classes=("RevokedEntry",), link=Link.FINE),
        },
        {"RevocationList"},
        rules=(check_context, check_revocations),
    ),
    "RevokedEntry": _class(
        "RevocationList",
        {"id": _ID, "uid": _TEXT, "revoked": Property(Kind.BOOLEAN), "revocationReason": _TEXT},
        set(),
        type_need=Need.OPTIONAL,
        rules=(check_revoked_entry,),
    ),
    "Image": _class(
        "Image",
        {"id": _REQUIRED_ID, "caption": _TEXT, "author": _linked("Related")},
        set(),
        type_need=Need.OPTIONAL,
    ),
    "Criteria": _class(
        "Criteria", {"id": _ID, "narrative": _TEXT}, set(), type_need=Need.OPTIONAL, rules=(check_criteria,)
    ),
    "Evidence": _class(
        "Evidence",
        {"id": _ID} | dict.fromkeys(("narrative", "name", "description", "genre", "audience"), _TEXT),
        set(),
        type_need=Need.OPTIONAL,
    ),
    "AlignmentObject": _class(
        "AlignmentObject",
        {"targetName": _NAME, "targetUrl": _REQUIRED_ID}
        | dict.fromkeys(("targetDescription", "targetFramework", "targetCode"), _TEXT),
        set(),
        type_need=Need.OPTIONAL,
    ),
    "Endorsement": _class(
        "Endorsement",
        {
            "@context": _CONTEXT,
            "id": _REQUIRED_ID,
            "issuer": _linked("Profile", Need.REQUIRED),
            "@language": _LANGUAGE,
            "claim": Property(Kind.OBJECT, Need.REQUIRED, classes=("EndorsementClaim",)),
            "issuedOn": _REQUIRED_MOMENT,
            "verification": Property(Kind.OBJECT, Need.REQUIRED, classes=("VerificationObject",)),
        },
        {"Endorsement"},
        rules=(check_context,),
    ),
    "EndorsementClaim": _class(
        "EndorsementClaim",
        {"id": _REQUIRED_ID, "endorsementComment": _TEXT},
        set(),
        type_need=Need.OPTIONAL,
    ),
    "Related": _class("related", {"id": _ID}, set(), type_need=Need.OPTIONAL),
}


def check_shape(document: JsonValue, expected_class: str = "Assertion") -> list[ShapeProblem]:
    """Return everything about the document that does not fit the data model; an empty list if it fits.

    document: any JSON. expected_class: a name in CLASSES ("Profile" for an issuer). Never raises on what the
    document holds.
    Source: Open Badges 2.0, "Open Badges Vocabulary"; the official validators' property checks.
    """
    return [*check_document(CLASSES, document, expected_class), *check_types(document)]
