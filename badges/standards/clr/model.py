"""The Comprehensive Learner Record 2.0 as a table: a signed record that holds signed badges.

What a record shares with badges (profiles, achievements, endorsements) is the table of Open Badges 3.0. The
credentials inside a record are verified each in its own right, so the table looks at none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from badges.standards.ob3.model import CLASSES as OB3_CLASSES
from badges.standards.ob3.rules import check_dates, check_names_of_version, check_subject
from badges.standards.primitives import Kind
from badges.standards.shapes import (
    Count,
    Need,
    Property,
    Severity,
    ShapeClass,
    ShapeProblem,
    check_document,
    join_path,
)
from badges.standards.vc.rules import check_contexts as check_base_contexts
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import say

CLR_CREDENTIAL: Final = "ClrCredential"
CLR_CONTEXT: Final = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
ASSOCIATION_TYPES: Final = frozenset(
    (
        "exactMatchOf",
        "isChildOf",
        "isParentOf",
        "isPartOf",
        "isPeerOf",
        "isRelatedTo",
        "precedes",
        "replacedBy",
    )
)

_ANY_CLR_CONTEXT: Final = re.compile(r"https://purl\.imsglobal\.org/spec/clr/v2p0/context(-2\.\d\.\d)?\.json", re.ASCII)
_ANY_OB_CONTEXT: Final = re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.\d\.\d)?\.json", re.ASCII)
_CONTEXT_SOURCE: Final = "CLR 2.0, “JSON-LD Context”"
_NAME: Final = Property(Kind.LOCALISED, Need.REQUIRED)


def check_contexts(document: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """First the context of verifiable credentials, then that of CLR, then that of Open Badges."""
    yield from check_base_contexts(document, path)
    contexts = document.get("@context")
    if not isinstance(contexts, list):
        return
    for position, pattern, name in ((1, _ANY_CLR_CONTEXT, "CLR 2.0"), (2, _ANY_OB_CONTEXT, "Open Badges 3.0")):
        context = contexts[position] if len(contexts) > position else None
        if not isinstance(context, str) or not pattern.fullmatch(context):
            message = say("Context %(number)d must be that of %(name)s.", number=position + 1, name=name)
            yield ShapeProblem(
                join_path(join_path(path, "@context"), position), message, Severity.ERROR, _CONTEXT_SOURCE
            )


_CREDENTIAL: Final = {
    name: rule
    for name, rule in OB3_CLASSES["AchievementCredential"].properties.items()
    if name not in ("image", "evidence")
}

CLASSES: Final[dict[str, ShapeClass]] = dict(OB3_CLASSES) | {
    CLR_CREDENTIAL: ShapeClass(
        "CLR 2.0, “ClrCredential”",
        _CREDENTIAL
        | {
            "name": _NAME,
            "partial": Property(Kind.BOOLEAN),
            "credentialSubject": Property(Kind.OBJECT, Need.REQUIRED, classes=("ClrSubject",)),
        },
        (frozenset({"VerifiableCredential"}), frozenset({CLR_CREDENTIAL})),
        rules=(check_contexts, check_dates, check_names_of_version),
    ),
    "ClrSubject": ShapeClass(
        "CLR 2.0, “ClrSubject”",
        {
            "id": Property(Kind.ID),
            "identifier": Property(Kind.OBJECT, count=Count.SET, classes=("IdentityObject",)),
            "achievement": Property(Kind.OBJECT, count=Count.SET, classes=("Achievement",)),
            "verifiableCredential": Property(Kind.ANY, Need.REQUIRED, Count.SET),
            "association": Property(Kind.OBJECT, count=Count.SET, classes=("Association",)),
        },
        (frozenset({"ClrSubject"}),),
        rules=(check_subject,),
    ),
    "Association": ShapeClass(
        "CLR 2.0, “Association”",
        {
            "associationType": Property(Kind.WORD, Need.REQUIRED, choices=ASSOCIATION_TYPES),
            "sourceId": Property(Kind.ID, Need.REQUIRED),
            "targetId": Property(Kind.ID, Need.REQUIRED),
        },
        (frozenset({"Association"}),),
    ),
}


def check_shape(document: JsonValue, expected_class: str = CLR_CREDENTIAL) -> list[ShapeProblem]:
    """Return everything about the document that does not fit the data model; an empty list if it fits.

    document: any JSON. expected_class: a name in CLASSES. Never raises on what the document holds.
    Source: CLR 2.0, "Data Models", "Serialization".
    """
    return check_document(CLASSES, document, expected_class, empty_source="CLR 2.0, “JSON”")
