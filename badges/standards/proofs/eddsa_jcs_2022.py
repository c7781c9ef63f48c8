"""The embedded proof eddsa-jcs-2022: Ed25519 over the canonical JSON of a document."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from badges.standards.jsonld.contexts import ContextSource, bundled_context
from badges.standards.jsonld.workload import Workload
from badges.standards.proofs.data_integrity import json_hash_data, require_suite, verify_json_proof
from badges.standards.proofs.eddsa import ed25519_key, new_proof, with_proof
from badges.standards.signer import PublicKey, Signer
from badges.vocab.json import JsonObject

CRYPTOSUITE: Final = "eddsa-jcs-2022"


def sign(document: JsonObject, signer: Signer, *, verification_method: str, created: datetime) -> JsonObject:
    """Return a copy of a document with the proof as its last member, an array of one. The arguments are new_proof's.

    Raises as new_proof, as canonical_json, and UnavailableError if the key cannot be reached.
    Source: Data Integrity EdDSA Cryptosuites v1.0, section 3.3.1 "Create Proof (eddsa-jcs-2022)".
    """
    proof = new_proof(document, CRYPTOSUITE, signer, verification_method=verification_method, created=created)
    if "@context" in document:
        proof = {"@context": document["@context"], **proof}
    return with_proof(document, proof, signer.sign(json_hash_data(document, proof, "sha256")))


def verify(
    document: JsonObject,
    proof: JsonObject,
    public_key: PublicKey,
    *,
    context_of: ContextSource = bundled_context,
    workload: Workload | None = None,
) -> None:
    """Check that a proof is a signature of this key over this document. As VerifyEmbedded.

    context_of, workload: not used; this suite asks for no context and makes no graph.

    Source: Data Integrity EdDSA Cryptosuites v1.0, section 3.3.2 "Verify Proof (eddsa-jcs-2022)".
    """
    del context_of, workload
    require_suite(proof, CRYPTOSUITE)
    verify_json_proof(document, proof, ed25519_key(public_key))
