"""The W3C's data models of verifiable credentials and presentations as a table: what every kind has in common.

Used for credentials that are no badge (Open Badges has a stricter table of its own, `ob3/model.py`), and by
the test-only VC API. Members that the table does not know are no fault of the shape.
"""

from __future__ import annotations

from typing import Final

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
from badges.standards.vc.rules import (
    check_contexts,
    check_digest,
    check_encoded_list,
    check_envelope,
    check_period,
    check_related,
    check_status_entry,
    check_subject,
    is_data_model_1,
)
from badges.vocab.json import JsonValue

VERIFIABLE_CREDENTIAL: Final = "VerifiableCredential"
VERIFIABLE_PRESENTATION: Final = "VerifiablePresentation"
STATUS_LIST_CREDENTIAL: Final = "BitstringStatusListCredential"

_ID: Final = Property(Kind.ID)
_REQUIRED_ID: Final = Property(Kind.ID, Need.REQUIRED)
_WORDS: Final = Property(Kind.LANGUAGE_VALUE)
_MOMENT: Final = Property(Kind.MOMENT)
_TEXT: Final = Property(Kind.TEXT)
_CONTEXT: Final = Property(Kind.ANY, Need.REQUIRED)


def _some(class_name: str, need: Need = Need.OPTIONAL) -> Property:
    """One object or a list of them."""
    return Property(Kind.OBJECT, need, Count.FREE, (class_name,))


def _class(section: str, properties: dict[str, Property], *rules: Rule) -> ShapeClass:
    """A class whose `type` may be anything, but must be there."""
    return ShapeClass(f"VC Data Model 2.0, section {section}", properties, rules=rules)


_CREDENTIAL: Final = {
    "@context": _CONTEXT,
    "id": _ID,
    "name": _WORDS,
    "description": _WORDS,
    "issuer": Property(Kind.OBJECT, Need.REQUIRED, classes=("Issuer",), link=Link.FINE),
    "credentialSubject": _some("Subject", Need.REQUIRED),
    "credentialStatus": Property(Kind.OBJECT, count=Count.FREE, classes=("Status", "BitstringStatusListEntry")),
    "credentialSchema": _some("Schema"),
    "refreshService": _some("RefreshService"),
    "termsOfUse": _some("TermsOfUse"),
    "evidence": _some("Evidence"),
    "relatedResource": _some("RelatedResource"),
}
_PERIOD_1: Final = {"issuanceDate": Property(Kind.MOMENT, Need.REQUIRED), "expirationDate": _MOMENT}
_PERIOD_2: Final = {"validFrom": _MOMENT, "validUntil": _MOMENT}
_CREDENTIAL_TYPES: Final = (frozenset({VERIFIABLE_CREDENTIAL}),)
_CREDENTIAL_RULES: Final = (check_contexts, check_period, check_related)

CLASSES: Final[dict[str, ShapeClass]] = {
    VERIFIABLE_CREDENTIAL: ShapeClass(
        "VC Data Model 2.0, section 4 “Basic Concepts”",
        _CREDENTIAL | _PERIOD_2,
        _CREDENTIAL_TYPES,
        rules=_CREDENTIAL_RULES,
        variant=lambda document: f"{VERIFIABLE_CREDENTIAL} 1.1" if is_data_model_1(document) else None,
    ),
    f"{VERIFIABLE_CREDENTIAL} 1.1": ShapeClass(
        "VC Data Model 1.1, section 4 “Basic Concepts”",
        _CREDENTIAL | _PERIOD_1,
        _CREDENTIAL_TYPES,
        rules=_CREDENTIAL_RULES,
    ),
    "Issuer": ShapeClass(
        "VC Data Model 2.0, section 4.7 “Issuer”",
        {"id": _REQUIRED_ID, "name": _WORDS, "description": _WORDS},
        type_need=Need.OPTIONAL,
    ),
    "Subject": ShapeClass(
        "VC Data Model 2.0, section 4.8 “Credential Subject”",
        {"id": _ID},
        type_need=Need.OPTIONAL,
        rules=(check_subject,),
    ),
    "Status": _class("4.10 “Status”", {"id": _ID}),
    "BitstringStatusListEntry": ShapeClass(
        "Bitstring Status List v1.0, section 2.1 “BitstringStatusListEntry”",
        {
            "id": _ID,
            "statusPurpose": Property(Kind.TEXT, Need.REQUIRED),
            "statusListIndex": Property(Kind.TEXT, Need.REQUIRED),
            "statusListCredential": _REQUIRED_ID,
            "statusReference": Property(Kind.ID, count=Count.FREE),
        },
        (frozenset({"BitstringStatusListEntry"}),),
        type_count=Count.ONE,
        rules=(check_status_entry,),
    ),
    "Schema": _class("4.11 “Data Schemas”", {"id": _REQUIRED_ID}),
    "RefreshService": _class("5.4 “Refreshing”", {"id": _ID}),
    "TermsOfUse": _class("5.5 “Terms of Use”", {"id": _ID}),
    "Evidence": _class("5.6 “Evidence”", {"id": _ID}),
    "RelatedResource": ShapeClass(
        "VC Data Model 2.0, section 5.3 “Integrity of Related Resources”",
        {"id": _REQUIRED_ID, "mediaType": _TEXT},
        type_need=Need.OPTIONAL,
        rules=(check_digest,),
    ),
    STATUS_LIST_CREDENTIAL: ShapeClass(
        "Bitstring Status List v1.0, section 2.2 “BitstringStatusListCredential”",
        _CREDENTIAL | _PERIOD_2 | {"credentialSubject": Property(Kind.OBJECT, Need.REQUIRED, classes=("StatusList",))},
        (
            frozenset({VERIFIABLE_CREDENTIAL}),
            frozenset({"BitstringStatusListCredential", "StatusList2021Credential"}),
        ),
        rules=_CREDENTIAL_RULES,
    ),
    "StatusList": ShapeClass(
        "Bitstring Status List v1.0, section 2.2 “BitstringStatusListCredential”",
        {
            "id": _ID,
            "statusPurpose": Property(Kind.TEXT, Need.REQUIRED, Count.FREE),
            "encodedList": Property(Kind.TEXT, Need.REQUIRED),
            "ttl": Property(Kind.NUMBER),
        },
        (frozenset({"BitstringStatusList", "StatusList2021"}),),
        rules=(check_encoded_list,),
    ),
    VERIFIABLE_PRESENTATION: ShapeClass(
        "VC Data Model 2.0, section 4.13 “Verifiable Presentations”",
        {
            "@context": _CONTEXT,
            "id": _ID,
            "holder": Property(Kind.OBJECT, classes=("Holder",), link=Link.FINE),
            "verifiableCredential": Property(
                Kind.OBJECT, count=Count.FREE, classes=(VERIFIABLE_CREDENTIAL, "EnvelopedVerifiableCredential")
            ),
            "termsOfUse": _some("TermsOfUse"),
        },
        (frozenset({VERIFIABLE_PRESENTATION}),),
        rules=(check_contexts,),
    ),
    "Holder": ShapeClass(
        "VC Data Model 2.0, section 4.13 “Verifiable Presentations”", {"id": _REQUIRED_ID}, type_need=Need.OPTIONAL
    ),
    "EnvelopedVerifiableCredential": ShapeClass(
        "VC Data Model 2.0, section 4.13.1 “Enveloped Verifiable Credentials”",
        {"@context": _CONTEXT, "id": Property(Kind.TEXT, Need.REQUIRED)},
        (frozenset({"EnvelopedVerifiableCredential"}),),
        rules=(check_envelope,),
    ),
}


def check_shape(document: JsonValue, expected_class: str = VERIFIABLE_CREDENTIAL) -> list[ShapeProblem]:
    """Return everything about the document that does not fit the data model; an empty list if it fits.

    document: any JSON. expected_class: a name in CLASSES. Never raises on what the document holds.
    Source: VC Data Model 2.0, sections 4, 5 and 11.1; VC Data Model 1.1 where the first context says so.
    """
    return check_document(CLASSES, document, expected_class)
