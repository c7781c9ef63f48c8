"""did:jwk: an identifier that is its own key, written as a JSON Web Key."""

from __future__ import annotations

from typing import Final

from badges.errors import BadgesError
from badges.standards.base64url import decode_base64url
from badges.standards.did.did_key import DidError
from badges.standards.did.jwk import jwk_to_public_key
from badges.standards.json_text import read_json_object
from badges.vocab.json import JsonObject

PREFIX: Final = "did:jwk:"
FRAGMENT: Final = "0"
MAXIMUM_BYTES: Final = 8 * 1024


def resolve_did_jwk(did: str) -> JsonObject:
    """Return the DID document that a did:jwk identifier stands for.

    did: with or without a fragment, which is ignored. The key's address is `<did>#0`.

    Raises DidError if it is no did:jwk of a public RSA, Ed25519, P-256 or P-384 key for signatures.
    Source: did:jwk method specification, "Read"; RFC 7517, section 4.
    """
    identifier = did.partition("#")[0]
    if not identifier.startswith(PREFIX):
        raise DidError("%(did)s is not a did:jwk.", did=did[:100])
    try:
        data = decode_base64url(identifier.removeprefix(PREFIX), maximum_bytes=MAXIMUM_BYTES)
        jwk = read_json_object(data, maximum_bytes=MAXIMUM_BYTES)
        jwk_to_public_key(jwk)
    except BadgesError as error:
        raise DidError("%(did)s holds no usable key: %(reason)s", did=did[:100], reason=error) from error
    method_id = f"{identifier}#{FRAGMENT}"
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": identifier,
        "verificationMethod": [
            {"id": method_id, "type": "JsonWebKey2020", "controller": identifier, "publicKeyJwk": jwk}
        ],
        "authentication": [method_id],
        "assertionMethod": [method_id],
    }
