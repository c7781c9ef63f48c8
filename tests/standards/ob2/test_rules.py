"""Rules of Open Badges 2.0 that stand beside the table: each breach is named, and what is sound is not."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from badges.standards.jsonld.contexts import bundled_context
from badges.standards.ob2.model import check_shape
from badges.standards.ob2.rules import OB2_1_CONTEXT, OB2_CONTEXT
from badges.standards.shapes import Severity
from badges.vocab.json import JsonObject

HASH = "sha256$" + "a1" * 32
R, V = "/recipient", "/verification"
DOCUMENTS: dict[str, JsonObject] = {
    "Assertion": {
        "@context": OB2_CONTEXT,
        "type": "Assertion",
        "id": "https://l.example/1",
        "recipient": {"type": "email", "hashed": True, "identity": HASH},
        "badge": "https://l.example/class",
        "issuedOn": "2026-01-01T00:00:00Z",
        "verification": {"type": "HostedBadge"},
    },
    "BadgeClass": {
        "@context": OB2_CONTEXT,
        "type": "BadgeClass",
        "id": "https://l.example/class",
        "name": "N",
        "description": "D",
        "image": "https://l.example/1.png",
        "criteria": {"narrative": "Do it."},
        "issuer": "https://l.example/",
    },
    "Profile": {
        "@context": OB2_CONTEXT,
        "type": "Issuer",
        "id": "https://l.example/",
        "name": "N",
        "url": "https://l.example/",
        "email": "l@l.example",
    },
    "RevocationList": {
        "@context": OB2_CONTEXT,
        "type": "RevocationList",
        "id": "https://l.example/gone",
        "issuer": "https://l.example/",
        "revokedAssertions": [],
    },
}


def problems(class_name: str, changes: JsonObject) -> list[tuple[str, str]]:
    document = copy.deepcopy({**DOCUMENTS[class_name], **changes})
    found = check_shape({name: value for name, value in document.items() if value is not None}, class_name)
    return [(problem.path, problem.severity.value) for problem in found]


def test_sound_documents_have_no_problems() -> None:
    for class_name in DOCUMENTS:
        assert problems(class_name, {}) == []


@pytest.mark.parametrize(
    ("class_name", "changes", "path", "severity"),
    [
        # IDENTITY_OBJECT_PROPERTY_DEPENDENCIES
        ("Assertion", {"recipient": {"hashed": True, "identity": HASH}}, f"{R}/type", "error"),
        ("Assertion", {"recipient": {"type": "email", "hashed": False, "identity": HASH}}, f"{R}/identity", "error"),
        ("Assertion", {"recipient": {"type": "email", "hashed": True, "identity": "a@b"}}, f"{R}/identity", "error"),
        ("Assertion", {"recipient": {"type": "email", "hashed": False, "identity": "Sam"}}, f"{R}/identity", "error"),
        ("Assertion", {"recipient": {"type": "name", "hashed": False, "identity": "Sam"}}, f"{R}/type", "warning"),
        ("Assertion", {"recipient": {"type": "email", "hashed": True, "identity": 7}}, f"{R}/identity", "error"),
        # VERIFY_JWS needs the key's name.
        ("Assertion", {"verification": {"type": "SignedBadge"}}, f"{V}/creator", "warning"),
        # IMAGE_VALIDATION: a data URI is for badge classes, and only PNG and SVG.
        ("Assertion", {"image": "data:image/png;base64,AAAA"}, "/image", "error"),
        ("BadgeClass", {"image": "data:image/gif;base64,AAAA"}, "/image", "error"),
        ("BadgeClass", {"image": {"id": "data:text/html,x"}}, "/image", "error"),
        ("Profile", {"image": "data:,x"}, "/image", "error"),
        # CRITERIA_PROPERTY_DEPENDENCIES
        ("BadgeClass", {"criteria": {}}, "/criteria", "error"),
        ("BadgeClass", {"criteria": {"id": "_:b0"}}, "/criteria", "error"),
        ("BadgeClass", {"criteria": {"id": "_:b0", "narrative": ""}}, "/criteria", "error"),
        # Profile: URL, EMAIL, TELEPHONE
        ("Profile", {"url": "urn:uuid:1"}, "/url", "error"),
        ("Profile", {"email": "nobody"}, "/email", "error"),
        ("Profile", {"telephone": "020 7946 0000"}, "/telephone", "warning"),
        # VerificationObjectIssuer: startsWith is URLs, allowedOrigins hosts.
        ("Profile", {"verification": {"startsWith": ["l.example"]}}, f"{V}/startsWith", "error"),
        ("Profile", {"verification": {"allowedOrigins": ["https://l.example/"]}}, f"{V}/allowedOrigins", "error"),
        # VALIDATE_REVOCATIONLIST_ENTRIES
        ("RevocationList", {"revokedAssertions": None}, "/revokedAssertions", "error"),
        ("RevocationList", {"revokedAssertions": ["no address"]}, "/revokedAssertions/0", "error"),
        ("RevocationList", {"revokedAssertions": [{"revocationReason": "R"}]}, "/revokedAssertions/0", "error"),
        ("RevocationList", {"revokedAssertions": [{"uid": 7}]}, "/revokedAssertions/0/uid", "error"),
        # Contexts
        ("Profile", {"@context": OB2_1_CONTEXT}, "/@context", "warning"),
        ("Profile", {"@context": "http://w3id.org/openbadges/v2"}, "/@context", "warning"),
        ("Profile", {"@context": "https://w3id.org/openbadges/invalid"}, "/@context", "error"),
        ("Profile", {"@context": None}, "/@context", "error"),
        # VALIDATE_RDF_TYPE_PROPERTY
        ("Profile", {"type": ["Issuer", "UNKNOWN"]}, "/type", "error"),
        ("Profile", {"@context": [OB2_CONTEXT, "https://a.example/"], "type": ["Issuer", "X"]}, "/type", "warning"),
        ("BadgeClass", {"criteria": {"type": "Sport", "narrative": "Do it."}}, "/criteria/type", "error"),
    ],
)  # fmt: skip
def test_breach_is_named(class_name: str, changes: JsonObject, path: str, severity: str) -> None:
    assert problems(class_name, changes) == [(path, severity)]


@pytest.mark.parametrize(
    ("class_name", "changes"),
    [
        ("Assertion", {"recipient": {"type": "url", "hashed": False, "identity": "https://sam.example/"}}),
        ("Assertion", {"recipient": {"type": "id", "hashed": False, "identity": "urn:uuid:1"}}),
        ("Assertion", {"recipient": {"type": ["email"], "hashed": True, "identity": "MD5$" + "A" * 32, "salt": "s"}}),
        ("BadgeClass", {"image": "data:image/svg+xml;utf8,%3Csvg/%3E"}),
        ("BadgeClass", {"image": {"id": "https://l.example/1.png", "author": "https://a.example/", "caption": "C"}}),
        ("BadgeClass", {"criteria": "https://l.example/criteria"}),
        ("BadgeClass", {"criteria": {"id": "https://l.example/criteria"}}),
        ("BadgeClass", {"@language": "cy", "version": 2, "related": {"id": "https://l.example/2", "@language": "en"}}),
        ("Profile", {"telephone": "+441632960000;ext=12"}),
        ("Profile", {"verification": {"startsWith": "https://l.example/", "allowedOrigins": "l.example"}}),
        ("Profile", {"verification": {"allowedOrigins": ["l.example:8443", "localhost"]}}),
        ("Profile", {"@context": "https://openbadgespec.org/v2/context.json"}),
        ("Profile", {"@context": bundled_context(OB2_CONTEXT)["@context"]}),
        ("Profile", {"type": ["Profile", "https://a.example/Cool", "extensions:Cool"]}),
        ("Profile", {"@context": [OB2_CONTEXT, {"Cool": "https://a.example/Cool"}], "type": ["Issuer", "Cool"]}),
        ("RevocationList", {"revokedAssertions": ["urn:uuid:1", {"id": "https://l.example/1"}, {"uid": "7"}]}),
    ],
)  # fmt: skip
def test_what_the_standard_allows_is_no_breach(class_name: str, changes: JsonObject) -> None:
    assert problems(class_name, changes) == []


def test_an_empty_type_is_named_even_where_no_class_asks_for_one() -> None:
    document: Any = {
        **DOCUMENTS["BadgeClass"],
        "alignment": [{"type": [], "targetName": "N", "targetUrl": "https://n.example/"}],
    }
    assert {(each.path, each.severity) for each in check_shape(document, "BadgeClass")} == {
        ("/alignment/0/type", Severity.ERROR)
    }
