"""The status lists of the W3C, of 1EdTech and of the DCC."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from badges.errors import BadgesError
from badges.standards.did.multikey import decode_public_key
from badges.standards.proofs import eddsa_rdfc_2022, legacy_eddsa
from badges.standards.status.bitstring import decode_bitstring
from badges.standards.status.status_list import StatusListError, StatusProblem, read_status
from badges.vocab.json import JsonObject
from tests.vectors.example_contexts import context_source, read_document

LISTS: Final = ("bsl-rec-02", "bsl-rec-06", "bsl-rec-07", "bsl-rec-08")


def entry_at(index: str | int, url: str, purpose: str = "revocation") -> JsonObject:
    return {
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": index,
        "statusListCredential": url,
    }


@pytest.mark.parametrize("name", LISTS)
def test_reads_the_lists_of_the_recommendation(standards_data: Path, name: str) -> None:
    document = read_document(standards_data / "bitstring" / f"{name}.json")
    assert decode_bitstring(document["credentialSubject"]["encodedList"]) == bytes(16_384)
    assert not read_status(document, entry_at("94567", document["id"])).is_set


def test_reads_the_entries_of_the_recommendation(standards_data: Path) -> None:
    document = read_document(standards_data / "bitstring" / "bsl-rec-02.json")
    credential = read_document(standards_data / "bitstring" / "bsl-rec-01.json")
    revocation, suspension = credential["credentialStatus"]
    assert not read_status(document, revocation).is_set
    with pytest.raises(StatusListError) as caught:
        read_status({**document, "id": suspension["statusListCredential"]}, suspension)
    assert caught.value.problem is StatusProblem.VERIFICATION


def test_reads_the_revoked_badge_of_1edtech(standards_data: Path) -> None:
    folder = standards_data / "ob30-validator-samples" / "bit-string-list"
    credential = read_document(folder / "credential-status-revoked.json")
    lists = [read_document(path) for path in folder.iterdir() if "list" in path.name]
    entry = credential["credentialStatus"]
    document = {**lists[0], "id": entry["statusListCredential"]}
    assert isinstance(entry["statusListIndex"], int)
    assert read_status(document, entry).is_set
    assert not read_status(document, {**entry, "statusListIndex": 24}).is_set


def test_names_the_error_for_the_short_list_of_the_dcc(standards_data: Path) -> None:
    document = read_document(standards_data / "bitstring" / "dcc-status-e5WK8CbZ1GjycuPombrj.json")
    with pytest.raises(StatusListError) as caught:
        read_status(document, entry_at(3, document["id"]))
    assert caught.value.problem_url.endswith("#STATUS_LIST_LENGTH_ERROR")


@pytest.mark.parametrize("name", ["bsl-rec-05", "bsl-rec-08", "1edtech-testlist", "dcc-status-e5WK8CbZ1GjycuPombrj"])
def test_verifies_the_signatures_on_lists_and_entries(standards_data: Path, name: str) -> None:
    document = read_document(standards_data / "bitstring" / f"{name}.json")
    proofs = document["proof"] if isinstance(document["proof"], list) else [document["proof"]]
    for proof in proofs:
        method = proof["verificationMethod"]
        key = decode_public_key(method.rpartition("#")[2].removeprefix("did:key:"))
        verify = legacy_eddsa.verify if legacy_eddsa.is_legacy_proof(proof) else eddsa_rdfc_2022.verify
        verify(document, proof, key, context_of=context_source(standards_data))
        with pytest.raises(BadgesError):
            verify({**document, "id": "urn:x:1"}, proof, key, context_of=context_source(standards_data))
