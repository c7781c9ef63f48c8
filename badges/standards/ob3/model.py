"""The Open Badges 3.0 data model as a table, and what about a document does not fit it.

Used twice: as a lint before our own badge is signed, and as the first check of anybody's. The JSON Schemas
accept some documents which the official validator refuses (wrong types of nested objects, a subject that
nobody is, empty criteria); this covers both. Members that the table does not know are no fault of the shape.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from badges.standards.ob3.enumerations import (
    ACHIEVEMENT_TYPES,
    IDENTIFIER_TYPES,
    RESULT_STATUSES,
    RESULT_TYPES,
    TARGET_TYPES,
)
from badges.standards.ob3.rules import (
    check_contexts,
    check_criteria,
    check_dates,
    check_names_of_version,
    check_subject,
    is_data_model_1,
)
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

ACHIEVEMENT_CREDENTIAL: Final = "AchievementCredential"
ENDORSEMENT_CREDENTIAL: Final = "EndorsementCredential"

_TEXT: Final = Property(Kind.LOCALISED)
_NAME: Final = Property(Kind.LOCALISED, Need.REQUIRED)
_MOMENT: Final = Property(Kind.MOMENT)
_ID: Final = Property(Kind.ID)
_REQUIRED_ID: Final = Property(Kind.ID, Need.REQUIRED)
_ADDRESS: Final = Property(Kind.ADDRESS)
_IDENTIFIER_TYPE: Final = Property(Kind.CHOICE, Need.REQUIRED, choices=IDENTIFIER_TYPES)
# "email" stands in the implementation guide by mistake, and in badges that were made after it.
_IDENTITY_TYPE: Final = replace(_IDENTIFIER_TYPE, tolerated=frozenset({"email"}))


def _one(class_name: str, need: Need = Need.OPTIONAL) -> Property:
    return Property(Kind.OBJECT, need, classes=(class_name,))


def _set(class_name: str) -> Property:
    return Property(Kind.OBJECT, count=Count.SET, classes=(class_name,))


def _free(class_name: str) -> Property:
    """A set whose compacted form, a single value, is permitted: no warning."""
    return Property(Kind.OBJECT, count=Count.FREE, classes=(class_name,))


def _class(
    name: str,
    properties: dict[str, Property],
    *,
    type_count: Count = Count.FREE,
    closed: bool = False,
    rules: tuple[Rule, ...] = (),
) -> ShapeClass:
    """A class whose `type` contains its name."""
    source = f"Open Badges 3.0, “{name}”"
    return ShapeClass(source, properties, (frozenset({name}),), type_count=type_count, closed=closed, rules=rules)


def _service(name: str, properties: dict[str, Property]) -> ShapeClass:
    """A class whose `type` is any single text."""
    return ShapeClass(f"Open Badges 3.0, “{name}”", properties, type_count=Count.ONE)


_ENDORSEMENTS: Final = {
    "endorsement": _set(ENDORSEMENT_CREDENTIAL),
    "endorsementJwt": Property(Kind.COMPACT_JWS, count=Count.SET),
}
_CREDENTIAL: Final = {
    "@context": Property(Kind.ANY, Need.REQUIRED),
    "name": _TEXT,
    "description": _TEXT,
    "awardedDate": _MOMENT,
    "issuer": Property(Kind.OBJECT, Need.REQUIRED, classes=("Profile",), link=Link.WARNED),
    "evidence": _set("Evidence"),
    "proof": _free("Proof"),
    "credentialSchema": _free("CredentialSchema"),
    "credentialStatus": _one("CredentialStatus"),
    "refreshService": _one("RefreshService"),
    "termsOfUse": _free("TermsOfUse"),
}
_PERIOD_1: Final = {"issuanceDate": Property(Kind.MOMENT, Need.REQUIRED), "expirationDate": _MOMENT}
_PERIOD_2: Final = {"validFrom": Property(Kind.MOMENT, Need.REQUIRED), "validUntil": _MOMENT}
_ACHIEVEMENT_CREDENTIAL: Final = _CREDENTIAL | {
    "id": _REQUIRED_ID,
    "image": _one("Image"),
    "credentialSubject": _one("AchievementSubject", Need.REQUIRED),
    **_ENDORSEMENTS,
}
_ENDORSEMENT_CREDENTIAL: Final = _CREDENTIAL | {
    "id": _REQUIRED_ID,
    "name": _NAME,
    "credentialSubject": _one("EndorsementSubject", Need.REQUIRED),
}
_ACHIEVEMENT_TYPE_GROUPS: Final = (
    frozenset({"VerifiableCredential"}),
    frozenset({"AchievementCredential", "OpenBadgeCredential"}),
)
_ENDORSEMENT_TYPE_GROUPS: Final = (
    frozenset({"VerifiableCredential"}),
    frozenset({"EndorsementCredential"}),
)
_PERSON_NAMES: Final = dict.fromkeys(
    (
        "familyName",
        "givenName",
        "additionalName",
        "patronymicName",
        "honorificPrefix",
        "honorificSuffix",
        "familyNamePrefix",
    ),
    _TEXT,
)
_ADDRESS_LINES: Final = dict.fromkeys(
    (
        "addressCountry",
        "addressCountryCode",
        "addressRegion",
        "addressLocality",
        "streetAddress",
        "postOfficeBoxNumber",
        "postalCode",
    ),
    _TEXT,
)

CLASSES: Final[dict[str, ShapeClass]] = {
    "AchievementCredential": ShapeClass(
        "Open Badges 3.0, “AchievementCredential”",
        _ACHIEVEMENT_CREDENTIAL | _PERIOD_2,
        _ACHIEVEMENT_TYPE_GROUPS,
        rules=(check_contexts, check_dates, check_names_of_version),
        variant=lambda document: "AchievementCredential 1.1" if is_data_model_1(document) else None,
    ),
    "AchievementCredential 1.1": ShapeClass(
        "Open Badges 3.0, “AchievementCredential” (VC Data Model 1.1)",
        _ACHIEVEMENT_CREDENTIAL | _PERIOD_1,
        _ACHIEVEMENT_TYPE_GROUPS,
        rules=(check_contexts, check_dates),
    ),
    "EndorsementCredential": ShapeClass(
        "Open Badges 3.0, “EndorsementCredential”",
        _ENDORSEMENT_CREDENTIAL | _PERIOD_2,
        _ENDORSEMENT_TYPE_GROUPS,
        rules=(check_contexts, check_dates, check_names_of_version),
        variant=lambda document: "EndorsementCredential 1.1" if is_data_model_1(document) else None,
    ),
    "EndorsementCredential 1.1": ShapeClass(
        "Open Badges 3.0, “EndorsementCredential” (VC Data Model 1.1)",
        _ENDORSEMENT_CREDENTIAL
        | _PERIOD_1
        | {"id": Property(Kind.ID, Need.ADVISED), "name": Property(Kind.LOCALISED, Need.ADVISED)},
        _ENDORSEMENT_TYPE_GROUPS,
        rules=(check_contexts, check_dates),
    ),
    "AchievementSubject": _class(
        "AchievementSubject",
        {
            "id": _ID,
            "identifier": _set("IdentityObject"),
            "achievement": _one("Achievement", Need.REQUIRED),
            "activityStartDate": _MOMENT,
            "activityEndDate": _MOMENT,
            "creditsEarned": Property(Kind.NUMBER),
            "image": _one("Image"),
            "licenseNumber": _TEXT,
            "narrative": _TEXT,
            "result": _set("Result"),
            "role": _TEXT,
            "source": _one("Profile"),
            "term": _TEXT,
        },
        rules=(check_subject,),
    ),
    "EndorsementSubject": _class("EndorsementSubject", {"id": _REQUIRED_ID, "endorsementComment": _TEXT}),
    "Achievement": _class(
        "Achievement",
        {
            "id": _REQUIRED_ID,
            "name": _NAME,
            "description": _NAME,
            "criteria": _one("Criteria", Need.REQUIRED),
            "achievementType": Property(Kind.CHOICE, choices=ACHIEVEMENT_TYPES),
            "alignment": _set("Alignment"),
            "creator": _one("Profile"),
            "creditsAvailable": Property(Kind.NUMBER),
            "fieldOfStudy": _TEXT,
            "humanCode": _TEXT,
            "image": _one("Image"),
            "inLanguage": Property(Kind.LANGUAGE),
            "otherIdentifier": _set("IdentifierEntry"),
            "related": _set("Related"),
            "resultDescription": _set("ResultDescription"),
            "specialization": _TEXT,
            "tag": Property(Kind.LOCALISED, count=Count.SET),
            "version": _TEXT,
            **_ENDORSEMENTS,
        },
    ),
    "Profile": _class(
        "Profile",
        {
            "id": _REQUIRED_ID,
            "name": _TEXT,
            "url": _ADDRESS,
            "phone": _TEXT,
            "description": _TEXT,
            "image": _one("Image"),
            "email": _TEXT,
            "address": _one("Address"),
            "otherIdentifier": _set("IdentifierEntry"),
            "official": _TEXT,
            "parentOrg": _one("Profile"),
            "dateOfBirth": Property(Kind.DATE),
            **_PERSON_NAMES,
            **_ENDORSEMENTS,
        },
    ),
    "IdentityObject": _class(
        "IdentityObject",
        {
            "hashed": Property(Kind.BOOLEAN, Need.REQUIRED),
            "identityHash": _NAME,
            "identityType": _IDENTITY_TYPE,
            "salt": _TEXT,
        },
        type_count=Count.ONE,
        closed=True,
    ),
    "IdentifierEntry": _class(
        "IdentifierEntry",
        {"identifier": _NAME, "identifierType": _IDENTIFIER_TYPE},
        type_count=Count.ONE,
        closed=True,
    ),
    "Image": _class("Image", {"id": _REQUIRED_ID, "caption": _TEXT}, type_count=Count.ONE, closed=True),
    "Criteria": ShapeClass(
        "Open Badges 3.0, “Criteria”",
        {"id": _ID, "narrative": _TEXT},
        type_need=Need.OPTIONAL,
        rules=(check_criteria,),
    ),
    "Evidence": _class(
        "Evidence",
        {"id": _ID} | dict.fromkeys(("narrative", "name", "description", "genre", "audience"), _TEXT),
    ),
    "Alignment": _class(
        "Alignment",
        {
            "targetName": _NAME,
            "targetUrl": Property(Kind.ADDRESS, Need.REQUIRED),
            "targetCode": _TEXT,
            "targetDescription": _TEXT,
            "targetFramework": _TEXT,
            "targetType": Property(Kind.CHOICE, choices=TARGET_TYPES),
        },
    ),
    "Result": _class(
        "Result",
        {
            "achievedLevel": _ADDRESS,
            "alignment": _set("Alignment"),
            "resultDescription": _ADDRESS,
            "status": Property(Kind.WORD, choices=RESULT_STATUSES),
            "value": _TEXT,
        },
    ),
    "ResultDescription": _class(
        "ResultDescription",
        {
            "id": _REQUIRED_ID,
            "name": _NAME,
            "resultType": Property(Kind.CHOICE, Need.REQUIRED, choices=RESULT_TYPES),
            "alignment": _set("Alignment"),
            "allowedValue": Property(Kind.LOCALISED, count=Count.SET),
            "requiredLevel": _ADDRESS,
            "requiredValue": _TEXT,
            "rubricCriterionLevel": _set("RubricCriterionLevel"),
            "valueMax": _TEXT,
            "valueMin": _TEXT,
        },
    ),
    "RubricCriterionLevel": _class(
        "RubricCriterionLevel",
        {
            "id": _REQUIRED_ID,
            "name": _NAME,
            "alignment": _set("Alignment"),
            "description": _TEXT,
            "level": _TEXT,
            "points": _TEXT,
        },
    ),
    "Related": _class("Related", {"id": _REQUIRED_ID, "inLanguage": Property(Kind.LANGUAGE), "version": _TEXT}),
    "Address": _class("Address", {"geo": _one("GeoCoordinates"), **_ADDRESS_LINES}),
    "GeoCoordinates": _class(
        "GeoCoordinates",
        {
            "latitude": Property(Kind.NUMBER, Need.REQUIRED),
            "longitude": Property(Kind.NUMBER, Need.REQUIRED),
        },
        type_count=Count.ONE,
    ),
    "CredentialSchema": _service("CredentialSchema", {"id": _REQUIRED_ID}),
    "CredentialStatus": _service("CredentialStatus", {"id": Property(Kind.ID, Need.ADVISED)}),
    "RefreshService": _service("RefreshService", {"id": _REQUIRED_ID}),
    "TermsOfUse": _service("TermsOfUse", {"id": _ID}),
    "Proof": _service(
        "Proof",
        {"created": _MOMENT}
        | dict.fromkeys(
            (
                "cryptosuite",
                "challenge",
                "domain",
                "nonce",
                "proofPurpose",
                "proofValue",
                "verificationMethod",
            ),
            Property(Kind.TEXT),
        ),
    ),
}


def check_shape(document: JsonValue, expected_class: str = ACHIEVEMENT_CREDENTIAL) -> list[ShapeProblem]:
    """Return everything about the document that does not fit the data model; an empty list if it fits.

    document: any JSON. expected_class: a name in CLASSES. Never raises on what the document holds.
    Source: Open Badges 3.0, "Data Models", "Serialization"; the official validator's probes 3 to 9.
    """
    return check_document(CLASSES, document, expected_class, empty_source="Open Badges 3.0, “JSON”")
