"""The cases of the W3C and of 1EdTech for Ed25519 proofs: canonical forms, hashes, signatures."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badges.standards.did.multikey import decode_multibase_base58, decode_public_key, encode_base58
from badges.standards.jsonld.canonical import canonical_nquads
from badges.standards.proofs import eddsa_jcs_2022, eddsa_rdfc_2022, legacy_eddsa
from badges.standards.proofs.errors import MalformedProofError, ProofError, UnsupportedProofError
from badges.standards.signer import KeyAlgorithm
from badges.vocab.json import JsonObject
from tests.standards.local_signer import LocalSigner
from tests.vectors.example_contexts import context_source, read_document

SUITES: Final = (
    ("eddsa-rdfc-2022", "DataInt"),
    ("eddsa-rdfc-2022/employ", "DataInt"),
    ("Ed25519Signature2020", "EdSig"),
)


def proofs_of(document: JsonObject) -> list[JsonObject]:
    proofs = document["proof"]
    return proofs if isinstance(proofs, list) else [proofs]


def without(document: JsonObject, name: str) -> JsonObject:
    return {key: value for key, value in document.items() if key != name}


@pytest.mark.parametrize(("folder", "ending"), SUITES)
def test_reproduces_each_step_of_the_w3c(standards_data: Path, folder: str, ending: str) -> None:
    context_of = context_source(standards_data)
    place = standards_data / "w3c-vc-di-eddsa" / folder

    def text(name: str) -> str:
        return (place / f"{name}{ending}.txt").read_bytes().decode("utf-8")

    signed = read_document(place / f"signed{ending}.json")
    configuration = read_document(place / f"proofConfig{ending}.json")
    document, proof = without(signed, "proof"), signed["proof"]
    hashed = eddsa_rdfc_2022.hash_data(document, proof, context_of=context_of)

    assert canonical_nquads(document, context_of=context_of) == text("canonDoc")
    assert canonical_nquads(configuration, context_of=context_of) == text("proofCanon")
    assert hashlib.sha256(text("canonDoc").encode("utf-8")).hexdigest() == text("docHash").strip()
    assert hashed.hex() == text("combinedHash").strip()
    assert hashed.hex() == text("proofHash").strip() + text("docHash").strip()
    assert decode_multibase_base58(proof["proofValue"]).hex() == text("sigHex").strip()
    verify = legacy_eddsa.verify if ending == "EdSig" else eddsa_rdfc_2022.verify
    key = decode_public_key(proof["verificationMethod"].partition("#")[2])
    verify(signed, proof, key, context_of=context_of)


def test_makes_the_signature_of_the_w3c(standards_data: Path) -> None:
    context_of = context_source(standards_data)
    place = standards_data / "w3c-vc-di-eddsa"
    secret = read_document(place / "keyPair.json")["privateKeyMultibase"]
    key = Ed25519PrivateKey.from_private_bytes(decode_multibase_base58(secret)[2:])
    signed = read_document(place / "eddsa-rdfc-2022" / "signedDataInt.json")
    hashed = eddsa_rdfc_2022.hash_data(without(signed, "proof"), signed["proof"], context_of=context_of)
    assert "z" + encode_base58(key.sign(hashed)) == signed["proof"]["proofValue"]


def test_signs_canonical_json_as_the_w3c_does(standards_data: Path) -> None:
    """Ed25519 is deterministic: the same key over the same bytes gives the very signature."""
    place = standards_data / "w3c-vc-di-eddsa"
    secret = read_document(place / "keyPair.json")["privateKeyMultibase"]
    signer = LocalSigner(Ed25519PrivateKey.from_private_bytes(decode_multibase_base58(secret)[2:]), KeyAlgorithm.EDDSA)
    expected = read_document(place / "eddsa-jcs-2022" / "signedJCS.json")
    signed = eddsa_jcs_2022.sign(
        without(expected, "proof"),
        signer,
        verification_method=expected["proof"]["verificationMethod"],
        created=datetime.fromisoformat(expected["proof"]["created"]),
    )
    assert signed == {**expected, "proof": [expected["proof"]]}


def test_reproduces_the_vector_of_open_badges(standards_data: Path) -> None:
    """Open Badges 3.0, appendix "Verification Support: Test vectors"."""
    place = standards_data / "ob30-spec-test-vector"
    expected = read_document(place / "keys-and-hashes.json")
    signed = read_document(place / "signed-credential.json")
    (proof,) = proofs_of(signed)
    document = without(signed, "proof")
    configuration = {**without(proof, "proofValue"), "@context": signed["@context"]}

    assert canonical_nquads(document).encode() == (place / "document-canon.txt").read_bytes()
    hashed = eddsa_rdfc_2022.hash_data(document, proof)
    assert hashed.hex() == expected["proofHash"] + expected["docHash"]
    assert canonical_nquads(configuration).encode() == (place / "proof-canon.txt").read_bytes()
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(expected["privateKeyHex(seed||pub)"])[:32])
    assert key.sign(hashed).hex() == expected["signatureHex"]
    assert "z" + encode_base58(key.sign(hashed)) == expected["proofValue"] == proof["proofValue"]
    eddsa_rdfc_2022.verify(signed, proof, decode_public_key(expected["publicKeyMultibase"]))


@pytest.mark.parametrize("name", ["signedProofSet1", "signedProofSet2", "signedProofChain1", "signedProofChain2"])
def test_verifies_every_proof_of_sets_and_chains(standards_data: Path, name: str) -> None:
    context_of = context_source(standards_data)
    signed = read_document(standards_data / "w3c-vc-di-eddsa" / "proof-set-chain" / f"{name}.json")
    for proof in proofs_of(signed):
        key = decode_public_key(proof["verificationMethod"].partition("#")[2])
        eddsa_rdfc_2022.verify(signed, proof, key, context_of=context_of)


def test_a_chain_fails_when_the_proof_it_builds_on_is_gone_or_changed(standards_data: Path) -> None:
    context_of = context_source(standards_data)
    signed = read_document(standards_data / "w3c-vc-di-eddsa" / "proof-set-chain" / "signedProofChain1.json")
    proofs = proofs_of(signed)
    last = next(proof for proof in proofs if "previousProof" in proof)
    key = decode_public_key(last["verificationMethod"].partition("#")[2])
    with pytest.raises(MalformedProofError):
        eddsa_rdfc_2022.verify({**signed, "proof": [last]}, last, key, context_of=context_of)
    changed = [{**proof, "created": "2020-01-01T00:00:00Z"} if proof is not last else proof for proof in proofs]
    with pytest.raises(ProofError):
        eddsa_rdfc_2022.verify({**signed, "proof": changed}, last, key, context_of=context_of)


def test_leaves_eddsa_jcs_2022_alone(standards_data: Path) -> None:
    signed = read_document(standards_data / "w3c-vc-di-eddsa" / "eddsa-jcs-2022" / "signedJCS.json")
    key = decode_public_key(signed["proof"]["verificationMethod"].partition("#")[2])
    with pytest.raises(UnsupportedProofError):
        eddsa_rdfc_2022.verify(signed, signed["proof"], key)
