"""Ed25519, which the eddsa suites have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from badges.standards.did.multikey import encode_base58
from badges.standards.jsonld.rdfc10 import HashName
from badges.standards.proofs.data_integrity import PROOF_TYPE, does_not_fit
from badges.standards.proofs.errors import MalformedProofError, UnsupportedProofError
from badges.standards.signer import KeyAlgorithm, PublicKey, Signer
from badges.vocab.json import JsonObject


@dataclass(frozen=True, slots=True)
class Ed25519Key:
    """A public key with the hash and the length of signature that the suites use with it."""

    public_key: Ed25519PublicKey
    hash_name: HashName = "sha256"
    signature_bytes: int = 64

    def verify(self, signature: bytes, data: bytes) -> None:
        """Check a signature. Raises InvalidSignatureError. Source: RFC 8032, section 5.1.7."""
        if not _fits(self.public_key.public_bytes_raw(), signature, data):
            raise does_not_fit()


def ed25519_key(public_key: PublicKey) -> Ed25519Key:
    """Return the key if it is an Ed25519 key. Raises UnsupportedProofError."""
    if not isinstance(public_key, Ed25519PublicKey):
        raise UnsupportedProofError("This proof is made with an Ed25519 key; the key given is of another kind.")
    return Ed25519Key(public_key)


@lru_cache(maxsize=2048)
def _fits(raw_key: bytes, signature: bytes, data: bytes) -> bool:
    """Whether a signature fits. Remembered, because thousands of badges point at the same status list."""
    try:
        Ed25519PublicKey.from_public_bytes(raw_key).verify(signature, data)
    except InvalidSignature:
        return False
    return True


def new_proof(
    document: JsonObject, cryptosuite: str, signer: Signer, *, verification_method: str, created: datetime
) -> JsonObject:
    """Return the proof that is to be made over a document, still without its value.

    verification_method: address of the key, `<issuer id>#<fragment>`.
    created: aware moment; written in UTC, in whole seconds.

    Raises MalformedProofError if there is a proof already or created has no time zone; UnsupportedProofError
    for a key that is not Ed25519.
    Source: Data Integrity EdDSA Cryptosuites v1.0, sections 3.2.5 and 3.3.5 "Proof Configuration".
    """
    if "proof" in document:
        raise MalformedProofError("The document has a proof already.")
    if signer.algorithm is not KeyAlgorithm.EDDSA:
        raise UnsupportedProofError("This kind of proof needs an Ed25519 key.")
    if created.tzinfo is None:
        raise MalformedProofError("The time of a proof needs a time zone.")
    return {
        "type": PROOF_TYPE,
        "cryptosuite": cryptosuite,
        "created": created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verificationMethod": verification_method,
        "proofPurpose": "assertionMethod",
    }


def with_proof(document: JsonObject, proof: JsonObject, signature: bytes) -> JsonObject:
    """Return a copy of a document with the proof as its last member, an array of one."""
    return {**document, "proof": [{**proof, "proofValue": "z" + encode_base58(signature)}]}
