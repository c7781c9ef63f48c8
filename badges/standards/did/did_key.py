"""did:key: an identifier that is its own key."""

from __future__ import annotations

from typing import Final

from badges.errors import StandardsError
from badges.standards.did.multikey import MultikeyError, decode_public_key, encode_public_key
from badges.standards.signer import PublicKey
from badges.vocab.json import JsonObject

PREFIX: Final = "did:key:"
CONTEXTS: Final = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")


class DidError(StandardsError):
    """A decentralised identifier is malformed or of a method that is not supported."""


def did_key_of(public_key: PublicKey) -> str:
    """Return the did:key of a key.

    Source: did:key method v0.9, section 2 "The did:key Format".
    """
    return PREFIX + encode_public_key(public_key)


def key_method(did: str) -> str:
    """Return the id of the one verification method that a did:key has.

    Source: did:key method v0.9, section 3.1.2 "Signature Method Creation Algorithm".
    """
    return f"{did}#{did.removeprefix(PREFIX)}"


def resolve_did_key(did: str) -> JsonObject:
    """Return the DID document that a did:key identifier stands for.

    did: with or without a fragment, which is ignored.

    Raises DidError if it is no did:key of an Ed25519, P-256 or P-384 key.
    Source: did:key method v0.9, section 3.1.1 "Create".
    """
    identifier = did.partition("#")[0]
    if not identifier.startswith(PREFIX):
        raise DidError("%(did)s is not a did:key.", did=did[:100])
    multikey = identifier.removeprefix(PREFIX)
    try:
        decode_public_key(multikey)
    except MultikeyError as error:
        raise DidError("%(did)s holds no usable key: %(reason)s", did=did[:100], reason=error) from error
    method_id = key_method(identifier)
    method = {"id": method_id, "type": "Multikey", "controller": identifier, "publicKeyMultibase": multikey}
    return {
        "@context": list(CONTEXTS),
        "id": identifier,
        "verificationMethod": [method],
        "authentication": [method_id],
        "assertionMethod": [method_id],
    }
