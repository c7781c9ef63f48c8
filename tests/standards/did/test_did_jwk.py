"""did:jwk."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import BadgesError
from badges.standards.base64url import encode_base64url
from badges.standards.did.controller import find_verification_method
from badges.standards.did.did_jwk import resolve_did_jwk
from badges.standards.did.did_key import DidError
from badges.standards.did.jwk import public_key_to_jwk
from badges.standards.json_text import write_json
from badges.standards.signer import KeyAlgorithm
from badges.vocab.json import JsonObject
from tests.standards.local_signer import signer_for


def did_of(jwk: JsonObject) -> str:
    return "did:jwk:" + encode_base64url(write_json(jwk).encode())


@pytest.mark.parametrize("algorithm", list(KeyAlgorithm))
def test_the_document_lists_the_key_itself(algorithm: KeyAlgorithm) -> None:
    key = signer_for(algorithm).public_key
    did = did_of(public_key_to_jwk(key, "any", algorithm))
    document = resolve_did_jwk(f"{did}#0")
    method = find_verification_method(document, f"{did}#0")
    assert method.public_key == key
    assert method.controller == did == document["id"]


def test_the_document_is_that_of_the_method_specification() -> None:
    """did:jwk method specification, "Examples", P-256."""
    did = (
        "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAi"
        "LCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9"
    )
    document = resolve_did_jwk(did)
    assert document["verificationMethod"] == [
        {
            "id": f"{did}#0",
            "type": "JsonWebKey2020",
            "controller": did,
            "publicKeyJwk": {
                "crv": "P-256",
                "kty": "EC",
                "x": "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0",
                "y": "_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE",
            },
        }
    ]
    assert document["assertionMethod"] == [f"{did}#0"]


P256 = public_key_to_jwk(signer_for(KeyAlgorithm.ES256).public_key, "any", KeyAlgorithm.ES256)


@pytest.mark.parametrize(
    "did",
    [
        "did:key:z6Mk",
        "did:jwk:",
        "did:jwk:e30",
        "did:jwk:e30=",
        "did:jwk:bm8",
        "did:jwk:W10",
        did_of({**P256, "use": "enc"}),
        did_of({**P256, "d": "AQAB"}),
        did_of({**P256, "alg": "RS256"}),
        did_of({**P256, "key_ops": ["sign"]}),
        did_of({**P256, "crv": "secp256k1"}),
        did_of({**P256, "kid": "x" * 20_000}),
    ],
    ids=range(12),
)
def test_refuses_what_is_no_key(did: str) -> None:
    with pytest.raises(DidError):
        resolve_did_jwk(did)


@given(st.text(max_size=60) | st.binary(max_size=60).map(encode_base64url))
def test_never_fails_in_another_way(text: str) -> None:
    with pytest.raises(BadgesError):
        resolve_did_jwk("did:jwk:" + text)
