"""Signatures on the samples of the official validator, and canonical forms beside those of PyLD."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
from pyld import jsonld

from badges.errors import BadgesError
from badges.standards.did.multikey import decode_public_key
from badges.standards.jsonld.canonical import canonical_nquads
from badges.standards.jsonld.expansion import UndefinedTermError
from badges.standards.proofs import eddsa_rdfc_2022, legacy_eddsa
from badges.standards.proofs.errors import InvalidSignatureError
from tests.vectors.example_contexts import context_source, read_document

GOOD: Final = (
    "simple",
    "simple_v1",
    "simple-did-key-method",
    "simple-did-web-method",
    "simple-context-alias",
    "simple-err-expired",
    "endorsement-valid",
    "credential-status-revoked",
    "bit-string-list/credential-status-revoked",
)
UNDEFINED: Final = {
    "simple-err-type": "OtherCredential",
    "simple-err-issuer-type": "InvalidProfile",
    "simple-err-credential-subject-type": "achievement",
}


def verify_sample(standards_data: Path, name: str) -> None:
    document = read_document(standards_data / "ob30-validator-samples" / f"{name}.json")
    proof = document["proof"][0] if isinstance(document["proof"], list) else document["proof"]
    key = decode_public_key(proof["verificationMethod"].rpartition("#")[2].removeprefix("did:key:"))
    verify = legacy_eddsa.verify if legacy_eddsa.is_legacy_proof(proof) else eddsa_rdfc_2022.verify
    verify(document, proof, key)


@pytest.mark.parametrize("name", GOOD)
def test_verifies_what_the_official_validator_verifies(standards_data: Path, name: str) -> None:
    verify_sample(standards_data, name)


def test_refuses_a_wrong_signature(standards_data: Path) -> None:
    with pytest.raises(InvalidSignatureError):
        verify_sample(standards_data, "simple-err-proof-value")


@pytest.mark.parametrize(("name", "term"), UNDEFINED.items())
def test_names_the_undefined_term(standards_data: Path, name: str, term: str) -> None:
    with pytest.raises(UndefinedTermError) as caught:
        verify_sample(standards_data, name)
    assert caught.value.term == term


def test_agrees_with_pyld_on_every_document_that_it_accepts(standards_data: Path) -> None:
    context_of = context_source(standards_data)

    def load(url: str, _options: object) -> dict[str, Any]:
        return {"contextUrl": None, "documentUrl": url, "document": context_of(url)}

    compared = 0
    for folder in ("ob30-validator-samples", "ob30-spec-examples", "bitstring"):
        for path in sorted((standards_data / folder).glob("*.json")):
            document = read_document(path)
            if not isinstance(document, dict) or "@context" not in document:
                continue
            try:
                ours = canonical_nquads(document, context_of=context_of)
            except BadgesError:
                continue
            options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
            assert ours == jsonld.normalize(document, options), path.name
            compared += 1
    assert compared > 25
