"""The embedded proof eddsa-rdfc-2022: Ed25519 over the canonical form of a document."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from badges.standards.did.multikey import MultikeyError, decode_multibase_base58, encode_base58
from badges.standards.jsonld.canonical import canonical_nquads
from badges.standards.jsonld.contexts import ContextSource, bundled_context
from badges.standards.proofs.errors import InvalidSignatureError, MalformedProofError, UnsupportedProofError
from badges.standards.signer import KeyAlgorithm, PublicKey, Signer
from badges.vocab.json import JsonObject, JsonValue

PROOF_TYPE: Final = "DataIntegrityProof"
CRYPTOSUITE: Final = "eddsa-rdfc-2022"
SIGNATURE_BYTES: Final = 64

_TIME_STAMP = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", re.ASCII)


def sign(document: JsonObject, signer: Signer, *, verification_method: str, created: datetime) -> JsonObject:
    """Return a copy of a document with the proof as its last member, an array of one.

    document: without proof; its contexts define everything in it, and DataIntegrityProof.
    verification_method: address of the key, `<issuer id>#<fragment>`.
    created: aware moment; written in UTC, in whole seconds.

    Raises MalformedProofError if there is a proof already or created has no time zone; UnsupportedProofError
    for a key that is not Ed25519; errors of canonical_nquads; UnavailableError if the key cannot be reached.
    Source: Data Integrity EdDSA Cryptosuites v1.0, section 3.2.1 "Create Proof (eddsa-rdfc-2022)".
    """
    if "proof" in document:
        raise MalformedProofError("The document has a proof already.")
    if signer.algorithm is not KeyAlgorithm.EDDSA:
        raise UnsupportedProofError("This kind of proof needs an Ed25519 key.")
    if created.tzinfo is None:
        raise MalformedProofError("The time of a proof needs a time zone.")
    options: JsonObject = {
        "type": PROOF_TYPE,
        "cryptosuite": CRYPTOSUITE,
        "created": created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verificationMethod": verification_method,
        "proofPurpose": "assertionMethod",
    }
    signature = signer.sign(hash_data(document, options))
    return {**document, "proof": [{**options, "proofValue": "z" + encode_base58(signature)}]}


def verify(
    document: JsonObject,
    proof: JsonObject,
    public_key: PublicKey,
    *,
    context_of: ContextSource = bundled_context,
) -> None:
    """Check that a proof is a signature of this key over this document. Whose key it is, is not decided here.

    document: with or without its `proof` member.
    proof: one proof object of it.

    Raises UnsupportedProofError for another suite or kind of key; MalformedProofError; InvalidSignatureError;
    and what canonical_nquads raises, such as UndefinedTermError for a member that no signature covers.
    Source: Data Integrity EdDSA Cryptosuites v1.0, section 3.2.2 "Verify Proof (eddsa-rdfc-2022)".
    """
    if proof.get("type") != PROOF_TYPE or proof.get("cryptosuite") != CRYPTOSUITE:
        raise UnsupportedProofError("This proof is not an eddsa-rdfc-2022 proof.")
    verify_signature(document, proof, public_key, context_of)


def verify_signature(document: JsonObject, proof: JsonObject, public_key: PublicKey, context_of: ContextSource) -> None:
    """Check a proof whose suite is known to be Ed25519 over the RDFC-1.0 form. Raises as verify."""
    if not isinstance(public_key, Ed25519PublicKey):
        raise UnsupportedProofError("This proof is made with an Ed25519 key; the key given is of another kind.")
    _check_options(proof)
    signature = read_proof_value(proof)
    unsecured = unsecured_document(document, proof)
    try:
        public_key.verify(signature, hash_data(unsecured, proof, context_of=context_of))
    except InvalidSignature as error:
        raise InvalidSignatureError(
            "The signature does not fit: the document was changed after signing, or another key signed it."
        ) from error


def hash_data(document: JsonObject, proof_options: JsonObject, *, context_of: ContextSource = bundled_context) -> bytes:
    """Return the 64 bytes that are signed: SHA-256 of the proof's canonical form, then of the document's.

    document: a member `proof` is part of what is hashed only in a chain of proofs (see unsecured_document).
    proof_options: the proof; its proofValue is left out and it gets the document's contexts.

    Source: Data Integrity EdDSA Cryptosuites v1.0, sections 3.2.3 to 3.2.5.
    """
    configuration = {name: value for name, value in proof_options.items() if name != "proofValue"}
    if "@context" in document:
        configuration["@context"] = document["@context"]
    return canonical_hash(configuration, context_of) + canonical_hash(document, context_of)


def canonical_hash(document: JsonObject, context_of: ContextSource = bundled_context) -> bytes:
    """Return the SHA-256 of a document's canonical form. Raises as canonical_nquads."""
    return hashlib.sha256(canonical_nquads(document, context_of=context_of).encode("utf-8")).digest()


def unsecured_document(document: JsonObject, proof: JsonObject) -> JsonObject:
    """Return what a proof is over: the document without proofs, but for those that the proof builds on.

    A proof with contexts of its own is over a document with just these contexts.

    Raises MalformedProofError if the document's contexts do not start with the proof's, or previousProof
    names a proof that is not there.
    Source: Data Integrity EdDSA Cryptosuites v1.0, section 3.2.2, step 4; Verifiable Credential Data
    Integrity 1.0, "Proof Sets" and "Proof Chains".
    """
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    if "@context" in proof:
        own, whole = _as_list(proof["@context"]), _as_list(document.get("@context"))
        if whole[: len(own)] != own:
            raise MalformedProofError("The document's contexts do not start with those of the proof.")
        unsecured["@context"] = proof["@context"]
    if "previousProof" in proof:
        unsecured["proof"] = _previous_proofs(document, proof["previousProof"])
    return unsecured


def read_proof_value(proof: JsonObject) -> bytes:
    """Return the 64 bytes of a proof's proofValue. Raises MalformedProofError."""
    value = proof.get("proofValue")
    try:
        signature = decode_multibase_base58(value) if isinstance(value, str) else b""
    except MultikeyError as error:
        raise MalformedProofError("The proof's value is not base58 with a z in front.") from error
    if len(signature) != SIGNATURE_BYTES:
        raise MalformedProofError("The proof's value is not a signature of 64 bytes.")
    return signature


def _check_options(proof: JsonObject) -> None:
    for name in ("verificationMethod", "proofPurpose"):
        if not isinstance(proof.get(name), str):
            raise MalformedProofError('The proof needs one text as its "%(name)s".', name=name)
    for name in ("created", "expires"):
        if name in proof and not _is_time_stamp(proof[name]):
            raise MalformedProofError('The proof\'s "%(name)s" is not a date and time with a time zone.', name=name)


def _is_time_stamp(value: JsonValue) -> bool:
    if not isinstance(value, str) or not _TIME_STAMP.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _previous_proofs(document: JsonObject, previous: JsonValue) -> list[JsonObject]:
    proofs = [item for item in _as_list(document.get("proof")) if isinstance(item, dict)]
    wanted = _as_list(previous)
    found = [item for item in proofs if "id" in item and item["id"] in wanted]
    if not wanted or len(found) != len(wanted):
        raise MalformedProofError("The proof builds on another proof that is not in the document.")
    return found


def _as_list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else [] if value is None else [value]
