"""The rules of the VC Data Model 2.0, one by one: each case names its section."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from badges.standards.shapes import Severity
from badges.standards.vc.model import check_shape
from badges.vocab.json import JsonObject

V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
SRI = "sha384-" + "A" * 64
RESOURCE = {"id": "https://a.example/1", "digestSRI": SRI}


def credential(**changes: Any) -> JsonObject:
    document: JsonObject = {
        "@context": [V2],
        "id": "https://university.example/credentials/1872",
        "type": ["VerifiableCredential"],
        "issuer": "did:example:issuer",
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:sam"},
    }
    return {name: value for name, value in (document | copy.deepcopy(changes)).items() if value is not ...}


def presentation(**changes: Any) -> JsonObject:
    document: JsonObject = {"@context": [V2], "type": ["VerifiablePresentation"]}
    return {name: value for name, value in (document | copy.deepcopy(changes)).items() if value is not ...}


def errors(document: JsonObject, name: str = "VerifiableCredential") -> list[str]:
    return [problem.path for problem in check_shape(document, name) if problem.severity is Severity.ERROR]


ENVELOPE = {"@context": V2, "id": "data:application/vc+jwt,eyJ.eyJ.abc", "type": "EnvelopedVerifiableCredential"}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"id": ...},
        {"validFrom": ...},
        {"validFrom": "2026-01-01T00:00:00.123-05:00", "validUntil": "2026-01-01T05:00:00.123Z"},
        {"@context": [V2, "https://a.example/context", {"word": "https://a.example/word"}]},
        {"type": ["VerifiableCredential", "AlumniCredential"]},
        {"issuer": {"id": "https://university.example", "name": "University"}},
        {"name": "Alumni"},
        {"name": {"@value": "Alumni", "@language": "en"}},
        {"name": {"@value": "Alumni", "@language": "en-GB", "@direction": "ltr"}},
        {"description": [{"@value": "a", "@language": "en"}, {"@value": "b", "@language": "fr"}]},
        {"issuer": {"id": "https://u.example", "name": {"@value": "جامعة", "@language": "ar", "@direction": "rtl"}}},
        {"credentialSubject": [{"id": "did:example:a"}, {"name": "b"}]},
        {"credentialStatus": {"type": "ExampleStatus"}},
        {"credentialStatus": [{"id": "https://a.example/1", "type": "A"}, {"type": ["B"]}]},
        {"credentialSchema": [{"id": "https://a.example/1", "type": "JsonSchema"}]},
        {"refreshService": {"type": "ExampleRefresh"}},
        {"termsOfUse": [{"type": "ExampleTerms"}]},
        {"evidence": {"id": "https://a.example/1", "type": ["Evidence"]}},
        {"relatedResource": [RESOURCE, RESOURCE | {"id": "https://a.example/2", "mediaType": "text/plain"}]},
        {"relatedResource": {"id": "https://a.example/1", "digestMultibase": "u" + "A" * 46}},
    ],
)
def test_accepts(changes: JsonObject) -> None:
    assert errors(credential(**changes)) == []


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        # 4.3 Contexts
        ({"@context": ...}, "/@context"),
        ({"@context": []}, "/@context"),
        ({"@context": V2}, "/@context"),
        ({"@context": ["https://a.example/context", V2]}, "/@context/0"),
        ({"@context": [V2, 5]}, "/@context/1"),
        ({"@context": [V2, "no address"]}, "/@context/1"),
        # 4.4 Identifiers
        ({"id": "no address"}, "/id"),
        ({"id": ["https://a.example/1", "https://a.example/2"]}, "/id"),
        ({"id": None}, "/id"),
        ({"credentialSubject": {"id": ["did:example:a", "did:example:b"]}}, "/credentialSubject/id"),
        ({"credentialSubject": {"id": "no address"}}, "/credentialSubject/id"),
        # 4.5 Types
        ({"type": ...}, "/type"),
        ({"type": ["AlumniCredential"]}, "/type"),
        ({"type": [5]}, "/type"),
        ({"credentialStatus": {"id": "https://a.example/1"}}, "/credentialStatus/type"),
        ({"termsOfUse": {"id": "https://a.example/1"}}, "/termsOfUse/type"),
        ({"evidence": [{"id": "https://a.example/1"}]}, "/evidence/0/type"),
        ({"refreshService": {"id": "https://a.example/1"}}, "/refreshService/type"),
        # 4.6 Names and Descriptions; 11.1 Language and Base Direction
        ({"name": {"@value": "a", "@language": "en", "more": 1}}, "/name"),
        ({"name": 5}, "/name"),
        ({"name": ["a", "b"]}, "/name"),
        ({"description": {"@language": "en"}}, "/description"),
        ({"description": {"@value": "a", "@direction": "up"}}, "/description"),
        ({"issuer": {"id": "https://u.example", "name": {"@value": "a", "url": "b"}}}, "/issuer/name"),
        ({"issuer": {"id": "https://u.example", "description": {"en": "a"}}}, "/issuer/description"),
        # 4.7 Issuer
        ({"issuer": ...}, "/issuer"),
        ({"issuer": None}, "/issuer"),
        ({"issuer": "no address"}, "/issuer"),
        ({"issuer": ["did:example:a"]}, "/issuer"),
        ({"issuer": {}}, "/issuer/id"),
        ({"issuer": {"id": None}}, "/issuer/id"),
        ({"issuer": {"id": "no address"}}, "/issuer/id"),
        # 4.8 Credential Subject
        ({"credentialSubject": ...}, "/credentialSubject"),
        ({"credentialSubject": "did:example:sam"}, "/credentialSubject"),
        ({"credentialSubject": {}}, "/credentialSubject"),
        ({"credentialSubject": []}, "/credentialSubject"),
        ({"credentialSubject": [{"id": "did:example:sam"}, {}]}, "/credentialSubject/1"),
        # 4.9 Validity Period
        ({"validFrom": "2026-01-01"}, "/validFrom"),
        ({"validUntil": "2026-01-01T00:00:00"}, "/validUntil"),
        ({"validUntil": "2025-12-31T23:59:59Z"}, "/validUntil"),
        # 4.11 Data Schemas
        ({"credentialSchema": {"type": "JsonSchema"}}, "/credentialSchema/id"),
        ({"credentialSchema": {"id": "https://a.example/1"}}, "/credentialSchema/type"),
        ({"credentialSchema": "https://a.example/1"}, "/credentialSchema"),
        # 5.3 Integrity of Related Resources
        ({"relatedResource": {"digestSRI": SRI}}, "/relatedResource/id"),
        ({"relatedResource": {"id": "https://a.example/1"}}, "/relatedResource"),
        ({"relatedResource": {"id": "https://a.example/1", "digestSRI": "x"}}, "/relatedResource/digestSRI"),
        ({"relatedResource": [RESOURCE, RESOURCE]}, "/relatedResource"),
    ],
)  # fmt: skip
def test_refuses(changes: JsonObject, path: str) -> None:
    assert path in errors(credential(**changes))


def test_older_data_model_has_its_own_names() -> None:
    """VC Data Model 1.1, 4.6 and 4.7."""
    old = credential(**{"@context": [V1]}, validFrom=..., issuanceDate="2026-01-01T00:00:00Z")
    assert errors(old) == []
    assert errors(old | {"expirationDate": "2025-01-01T00:00:00Z"}) == ["/expirationDate"]
    del old["issuanceDate"]
    assert errors(old) == ["/issuanceDate"]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"id": "urn:uuid:1", "holder": "did:example:sam"},
        {"holder": {"id": "did:example:sam"}},
        {"verifiableCredential": credential()},
        {"verifiableCredential": [credential(), ENVELOPE]},
    ],
)
def test_accepts_a_presentation(changes: JsonObject) -> None:
    assert errors(presentation(**changes), "VerifiablePresentation") == []


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        # 4.13 Verifiable Presentations
        ({"type": ...}, "/type"),
        ({"type": "VerifiableCredential"}, "/type"),
        ({"id": "no address"}, "/id"),
        ({"holder": "no address"}, "/holder"),
        ({"holder": {"name": "Sam"}}, "/holder/id"),
        ({"verifiableCredential": "https://a.example/1"}, "/verifiableCredential"),
        ({"verifiableCredential": [5]}, "/verifiableCredential/0"),
        ({"verifiableCredential": [credential(type=...)]}, "/verifiableCredential/0/type"),
        # 4.13.1 Enveloped Verifiable Credentials
        ({"verifiableCredential": [ENVELOPE | {"id": "https://a.example/1"}]}, "/verifiableCredential/0/id"),
        ({"verifiableCredential": [ENVELOPE | {"id": "data:text/plain,x"}]}, "/verifiableCredential/0/id"),
        ({"verifiableCredential": [{"@context": V2, "id": ENVELOPE["id"]}]}, "/verifiableCredential/0/type"),
    ],
)  # fmt: skip
def test_refuses_a_presentation(changes: JsonObject, path: str) -> None:
    assert path in errors(presentation(**changes), "VerifiablePresentation")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({}, ""),
        ({"statusPurpose": ["revocation", "suspension"]}, ""),
        ({"encodedList": "uAAAA"}, "/credentialSubject/encodedList"),
        ({"encodedList": "uH4sIAAAAAAAC_2NgQAUAABCUgAAAAA"}, "/credentialSubject/encodedList"),
        ({"statusPurpose": ...}, "/credentialSubject/statusPurpose"),
        ({"type": "Other"}, "/credentialSubject/type"),
    ],
)
def test_status_lists_can_be_unpacked_and_are_long_enough(changes: JsonObject, path: str) -> None:
    """Bitstring Status List v1.0, 2.2 and 3.4."""
    full = "uH4sIAAAAAAAA_-3BMQEAAAzDoMy_6cnoA9QFAAAAAAAAAAAAAAAAAAAAbD3uPa2cAEAAAA"
    subject: JsonObject = {"type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": full}
    subject = {name: value for name, value in (subject | changes).items() if value is not ...}
    document = credential(type=["VerifiableCredential", "BitstringStatusListCredential"], credentialSubject=subject)
    found = errors(document, "BitstringStatusListCredential")
    assert found == ([path] if path else [])
