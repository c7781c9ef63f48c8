"""A JSON text that somebody signed as it is, with an eddsa-jcs-2022 proof: a list of issuers, a pack of badges."""

from __future__ import annotations

from badges.errors import StandardsError
from badges.standards.did.multikey import decode_public_key
from badges.standards.moments import read_moment
from badges.standards.proofs import eddsa_jcs_2022
from badges.standards.signer import PublicKey
from badges.verifying.documents import Documents
from badges.verifying.keys import PURPOSE, Standing, find_signing_key
from badges.verifying.reading import as_text
from badges.vocab.json import JsonObject


def check_signature(document: JsonObject, signer: str, documents: Documents) -> None:
    """Check that a document was signed by whom it should be, and has not been changed since.

    signer: a DID, whose own document must list the key; or one key of it, pinned by its whole name with the key in the
    fragment (`did:web:example.org#z6Mk…`), for which no document is asked.

    Raises StandardsError or another BadgesError, saying what is wrong.
    Source: Data Integrity EdDSA Cryptosuites v1.0, 3.3 (eddsa-jcs-2022).
    """
    proof = only_proof(document)
    eddsa_jcs_2022.verify(document, proof, _signing_key(proof, signer, documents))


def only_proof(document: JsonObject) -> JsonObject:
    """Return the proof of a document that has one. Raises StandardsError."""
    proof = document.get("proof")
    if isinstance(proof, list) and len(proof) == 1:
        proof = proof[0]
    if not isinstance(proof, dict):
        raise StandardsError("It is not signed: it needs one proof.")
    if proof.get("proofPurpose") != PURPOSE:
        raise StandardsError("It is signed for another purpose.")
    return proof


def _signing_key(proof: JsonObject, signer: str, documents: Documents) -> PublicKey:
    method = as_text(proof.get("verificationMethod"))
    did, _, fragment = method.partition("#")
    if "#" in signer and method == signer:
        return decode_public_key(fragment)
    if "#" not in signer and did == signer:
        key = find_signing_key(method, documents, read_moment(proof.get("created")))
        if key.standing is Standing.LISTED and key.controller == signer and key.public_key is not None:
            return key.public_key
        if key.standing is Standing.REVOKED:
            raise StandardsError("The key that signed it may have been stolen. It has to be signed again.")
        if key.reason is not None:
            raise StandardsError(key.reason)
    raise StandardsError(
        "It is signed by the key %(method)s, which may not sign it: only %(signer)s may.",
        method=method[:200] or "–",
        signer=signer,
    )
