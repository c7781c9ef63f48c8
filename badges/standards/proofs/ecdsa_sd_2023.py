"""The embedded proof ecdsa-sd-2023 of a partial copy: its holder chose which parts of the badge to show.

The issuer signed each statement of the badge alone, with a key made for this badge, but for those that it
wants every copy to show: they are signed together with that key. Each blank node carries a random label, so
that a statement can be signed and shown without its neighbours.
"""

from __future__ import annotations

import hashlib
from typing import Final

from badges.standards.jsonld.contexts import ContextSource, bundled_context
from badges.standards.jsonld.expansion import expand_safely
from badges.standards.jsonld.nquads import quad_line
from badges.standards.jsonld.rdf import quads_of
from badges.standards.jsonld.rdfc10 import Budget, canonical_identifiers, rename
from badges.standards.jsonld.workload import Workload
from badges.standards.proofs.data_integrity import (
    check_options,
    does_not_fit,
    proof_graph_hash,
    require_suite,
    unsecured_document,
)
from badges.standards.proofs.ecdsa import ecdsa_key
from badges.standards.proofs.errors import MalformedProofError, UnsupportedProofError
from badges.standards.proofs.sd_proof_value import SIGNATURE_BYTES, read_derived_proof_value
from badges.standards.signer import PublicKey
from badges.vocab.json import JsonObject

CRYPTOSUITE: Final = "ecdsa-sd-2023"


def verify(
    document: JsonObject,
    proof: JsonObject,
    public_key: PublicKey,
    *,
    context_of: ContextSource = bundled_context,
    workload: Workload | None = None,
) -> None:
    """Check that a derived proof shows what the issuer's key signed. As VerifyEmbedded.

    Raises also BaseProofError for a base proof.
    Source: Data Integrity ECDSA Cryptosuites v1.0, "Verify Derived Proof (ecdsa-sd-2023)".
    """
    require_suite(proof, CRYPTOSUITE)
    key = ecdsa_key(public_key)
    if key.signature_bytes != SIGNATURE_BYTES:
        raise UnsupportedProofError("This proof is made with a P-256 key; the key given is of another kind.")
    check_options(proof)
    value = read_derived_proof_value(proof.get("proofValue"))
    unsecured = unsecured_document(document, proof)
    shared = workload or Workload()
    statements = labelled_statements(unsecured, value.labels, context_of, shared.budget)
    if value.mandatory_indexes and max(value.mandatory_indexes) >= len(statements):
        raise MalformedProofError("The proof names a mandatory statement that is not in the document.")
    mandatory = [line for index, line in enumerate(statements) if index in value.mandatory_indexes]
    others = [line for index, line in enumerate(statements) if index not in value.mandatory_indexes]
    if len(others) != len(value.signatures):
        raise does_not_fit()
    mandatory_hash = hashlib.sha256("".join(mandatory).encode("utf-8")).digest()
    options_hash = proof_graph_hash(unsecured, proof, "sha256", context_of, shared)
    key.verify(value.base_signature, options_hash + value.badge_key_bytes + mandatory_hash)
    for signature, statement in zip(value.signatures, others, strict=True):
        value.badge_key.verify(signature, statement.encode("utf-8"))


def labelled_statements(
    document: JsonObject, labels: dict[str, str], context_of: ContextSource, budget: Budget | None = None
) -> list[str]:
    """Return the canonical N-Quads of a document, one line each, with the signed labels on its blank nodes.

    labels: for each canonical blank node identifier the one that was signed.

    Raises MalformedProofError for a blank node without a label; and as canonical_nquads.
    Source: Data Integrity ECDSA Cryptosuites v1.0, "labelReplacementCanonicalizeNQuads" and
    "createLabelMapFunction".
    """
    quads = quads_of(expand_safely(document, context_of=context_of))
    canonical = canonical_identifiers(quads, budget=budget)
    if not labels.keys() >= set(canonical.values()):
        raise MalformedProofError("The proof has no label for a part of the document.")
    names = {blank: labels[name] for blank, name in canonical.items()}
    return sorted(quad_line(rename(quad, names)) for quad in quads)
