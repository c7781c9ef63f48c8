"""The embedded proof eddsa-rdfc-2022: Ed25519 over the canonical form of a document."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from badges.standards.did.multikey import encode_base58
from badges.standards.jsonld.contexts import ContextSource, bundled_context
from badges.standards.jsonld.workload import Workload
from badges.standards.proofs.data_integrity import (
    graph_hash_data,
    proof_graph_hash,
    require_suite,
    verify_graph_proof,
)
from badges.standards.proofs.eddsa import ed25519_key, new_proof, with_proof
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
    require_suite(proof, CRYPTOSUITE)
    verify_graph_proof(document, proof, ed25519_key(public_key), context_of, workload)


def hash_data(document: JsonObject, proof_options: JsonObject, *, context_of: ContextSource = bundled_context) -> bytes:
    """Return the 64 bytes that are signed, as graph_hash_data with SHA-256."""
    return graph_hash_data(document, proof_options, "sha256", context_of)


def unsigned_proof(signer: Signer, *, verification_method: str, created: datetime) -> JsonObject:
    """Return the proof of `sign`, still without its value: the same for all documents of one moment. Raises as sign."""
    return new_proof({}, CRYPTOSUITE, signer, verification_method=verification_method, created=created)


def options_hash(document: JsonObject, proof_options: JsonObject) -> bytes:
    """Return the first half of what is signed: it depends on the document's contexts only.

    Source: Data Integrity EdDSA Cryptosuites v1.0, sections 3.2.4 and 3.2.5.
    """
    return proof_graph_hash(document, proof_options, "sha256")


def proof_value(signature: bytes) -> str:
    """Return a signature as a proof's value. Source: Data Integrity EdDSA Cryptosuites v1.0, section 3.2.1, step 6."""
    return "z" + encode_base58(signature)
