"""The data model of the Comprehensive Learner Record 2.0."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from badges.standards.clr.model import check_shape
from badges.standards.shapes import Severity
from badges.vocab.json import JsonObject

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
ASSOCIATION = {
    "type": "Association",
    "associationType": "isParentOf",
    "sourceId": "urn:uuid:1",
    "targetId": "urn:uuid:2",
}


def record(**changes: Any) -> JsonObject:
    document: JsonObject = {
        "@context": CONTEXTS,
        "id": "urn:uuid:3",
        "type": ["VerifiableCredential", "ClrCredential"],
        "issuer": {"id": "did:example:issuer", "type": ["Profile"]},
        "validFrom": "2026-01-01T00:00:00Z",
        "name": "What Sam learned",
        "partial": True,
        "credentialSubject": {
            "id": "did:example:sam",
            "type": ["ClrSubject"],
            "verifiableCredential": ["a.b.c", {"type": "whatever it is, it is verified by itself"}],
            "association": [ASSOCIATION],
        },
    }
    return {name: value for name, value in (document | copy.deepcopy(changes)).items() if value is not None}


def subject(**changes: Any) -> JsonObject:
    """A change of the record's subject."""
    found = record()["credentialSubject"] | changes
    return {"credentialSubject": {name: value for name, value in found.items() if value is not None}}


def errors(document: JsonObject) -> list[str]:
    return [problem.path for problem in check_shape(document) if problem.severity is Severity.ERROR]


def test_accepts_a_record() -> None:
    assert errors(record()) == []


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"@context": CONTEXTS[:1]}, "/@context/1"),
        ({"@context": [CONTEXTS[0], CONTEXTS[2], CONTEXTS[1]]}, "/@context/1"),
        ({"@context": CONTEXTS[:2]}, "/@context/2"),
        ({"@context": CONTEXTS[1:]}, "/@context/0"),
        ({"type": ["VerifiableCredential"]}, "/type"),
        ({"id": None}, "/id"),
        ({"name": None}, "/name"),
        ({"partial": "yes"}, "/partial"),
        ({"validFrom": None}, "/validFrom"),
        ({"issuer": {"id": "did:example:issuer"}}, "/issuer/type"),
        (subject(type=["AchievementSubject"]), "/credentialSubject/type"),
        (subject(verifiableCredential=None), "/credentialSubject/verifiableCredential"),
        (subject(verifiableCredential=[]), "/credentialSubject/verifiableCredential"),
        (subject(id=None), "/credentialSubject"),
        (subject(achievement=[{"type": ["Achievement"]}]), "/credentialSubject/achievement/0/id"),
        (subject(association=[ASSOCIATION | {"associationType": "likes"}]),
         "/credentialSubject/association/0/associationType"),
        (subject(association=[ASSOCIATION | {"targetId": "x"}]), "/credentialSubject/association/0/targetId"),
    ],
)  # fmt: skip
def test_refuses(changes: JsonObject, path: str) -> None:
    assert path in errors(record(**changes))
