"""The embedded proof ecdsa-jcs-2019: ECDSA on P-256 or P-384 over the canonical JSON of a document."""

from __future__ import annotations

from typing import Final

from badges.standards.jsonld.contexts import ContextSource, bundled_context
from badges.standards.jsonld.workload import Workload
from badges.standards.proofs.data_integrity import require_suite, verify_json_proof
from badges.standards.proofs.ecdsa import ecdsa_key
from badges.standards.signer import PublicKey
from badges.vocab.json import JsonObject

CRYPTOSUITE: Final = "ecdsa-jcs-2019"


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

    Source: Data Integrity ECDSA Cryptosuites v1.0, section 3.3.2 "Verify Proof (ecdsa-jcs-2019)".
    """
    del context_of, workload
    require_suite(proof, CRYPTOSUITE)
    verify_json_proof(document, proof, ecdsa_key(public_key))
