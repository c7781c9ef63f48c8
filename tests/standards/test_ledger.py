"""The ledger's format: the same hash from anybody's software, found in every shape that a DID document may have."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld

from badges.errors import BadgesError
from badges.standards.jsonld.contexts import bundled_context
from badges.standards.ledger import (
    LedgerError,
    find_ledger,
    is_listed,
    is_prefix,
    issued_hash,
    ledger_service,
    shard_document,
    shard_url,
)
from badges.standards.proofs.jws import sign_compact
from badges.vocab.json import JsonObject
from tests.standards.local_signer import ed25519_signer
from tests.verifying.making import Library

DID = "did:web:library.example"
KEY = f"{DID}#z6Mk"
URL = "https://library.example/keys/k/issued/"
HASH = "0a1" + "f" * 61


def load(url: str, _options: Any) -> JsonObject:
    return {"documentUrl": url, "contextUrl": None, "document": bundled_context(url)}


class TestHash:
    def test_is_what_others_come_to(self) -> None:
        """PyLD canonicalises; the rest is SHA-256. Source: RDF Dataset Canonicalization 1.0; docs/ledger.md."""
        badge = Library().embedded()
        unsigned = {name: value for name, value in badge.items() if name != "proof"}
        options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
        expected = hashlib.sha256(jsonld.normalize(unsigned, options).encode()).hexdigest()
        assert issued_hash(json.dumps(badge)) == expected
        assert issued_hash("\n " + json.dumps(badge, indent=2)) == expected

    def test_of_a_token_is_over_header_and_payload_as_written(self) -> None:
        """Source: RFC 7515, 2 (JWS Signing Input)."""
        token = sign_compact({"alg": "EdDSA"}, b'{"id": "urn:uuid:1"}', ed25519_signer())
        assert issued_hash(token) == hashlib.sha256(token.rpartition(".")[0].encode()).hexdigest()

    @pytest.mark.parametrize("text", ["", "{", "[]", "a.b", "text", '{"@context": "https://unknown.example/"}'])
    def test_of_something_else_is_refused(self, text: str) -> None:
        with pytest.raises(BadgesError):
            issued_hash(text)


class TestPlace:
    @pytest.mark.parametrize(
        "service",
        [
            [ledger_service(DID, KEY, URL)],
            ledger_service(DID, KEY, URL),
            ["text", None, {"type": "LinkedDomains"}, ledger_service(DID, KEY, URL)],
            [ledger_service(DID, f"{DID}#other", "https://other.example/"), ledger_service(DID, KEY, URL)],
            [{**ledger_service(DID, KEY, URL), "verificationMethod": "#z6Mk"}],
            [{**ledger_service(DID, KEY, URL), "type": ["Other", "IssuedCredentialLedger"]}],
        ],
    )
    def test_is_found(self, service: Any) -> None:
        assert find_ledger({"id": DID, "service": service}, KEY) == URL

    @pytest.mark.parametrize(
        "service",
        [
            None,
            [],
            "text",
            [{**ledger_service(DID, KEY, URL), "type": "Other"}],
            [{**ledger_service(DID, KEY, URL), "verificationMethod": f"{DID}#other"}],
            [{**ledger_service(DID, KEY, URL), "verificationMethod": None}],
            [{**ledger_service(DID, KEY, URL), "serviceEndpoint": {"uri": URL}}],
        ],
    )
    def test_is_not_guessed(self, service: Any) -> None:
        assert find_ledger({"id": DID, "service": service}, KEY) == ""

    def test_of_a_part_follows_from_the_hash(self) -> None:
        assert shard_url(URL, HASH) == URL + "0a1"
        assert [text for text in ("0a1", "0A1", "0a", "0a11", "", "xyz", "٠a1", "0a1\n") if is_prefix(text)] == ["0a1"]


class TestPart:
    def test_lists_what_it_was_made_of(self) -> None:
        part = shard_document("https://library.example/keys/k.jwk", "0a1", [HASH, "0a1" + "0" * 61])
        assert part["sha256"] == ["0a1" + "0" * 61, HASH]
        assert is_listed(part, HASH)
        assert not is_listed(part, "0a1" + "e" * 61)

    def test_of_another_prefix_says_nothing(self) -> None:
        with pytest.raises(LedgerError):
            is_listed(shard_document("k", "0a2", []), HASH)

    @given(st.dictionaries(st.sampled_from(["type", "prefix", "sha256"]), st.none() | st.text() | st.lists(st.text())))
    def test_never_fails_in_another_way(self, members: JsonObject) -> None:
        part = {**shard_document("k", "0a1", []), **members}
        try:
            assert not is_listed(part, HASH)
        except LedgerError:
            return
