"""What all embedded proofs have in common: their options, what they are over, the hashes that are signed.

A proof signs either the graph that a document stands for (RDFC suites) or the JSON itself (JCS suites).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

from badges.standards.did.multikey import MultikeyError, decode_multibase_base58
from badges.standards.jcs import canonical_json
from badges.standards.jsonld.canonical import canonical_digest
from badges.standards.jsonld.contexts import ContextSource, bundled_context
from badges.standards.jsonld.rdfc10 import HashName
from badges.standards.jsonld.workload import Workload
from badges.standards.moments import read_moment
from badges.standards.proofs.errors import InvalidSignatureError, MalformedProofError, UnsupportedProofError
from badges.standards.shapes import as_list
from badges.standards.signer import PublicKey
from badges.vocab.json import JsonObject, JsonValue

PROOF_TYPE: Final = "DataIntegrityProof"
MEMBERS: Final = frozenset(
    (
        "@context", "challenge", "created", "cryptosuite", "domain", "expires", "id", "nonce", "previousProof",
        "proofPurpose", "proofValue", "type", "verificationMethod",
    )
)  # fmt: skip


class VerifyEmbedded(Protocol):
    """Checks that a proof is a signature of a key over a document. Whose key it is, is not decided there."""

    def __call__(
        self,
        document: JsonObject,
        proof: JsonObject,
        public_key: PublicKey,
        *,
        context_of: ContextSource = bundled_context,
        workload: Workload | None = None,
    ) -> None:
        """Raise UnsupportedProofError for another suite or kind of key; MalformedProofError; InvalidSignatureError;
        StandardsError or RefusedError for a document that has no canonical form.

        document: with or without its `proof` member. proof: one proof object of it. workload: shared by all that
        was handed in together; of its own unless one is given.
        """
        ...


class SuiteKey(Protocol):
    """A public key with what its suites ask of it. hash_name: of what is signed. signature_bytes: the length."""

    @property
    def hash_name(self) -> HashName: ...

    @property
    def signature_bytes(self) -> int: ...

    def verify(self, signature: bytes, data: bytes) -> None:
        """Check a signature. Raises InvalidSignatureError."""
        ...


@dataclass(frozen=True, slots=True)
class EmbeddedSuite:
    """One kind of embedded proof. name: its cryptosuite, or its type where it is older than cryptosuites.

    signs_graph: whether it signs the graph that the JSON stands for, and not the JSON itself.
    is_old: whether a newer kind has replaced it. is_partial: whether the holder chose what the document shows.
    """

    name: str
    signs_graph: bool
    verify: VerifyEmbedded
    is_old: bool = False
    is_partial: bool = False


def is_data_integrity_proof(proof: JsonObject, cryptosuite: str) -> bool:
    """Whether a proof says that it is of this suite."""
    return proof.get("type") == PROOF_TYPE and proof.get("cryptosuite") == cryptosuite


def require_suite(proof: JsonObject, cryptosuite: str) -> None:
    """Raise UnsupportedProofError for a proof of another suite."""
    if not is_data_integrity_proof(proof, cryptosuite):
        raise UnsupportedProofError("This proof is not an %(suite)s proof.", suite=cryptosuite)


def verify_graph_proof(
    document: JsonObject,
    proof: JsonObject,
    key: SuiteKey,
    context_of: ContextSource = bundled_context,
    workload: Workload | None = None,
) -> None:
    """Check a proof of an RDFC suite whose name and kind of key are known to fit. Raises as VerifyEmbedded."""
    check_options(proof)
    signature = read_base58_signature(proof, key.signature_bytes)
    unsecured = unsecured_document(document, proof)
    key.verify(signature, graph_hash_data(unsecured, proof, key.hash_name, context_of, workload))


def verify_json_proof(document: JsonObject, proof: JsonObject, key: SuiteKey) -> None:
    """Check a proof of a JCS suite whose name and kind of key are known to fit. Raises as VerifyEmbedded."""
    check_options(proof)
    signature = read_base58_signature(proof, key.signature_bytes)
    key.verify(signature, json_hash_data(unsecured_document(document, proof), proof, key.hash_name))


def check_options(proof: JsonObject) -> None:
    """Check the form of what a proof says of itself. Raises MalformedProofError.

    Source: VC Data Integrity 1.0, section 2.1 "Proofs".
    """
    for name in ("verificationMethod", "proofPurpose"):
        if not isinstance(proof.get(name), str):
            raise MalformedProofError('The proof needs one text as its "%(name)s".', name=name)
    for name in ("id", "challenge", "nonce"):
        if not isinstance(proof.get(name, ""), str):
            raise MalformedProofError('The proof\'s "%(name)s" is not one text.', name=name)
    for name in ("created", "expires"):
        if name in proof and read_moment(proof[name]) is None:
            raise MalformedProofError('The proof\'s "%(name)s" is not a date and time with a time zone.', name=name)
    domains = as_list(proof.get("domain", ""))
    if not domains or not all(isinstance(domain, str) for domain in domains):
        raise MalformedProofError('The proof\'s "%(name)s" is neither one text nor several.', name="domain")


def unsecured_document(document: JsonObject, proof: JsonObject) -> JsonObject:
    """Return what a proof is over: the document without proofs, but for those that the proof builds on.

    A proof with contexts of its own is over a document with just these contexts.

    Raises MalformedProofError if the document's contexts do not start with the proof's; and as previous_proofs.
    Source: Data Integrity EdDSA Cryptosuites v1.0, section 3.2.2, step 4; VC Data Integrity 1.0, section 4.5
    "Verify Proof Sets and Chains".
    """
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    if "@context" in proof:
        own, whole = as_list(proof["@context"]), as_list(document.get("@context"))
        if whole[: len(own)] != own:
            raise MalformedProofError("The document's contexts do not start with those of the proof.")
        unsecured["@context"] = proof["@context"]
    if "previousProof" in proof:
        unsecured["proof"] = previous_proofs(document, proof)
    return unsecured


def previous_proofs(document: JsonObject, proof: JsonObject) -> list[JsonObject]:
    """Return the proofs of a document that one of them builds on, in the document's order; most build on none.

    Raises MalformedProofError if one is missing, or two have the same id.
    Source: VC Data Integrity 1.0, section 2.1.2 "Proof Chains" and 4.5, step 2.
    """
    if "previousProof" not in proof:
        return []
    wanted = as_list(proof["previousProof"])
    proofs = [item for item in as_list(document.get("proof")) if isinstance(item, dict)]
    found = [item for item in proofs if "id" in item and item["id"] in wanted]
    if len({str(item["id"]) for item in found}) < len(found):
        raise MalformedProofError("The proof builds on another one, but two proofs have the same id.")
    if not wanted or len(found) != len(wanted):
        raise MalformedProofError("The proof builds on another proof that is not in the document.")
    return found


def graph_hash_data(
    document: JsonObject,
    proof: JsonObject,
    hash_name: HashName,
    context_of: ContextSource = bundled_context,
    workload: Workload | None = None,
) -> bytes:
    """Return what an RDFC suite signs: the hash of the proof's canonical form, then that of the document's.

    document: a member `proof` is part of what is hashed only in a chain of proofs (see unsecured_document).
    proof: its proofValue is left out and it gets the document's contexts.

    Raises as canonical_nquads and proof_graph_hash.
    Source: Data Integrity EdDSA Cryptosuites v1.0, sections 3.2.3 to 3.2.5; ECDSA Cryptosuites v1.0, the same.
    """
    shared = workload or Workload()
    return proof_graph_hash(document, proof, hash_name, context_of, shared) + shared.digest(
        document, hash_name, context_of
    )


def proof_graph_hash(
    document: JsonObject,
    proof: JsonObject,
    hash_name: HashName,
    context_of: ContextSource = bundled_context,
    workload: Workload | None = None,
) -> bytes:
    """Return the hash of a proof's canonical form. As graph_hash_data.

    Raises MalformedProofError for a member that no standard gives a proof. A graph stays the same when, say, the
    end of a proof goes by its whole address or by another context's name for it, and nobody would see that end.
    """
    strange = sorted(proof.keys() - MEMBERS)
    if strange:
        raise MalformedProofError(
            'The proof has a member that no standard gives it: "%(name)s".', name=strange[0][:100]
        )
    configuration = _without_value(proof)
    if "@context" in document:
        configuration["@context"] = document["@context"]
    contexts = configuration.get("@context")
    if context_of is bundled_context and isinstance(contexts, list) and _are_texts(contexts):
        plain = {name: value for name, value in configuration.items() if name != "@context"}
        if _are_texts(plain.values()):
            return _known_proof_hash(tuple(plain.items()), tuple(contexts), hash_name)
    return (workload or Workload()).digest(configuration, hash_name, context_of)


def _are_texts(values: Iterable[JsonValue]) -> bool:
    return all(isinstance(value, str) for value in values)


@lru_cache(maxsize=512)
def _known_proof_hash(members: tuple[tuple[str, str], ...], contexts: tuple[str, ...], hash_name: HashName) -> bytes:
    """The hash of a plain proof's canonical form. A batch has the same proof, but for its value, on every badge."""
    return canonical_digest({"@context": list(contexts), **dict(members)}, hash_name=hash_name)


def json_hash_data(document: JsonObject, proof: JsonObject, hash_name: HashName) -> bytes:
    """Return what a JCS suite signs: the hash of the proof's canonical JSON, then that of the document's.

    document: as for graph_hash_data. proof: its proofValue is left out.

    Raises as canonical_json.
    Source: Data Integrity EdDSA Cryptosuites v1.0, sections 3.3.3 to 3.3.5; ECDSA Cryptosuites v1.0, the same.
    """
    parts = (canonical_json(_without_value(proof)), canonical_json(document))
    return b"".join(hashlib.new(hash_name, part).digest() for part in parts)


def read_base58_signature(proof: JsonObject, size_bytes: int) -> bytes:
    """Return the signature in a proof's proofValue. Raises MalformedProofError."""
    value = proof.get("proofValue")
    try:
        signature = decode_multibase_base58(value) if isinstance(value, str) else b""
    except MultikeyError as error:
        raise MalformedProofError("The proof's value is not base58 with a z in front.") from error
    if len(signature) != size_bytes:
        raise MalformedProofError("The proof's value is not a signature of %(size)d bytes.", size=size_bytes)
    return signature


def does_not_fit() -> InvalidSignatureError:
    """Return the error for a signature that is not of this key over this document."""
    return InvalidSignatureError(
        "The signature does not fit: the document was changed after signing, or another key signed it."
    )


def _without_value(proof: JsonObject) -> JsonObject:
    return {name: value for name, value in proof.items() if name != "proofValue"}
