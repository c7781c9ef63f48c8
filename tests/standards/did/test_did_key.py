"""did:key."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import BadgesError
from badges.standards.did.controller import find_verification_method
from badges.standards.did.did_key import DidError, resolve_did_key
from badges.standards.did.multikey import encode_public_key
from badges.standards.signer import KeyAlgorithm
from tests.standards.local_signer import signer_for


@pytest.mark.parametrize("algorithm", [KeyAlgorithm.EDDSA, KeyAlgorithm.ES256, KeyAlgorithm.ES384])
def test_the_document_lists_the_key_itself(algorithm: KeyAlgorithm) -> None:
    key = signer_for(algorithm).public_key
    multikey = encode_public_key(key)
    did = f"did:key:{multikey}"
    document = resolve_did_key(did)
    assert resolve_did_key(f"{did}#{multikey}") == document
    method = find_verification_method(document, f"{did}#{multikey}")
    encoding = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert method.public_key.public_bytes(*encoding) == key.public_bytes(*encoding)
    assert method.controller == did == document["id"]


def test_the_document_is_that_of_the_method_specification() -> None:
    """did:key method v0.9, section 3, example of an Ed25519 key (Multikey form)."""
    did = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
    method_id = did + "#z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
    document = resolve_did_key(did)
    assert document["assertionMethod"] == [method_id]
    assert document["verificationMethod"] == [
        {
            "id": method_id,
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
        }
    ]


@given(st.text(max_size=40) | st.text("did:key:z6Mk#1", max_size=40).map("did:key:z6Mk".__add__))
def test_refuses_everything_else(text: str) -> None:
    with pytest.raises(BadgesError):
        resolve_did_key(text)


def test_says_what_it_is_not() -> None:
    with pytest.raises(DidError, match="not a did:key"):
        resolve_did_key("did:web:example.org")
