"""The embedded proof eddsa-rdfc-2022: Ed25519 over the canonical form of a document."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from badges.standards.jsonld.contexts import ContextSource, bundled_context
from badges.standards.jsonld.workload import Workload
from badges.standards.proofs.data_integrity import (
    check_options,
    graph_hash_data,
    is_data_integrity_proof,
    read_base58_signature,
    unsecured_document,
)
from badges.standards.proofs.eddsa import SIGNATURE_BYTES, ed25519_key, new_proof, verify_ed25519, with_proof
from badges.standards.proofs.errors import UnsupportedProofError
from badges.standards.signer import PublicKey, Signer
from badges.vocab.json import JsonObject

CRYPTOSUITE: Final = "eddsa-rdfc-2022"


def sign(
    document: JsonObject,
    signer: Signer,
    *,
    verification_method: str,
    created: datetime,
    context_of: ContextSource = bundled_context,
) -> JsonObject:
    """Return a copy of a document with the proof as its last member, an array of one.

    document: without proof; its contexts define everything in it, and DataIntegrityProof.
    verification_method: address of the key, `<issuer id>#<fragment>`.
    created: aware moment; written in UTC, in whole seconds. context_of: gives the context document at a URL.

    Raises MalformedProofError if there is a proof already or created has no time zone; UnsupportedProofError
    for a key that is not Ed25519; errors of canonical_nquads; UnavailableError if the key cannot be reached.
    Source: Data Integrity EdDSA Cryptosuites v1.0, section 3.2.1 "Create Proof (eddsa-rdfc-2022)".
    """
    proof = new_proof(document, CRYPTOSUITE, signer, verification_method=verification_method, created=created)
    return with_proof(document, proof, signer.sign(hash_data(document, proof, context_of=context_of)))


def verify(
    document: JsonObject,
    proof: JsonObject,
    public_key: PublicKey,
    *,
    context_of: ContextSource = bundled_context,
    workload: Workload | None = None,
) -> None:
    """Check that a proof is a signature of this key over this document. As VerifyEmbedded.

    Source: Data Integrity EdDSA Cryptosuites v1.0, section 3.2.2 "Verify Proof (eddsa-rdfc-2022)".
    """
    if not is_data_integrity_proof(proof, CRYPTOSUITE):
        raise UnsupportedProofError("This proof is not an eddsa-rdfc-2022 proof.")
    verify_signature(document, proof, public_key, context_of, workload)


def verify_signature(
    document: JsonObject,
    proof: JsonObject,
    public_key: PublicKey,
    context_of: ContextSource,
    workload: Workload | None = None,
) -> None:
    """Check a proof whose suite is known to be Ed25519 over the RDFC-1.0 form. Raises as verify."""
    key = ed25519_key(public_key)
    check_options(proof)
    signature = read_base58_signature(proof, SIGNATURE_BYTES)
    unsecured = unsecured_document(document, proof)
    verify_ed25519(key, signature, graph_hash_data(unsecured, proof, "sha256", context_of, workload))


def hash_data(document: JsonObject, proof_options: JsonObject, *, context_of: ContextSource = bundled_context) -> bytes:
    """Return the 64 bytes that are signed, as graph_hash_data with SHA-256."""
    return graph_hash_data(document, proof_options, "sha256", context_of)
