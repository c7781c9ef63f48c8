"""Older names of the proof eddsa-rdfc-2022: badges in the world carry them. We verify them, never issue them."""

from __future__ import annotations

from typing import Final

from badges.standards.jsonld.contexts import ContextSource, bundled_context
from badges.standards.jsonld.workload import Workload
from badges.standards.proofs.data_integrity import is_data_integrity_proof, verify_graph_proof
from badges.standards.proofs.eddsa import ed25519_key
from badges.standards.proofs.errors import UnsupportedProofError
from badges.standards.signer import PublicKey
from badges.vocab.json import JsonObject

CRYPTOSUITE: Final = "eddsa-2022"
OLD_TYPE: Final = "Ed25519Signature2020"


def is_legacy_proof(proof: JsonObject) -> bool:
    """Whether a proof is an Ed25519Signature2020, or a DataIntegrityProof of the suite eddsa-2022."""
    return proof.get("type") == OLD_TYPE or is_data_integrity_proof(proof, CRYPTOSUITE)


def verify(
    document: JsonObject,
    proof: JsonObject,
    public_key: PublicKey,
    *,
    context_of: ContextSource = bundled_context,
    workload: Workload | None = None,
) -> None:
    """Check that a legacy proof is a signature of this key over this document. As VerifyEmbedded.

    Source: Open Badges 3.0, "Cryptosuites in Linked Data Proofs"; Data Integrity EdDSA Cryptosuites v1.0,
    section A.2 "Ed25519Signature2020".
    """
    if not is_legacy_proof(proof):
        raise UnsupportedProofError("This proof is neither Ed25519Signature2020 nor eddsa-2022.")
    verify_graph_proof(document, proof, ed25519_key(public_key), context_of, workload)
