"""Keys that have ended: wherever that is said, and however badly it is written.

Source: Controlled Identifiers v1.0, 2.2 (`revoked`, `expires`); OpenID Federation 1.0, "Federation Historical Keys".
"""

from __future__ import annotations

import copy
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from badges.standards.proofs.vc_jwt import credential_claims
from badges.verifying.report import Verdict
from badges.vocab.json import JsonObject
from tests.verifying.making import (
    AT,
    AWARDED,
    DID_URL,
    ISSUER,
    JWKS_URL,
    KEY_URL,
    Library,
    credential,
    jwt_text,
    moment,
    outcomes,
)

RSA_METHOD = f"{ISSUER}#rsa"
BEFORE, AFTER, TO_COME = AWARDED - timedelta(days=30), AWARDED + timedelta(hours=1), AT + timedelta(days=30)
UNREADABLE: list[Any] = [True, 5, "", "some day", ["2026-11-01T00:00:00Z"], {"@value": "2026-11-01T00:00:00Z"}, {}, []]


@pytest.fixture
def library() -> Library:
    return Library()


def mark_method(library: Library, **members: Any) -> None:
    """Write something about the library's Ed25519 key into its DID document."""
    document = copy.deepcopy(library.did_document)
    document["verificationMethod"][0].update(members)
    library.world.put(DID_URL, document)


def list_rsa_key(library: Library, **members: Any) -> None:
    """List the RSA key in the DID document, and nowhere else."""
    document = copy.deepcopy(library.did_document)
    method = {"id": RSA_METHOD, "type": "JsonWebKey", "controller": ISSUER, "publicKeyJwk": library.rsa.jwk}
    document["verificationMethod"].append({**method, **members})
    document["assertionMethod"].append(RSA_METHOD)
    library.world.put(DID_URL, document)
    library.world.put(JWKS_URL, {"keys": []})


def put_key_set(library: Library, *entries: JsonObject) -> None:
    library.world.put(JWKS_URL, {"keys": [{**library.rsa.jwk, **entry} for entry in entries]})


def token(library: Library, header: JsonObject, **claims: Any) -> str:
    return jwt_text({"typ": "JWT", **header}, {**credential_claims(credential()), **claims}, library.rsa)


class TestControllerDocument:
    @pytest.mark.parametrize("name", ["revoked", "expires"])
    @pytest.mark.parametrize("value", UNREADABLE)
    def test_mark_that_cannot_be_read_ends_the_key(self, library: Library, name: str, value: Any) -> None:
        badge = library.embedded()
        mark_method(library, **{name: value})
        assert outcomes(library.check(badge))["issuer"] == "failed"

    @pytest.mark.parametrize("name", ["revoked", "expires"])
    @pytest.mark.parametrize("value", [None, False])
    def test_no_is_no_end(self, library: Library, name: str, value: Any) -> None:
        badge = library.embedded()
        mark_method(library, **{name: value})
        assert library.check(badge).verdict is Verdict.VALID

    @pytest.mark.parametrize(("end", "outcome"), [(BEFORE, "failed"), (AFTER, "failed"), (TO_COME, "passed")])
    def test_end_counts_however_the_token_names_the_key(self, library: Library, end: datetime, outcome: str) -> None:
        """A token without a date may have been made at any time until now."""
        list_rsa_key(library, expires=moment(end))
        for header in ({"kid": RSA_METHOD}, {"jwk": library.rsa.jwk}, {"kid": KEY_URL}):
            assert outcomes(library.check(token(library, header)))["issuer"] == outcome

    def test_token_may_be_older_than_the_end(self, library: Library) -> None:
        list_rsa_key(library, expires=moment(AFTER))
        for header in ({"kid": RSA_METHOD}, {"jwk": library.rsa.jwk}, {"kid": KEY_URL}):
            made = token(library, header, iat=int(AWARDED.timestamp()))
            assert library.check(made).verdict is Verdict.VALID

    def test_key_document_by_itself_may_say_it_too(self, library: Library) -> None:
        address = "https://library.example/keys/2"
        method = {"id": address, "type": "JsonWebKey", "controller": ISSUER, "publicKeyJwk": library.rsa.jwk}
        document = copy.deepcopy(library.did_document)
        document["verificationMethod"].append(method)
        document["assertionMethod"].append(address)
        library.world.put(DID_URL, document)
        library.world.put(address, method)
        assert library.check(token(library, {"kid": address})).verdict is Verdict.VALID
        for name in ("expires", "revoked"):
            library.world.put(address, {**method, name: moment(BEFORE)})
            assert outcomes(library.check(token(library, {"kid": address})))["issuer"] == "failed"

    def test_revoked_key_that_may_sign_no_more_is_not_saved_by_an_old_key_set(self, library: Library) -> None:
        list_rsa_key(library, revoked=moment(BEFORE))
        document = json.loads(library.world.documents[DID_URL].body)
        document["assertionMethod"].remove(RSA_METHOD)
        library.world.put(DID_URL, document)
        put_key_set(library, {})
        for header in ({"jwk": library.rsa.jwk}, {"kid": KEY_URL}):
            assert outcomes(library.check(token(library, header)))["issuer"] == "failed"


class TestKeySet:
    def outcomes(self, library: Library, **claims: Any) -> set[str]:
        headers: tuple[JsonObject, ...] = ({"kid": KEY_URL}, {"jwk": library.rsa.jwk})
        return {outcomes(library.check(token(library, header, **claims)))["issuer"] for header in headers}

    @pytest.mark.parametrize("name", ["revoked", "exp"])
    @pytest.mark.parametrize("value", [True, "some day", {}, [], 0])
    def test_mark_that_cannot_be_read_ends_the_key(self, library: Library, name: str, value: Any) -> None:
        put_key_set(library, {name: value})
        assert self.outcomes(library) == {"failed"}

    @pytest.mark.parametrize("name", ["revoked", "exp"])
    @pytest.mark.parametrize("value", [None, False])
    def test_no_is_no_end(self, library: Library, name: str, value: Any) -> None:
        put_key_set(library, {name: value})
        assert self.outcomes(library) == {"passed"}

    def test_end_counts(self, library: Library) -> None:
        put_key_set(library, {"exp": int(AFTER.timestamp())})
        assert self.outcomes(library) == {"failed"}
        assert self.outcomes(library, iat=int(AWARDED.timestamp())) == {"passed"}
        put_key_set(library, {"exp": int(TO_COME.timestamp())})
        assert self.outcomes(library) == {"passed"}

    def test_any_entry_that_revokes_the_key_counts(self, library: Library) -> None:
        put_key_set(library, {}, {"kid": "b", "revoked": {"revoked_at": 1}})
        assert self.outcomes(library) == {"failed"}

    def test_newer_entry_may_let_the_key_go_on(self, library: Library) -> None:
        put_key_set(library, {"exp": int(BEFORE.timestamp())}, {"exp": int(TO_COME.timestamp())})
        assert self.outcomes(library) == {"passed"}


@pytest.mark.parametrize("mark", [{"revoked": {"revoked_at": 1}}, {"revoked": True}, {"exp": 1}])
def test_mark_at_the_address_of_the_key_counts_although_the_issuer_lists_it(library: Library, mark: JsonObject) -> None:
    badge = library.jwt()
    assert library.check(badge).verdict is Verdict.VALID
    library.world.put(KEY_URL, {**library.rsa.jwk, **mark, "issuedCredentialLedger": "https://evil.example/"})
    assert outcomes(library.check(badge))["issuer"] == "failed"
    assert not [url for url in library.world.asked if "evil" in url]
