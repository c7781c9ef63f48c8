"""Which key a controller document lists."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from badges.errors import BadgesError
from badges.standards.did.controller import (
    MAXIMUM_METHODS,
    ControllerDocumentError,
    MalformedMethodError,
    MethodNotListedError,
    MethodPurposeError,
    WrongControllerError,
    find_verification_method,
    list_verification_methods,
)
from badges.standards.did.jwk import public_key_to_jwk
from badges.standards.did.multikey import encode_base58, encode_public_key
from badges.standards.moments import read_moment
from badges.standards.signer import KeyAlgorithm, PublicKey
from badges.vocab.json import JsonObject
from tests.standards.local_signer import ed25519_signer, signer_for

DID = "did:web:example.org"
KEY = f"{DID}#key-1"


def method(**changes: object) -> JsonObject:
    return {
        "id": KEY,
        "type": "Multikey",
        "controller": DID,
        "publicKeyMultibase": encode_public_key(ed25519_signer().public_key),
        **changes,
    }


def document(**changes: object) -> JsonObject:
    return {"id": DID, "verificationMethod": [method()], "assertionMethod": [KEY], **changes}


def find(source: JsonObject, purpose: str = "assertionMethod") -> object:
    """Return the key of this name, having seen that it is in the list of all keys exactly when it can be used."""
    try:
        listed = {each.id: each for each in list_verification_methods(source, purpose)}
    except MalformedMethodError:
        listed = {}
    try:
        found = find_verification_method(source, KEY, purpose)
    except ControllerDocumentError:
        assert KEY not in listed
        raise
    assert listed[KEY] == found
    return found.public_key


@pytest.mark.parametrize(
    "source",
    [
        document(),
        document(assertionMethod=KEY),
        document(verificationMethod=method()),
        document(assertionMethod=["#key-1"]),
        document(verificationMethod=[method(id="#key-1")]),
        document(verificationMethod=[], assertionMethod=[method()]),
        document(verificationMethod=None, assertionMethod=method(id="#key-1")),
        document(assertionMethod=[{"id": KEY}], verificationMethod=[]) | {"assertionMethod": [method()]},
        document(verificationMethod=[method(type="Ed25519VerificationKey2020")]),
        document(verificationMethod=[method(type=["Multikey"])]),
        document(verificationMethod=["other", 5, None, method(id=DID + "#other", type="Unknown"), method()]),
    ],
)
def test_finds_the_key_in_every_shape(source: JsonObject) -> None:
    source = {name: value for name, value in source.items() if value is not None}
    assert find(source) == ed25519_signer().public_key


@pytest.mark.parametrize("kind", ["JsonWebKey", "JsonWebKey2020"])
@pytest.mark.parametrize("algorithm", KeyAlgorithm)
def test_finds_keys_written_as_jwk(kind: str, algorithm: KeyAlgorithm) -> None:
    key = signer_for(algorithm).public_key
    entry = {"id": KEY, "type": kind, "controller": DID, "publicKeyJwk": public_key_to_jwk(key, "key-1", algorithm)}
    assert find(document(verificationMethod=[entry])) == key


@pytest.mark.parametrize("source", [document(verificationMethod=[], assertionMethod=[]), {"id": DID}])
def test_says_that_the_key_is_not_listed(source: JsonObject) -> None:
    with pytest.raises(MethodNotListedError):
        find(source)


def test_a_listing_without_the_key_itself_is_not_enough() -> None:
    with pytest.raises(MethodNotListedError):
        find(document(verificationMethod=[]))


@pytest.mark.parametrize(
    ("source", "purpose"),
    [
        (document(assertionMethod=[]), "assertionMethod"),
        (document(assertionMethod=[], authentication=[KEY]), "assertionMethod"),
        (document(assertionMethod=[], authentication=[method()]), "assertionMethod"),
        (document(assertionMethod=[DID + "#key-2"]), "assertionMethod"),
        (document(), "authentication"),
        (document(nonsense=[KEY]), "nonsense"),
        (document(), "verificationMethod"),
    ],
)
def test_says_that_the_key_is_for_something_else(source: JsonObject, purpose: str) -> None:
    with pytest.raises(MethodPurposeError):
        find(source, purpose)


def test_says_that_somebody_else_controls_the_key() -> None:
    with pytest.raises(WrongControllerError):
        find(document(verificationMethod=[method(controller="did:web:evil.example")]))


@pytest.mark.parametrize(
    "source",
    [
        document(id=None),
        document(id=["did:web:example.org"]),
        document(verificationMethod=[method(controller=None)]),
        document(verificationMethod=[method(controller=[DID])]),
        document(verificationMethod=[method(publicKeyMultibase="z6Mk")]),
        document(verificationMethod=[method(publicKeyMultibase=None)]),
        document(verificationMethod=[method(type="Ed25519VerificationKey2018")]),
        document(verificationMethod=[method(type="JsonWebKey", publicKeyJwk={"kty": "oct", "k": "x"})]),
        document(verificationMethod=[method(type="JsonWebKey")]),
        document(
            verificationMethod=[method(), method(publicKeyMultibase=encode_public_key(ed25519_signer(2).public_key))]
        ),
        document(verificationMethod=[method()] * (MAXIMUM_METHODS + 1)),
    ],
)
def test_says_what_is_malformed(source: JsonObject) -> None:
    with pytest.raises(MalformedMethodError):
        find(source)


def test_relative_ids_belong_to_the_document() -> None:
    source: JsonObject = {"id": "did:web:evil.example", "verificationMethod": [method(id="#key-1")]}
    with pytest.raises(MethodNotListedError):
        find(source)


def test_keeps_what_the_document_says_of_the_keys_end() -> None:
    found = find_verification_method(document(verificationMethod=[method(revoked="2026-01-01T00:00:00Z")]), KEY)
    assert (found.revoked, found.expires, found.id, found.type) == ("2026-01-01T00:00:00Z", "", KEY, "Multikey")


@pytest.mark.parametrize("name", ["revoked", "expires"])
def test_end_that_cannot_be_read_is_one(name: str) -> None:
    """Whoever marks a key means something by it."""
    for value in (True, 5, 0, "", {}, [], ["2026-01-01T00:00:00Z"], {"@value": "2026-01-01T00:00:00Z"}):
        found = getattr(find_verification_method(document(verificationMethod=[method(**{name: value})]), KEY), name)
        assert found
        assert read_moment(found) is None
    for absent in (None, False):
        found = find_verification_method(document(verificationMethod=[method(**{name: absent})]), KEY)
        assert getattr(found, name) == ""


SCALARS = (
    st.sampled_from([DID, KEY, "#key-1", "Multikey", "JsonWebKey", "z6Mk"]) | st.none() | st.integers() | st.text()
)
VALUES: Any = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "controller", "publicKeyMultibase", "publicKeyJwk", "kty"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)
NAMES = st.sampled_from(["id", "verificationMethod", "assertionMethod", "authentication", "keyAgreement"])


@settings(max_examples=300)
@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_never_fails_in_another_way(members: JsonObject) -> None:
    try:
        find({**document(), **members})
    except ControllerDocumentError:
        return
    except BadgesError:
        pytest.fail("an error of another family")


ED25519, P_256, P_384, RSA = (
    signer_for(algorithm).public_key
    for algorithm in (KeyAlgorithm.EDDSA, KeyAlgorithm.ES256, KeyAlgorithm.ES384, KeyAlgorithm.RS256)
)


def multibase(kind: str, key: PublicKey) -> JsonObject:
    return method(type=kind, publicKeyMultibase=encode_public_key(key))


def jwk(kind: str, key: PublicKey, algorithm: KeyAlgorithm) -> JsonObject:
    return without_multibase(method(type=kind, publicKeyJwk=public_key_to_jwk(key, "k", algorithm)))


def without_multibase(entry: JsonObject) -> JsonObject:
    return {name: value for name, value in entry.items() if name != "publicKeyMultibase"}


def base58(data: bytes) -> JsonObject:
    return without_multibase(method(type="Ed25519VerificationKey2018", publicKeyBase58=encode_base58(data)))


def pem(key: PublicKey, **changes: object) -> JsonObject:
    text = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return without_multibase(method(**{"type": "CryptographicKey", "publicKeyPem": text, **changes}))


RAW = ED25519.public_bytes(Encoding.Raw, PublicFormat.Raw)
OWNED = {name: value for name, value in pem(RSA, owner=DID).items() if name != "controller"}


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        (multibase("Multikey", P_256), P_256),
        (multibase("Multikey", P_384), P_384),
        (multibase("Ed25519VerificationKey2020", ED25519), ED25519),
        (multibase("EcdsaSecp256r1VerificationKey2019", P_256), P_256),
        (multibase("EcdsaSecp384r1VerificationKey2019", P_384), P_384),
        (jwk("EcdsaSecp256r1VerificationKey2019", P_256, KeyAlgorithm.ES256), P_256),
        (jwk("JsonWebKey", RSA, KeyAlgorithm.RS256), RSA),
        (jwk("JsonWebKey2020", P_384, KeyAlgorithm.ES384), P_384),
        (jwk("Ed25519VerificationKey2018", ED25519, KeyAlgorithm.EDDSA), ED25519),
        (base58(RAW), ED25519),
        (pem(RSA), RSA),
        (OWNED, RSA),
    ],
    ids=range(12),
)
def test_reads_a_key_in_every_form(entry: JsonObject, key: PublicKey) -> None:
    contexts = ["https://www.w3.org/ns/cid/v1"]
    assert find(document(**{"@context": contexts}, verificationMethod=[entry])) == key


@pytest.mark.parametrize(
    "entry",
    [
        multibase("Ed25519VerificationKey2020", P_256),
        multibase("EcdsaSecp256r1VerificationKey2019", P_384),
        multibase("EcdsaSecp384r1VerificationKey2019", ED25519),
        multibase("JsonWebKey", ED25519),
        multibase("CryptographicKey", ED25519),
        jwk("Multikey", ED25519, KeyAlgorithm.EDDSA),
        jwk("EcdsaSecp256r1VerificationKey2019", ED25519, KeyAlgorithm.EDDSA),
        {**jwk("JsonWebKey", ED25519, KeyAlgorithm.EDDSA), "publicKeyMultibase": encode_public_key(ED25519)},
        base58(RAW[:31]),
        base58(b"\xed\x01" + RAW),
        method(secretKeyMultibase="z1"),
        method(privateKeyJwk={}),
        method(type="RsaVerificationKey2018"),
        method(type=[["Multikey"]]),
        pem(RSA, publicKeyPem="x"),
        pem(RSA, publicKeyPem=None),
    ],
    ids=range(16),
)
def test_refuses_a_key_in_a_form_that_is_not_of_its_type(entry: JsonObject) -> None:
    with pytest.raises(MalformedMethodError):
        find(document(verificationMethod=[entry]))


def test_an_owner_counts_only_where_there_is_no_controller() -> None:
    for entry in ({**OWNED, "controller": "did:web:evil.example"}, {**OWNED, "owner": "did:web:evil.example"}):
        with pytest.raises(WrongControllerError):
            find(document(verificationMethod=[entry]))
