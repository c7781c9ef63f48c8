"""did:web."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.addresses import Addresses
from badges.standards.did.controller import find_verification_method
from badges.standards.did.did_key import DidError
from badges.standards.did.did_web import PublishedKey, did_document, did_web_to_url
from badges.standards.signer import KeyAlgorithm
from tests.standards.local_signer import signer_for


@pytest.mark.parametrize(
    ("did", "url"),
    [
        ("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
        ("did:web:w3c-ccg.github.io:user:alice", "https://w3c-ccg.github.io/user/alice/did.json"),
        ("did:web:example.com%3A3000", "https://example.com:3000/.well-known/did.json"),
        ("did:web:example.com%3a3000:user:alice", "https://example.com:3000/user/alice/did.json"),
        ("did:web:Example.COM#key-1", "https://example.com/.well-known/did.json"),
        ("did:web:localhost%3A5000", "https://localhost:5000/.well-known/did.json"),
        ("did:web:x.org:a%20b", "https://x.org/a%20b/did.json"),
    ],
)
def test_gives_the_address_of_the_document(did: str, url: str) -> None:
    """did:web method specification, "Read (Resolve)"."""
    assert did_web_to_url(did) == url


@pytest.mark.parametrize(
    "did",
    [
        "",
        "did:web:",
        "did:web::a",
        "did:key:z6Mk",
        "did:web:exa mple.org",
        "did:web:user@example.org",
        "did:web:example.org/path",
        "did:web:example.org?x",
        "did:web:example.org%2Fpath",
        "did:web:example.org%3A",
        "did:web:example.org%3A0",
        "did:web:example.org%3A99999",
        "did:web:example.org%3A80%3A80",
        "did:web:example.org%40evil.example",
        "did:web:-a.org",
        "did:web:a..org",
        "did:web:a.org.",
        "did:web:[::1]",
        "did:web:a.org:",
        "did:web:a.org::b",
        "did:web:a.org:..",
        "did:web:a.org:.",
        "did:web:a.org:%2e%2E",
        "did:web:a.org:x%2Fy",
        "did:web:a.org:x%5Cy",
        "did:web:a.org:x%00",
        "did:web:a.org:x%0A",
        "did:web:a.org:x%3Fy",
        "did:web:a.org:x%",
        "did:web:a.org:x\n",
        "did:web:a.org\n",
        "did:web:é.org",
        "did:web:" + "a" * 3000,
    ],
)
def test_refuses_what_might_lead_elsewhere(did: str) -> None:
    with pytest.raises(DidError):
        did_web_to_url(did)


@given(st.text("did:web:a.b/%3A2eEfF@#?\\\n", max_size=30).map("did:web:a".__add__))
def test_every_address_is_a_document_on_the_host_that_is_named(did: str) -> None:
    try:
        url = urlsplit(did_web_to_url(did))
    except DidError:
        return
    host = did.partition("#")[0].split(":")[2].lower().partition("%3a")[0]
    assert (url.scheme, url.hostname, url.username) == ("https", host, None)
    assert url.path.endswith("/did.json")
    assert (url.query, url.fragment) == ("", "")
    assert ".." not in url.path.split("/")


def test_our_own_addresses_lead_back_to_our_own_documents() -> None:
    addresses = Addresses("https://badges.example.org:8443")
    assert did_web_to_url(addresses.service_did) == addresses.url("service_did")
    url = addresses.url("organisation_did", organisation="ward-7")
    assert did_web_to_url(addresses.organisation_did("ward-7")) == url


def test_publishes_every_key_for_assertions() -> None:
    did = "did:web:badges.example.org"
    keys = [
        PublishedKey(f"k-{algorithm.value}", signer_for(algorithm).public_key, algorithm) for algorithm in KeyAlgorithm
    ]
    document = did_document(did, keys, also_known_as=["https://badges.example.org"])
    assert document["assertionMethod"] == [f"{did}#{key.fragment}" for key in keys]
    assert {method["type"] for method in document["verificationMethod"]} == {"Multikey", "JsonWebKey"}
    assert document["alsoKnownAs"] == ["https://badges.example.org"]
    for key in keys:
        found = find_verification_method(document, f"{did}#{key.fragment}")
        assert found.public_key == key.public_key


def test_names_the_contexts_that_its_keys_need() -> None:
    ed25519 = PublishedKey("a", signer_for(KeyAlgorithm.EDDSA).public_key, KeyAlgorithm.EDDSA)
    rsa = PublishedKey("b", signer_for(KeyAlgorithm.RS256).public_key, KeyAlgorithm.RS256)
    both = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
    assert did_document("did:web:x.org", [ed25519])["@context"] == both
    assert did_document("did:web:x.org", [ed25519, rsa])["@context"] == [*both, "https://w3id.org/security/jwk/v1"]
