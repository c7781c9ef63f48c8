"""The cases of the W3C for RDF Dataset Canonicalization."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from badges.standards.jsonld.rdfc10 import HashName, PoisonGraphError, canonical_identifiers, canonicalize
from badges.vocab.json import JsonObject

HASHES: Final[dict[str | None, HashName]] = {None: "sha256", "SHA384": "sha384"}
COUNTS: Final = {"RDFC10EvalTest": 64, "RDFC10MapTest": 21, "RDFC10NegativeEvalTest": 1}


def cases(standards_data: Path, kind: str) -> Iterator[tuple[JsonObject, str, HashName]]:
    folder = standards_data / "w3c-rdf-canon"
    for entry in json.loads((folder / "manifest.jsonld").read_text("utf-8"))["entries"]:
        if entry["type"] == f"rdfc:{kind}":
            yield (
                entry,
                (folder / entry["action"]).read_bytes().decode("utf-8"),
                HASHES[entry.get("hashAlgorithm")],
            )


def test_covers_all_cases_of_the_manifest(standards_data: Path) -> None:
    assert {kind: len(list(cases(standards_data, kind))) for kind in COUNTS} == COUNTS


def test_gives_the_expected_text(standards_data: Path) -> None:
    failed = []
    for entry, text, hash_name in cases(standards_data, "RDFC10EvalTest"):
        expected = (standards_data / "w3c-rdf-canon" / entry["result"]).read_bytes().decode("utf-8")
        if canonicalize(text, hash_name=hash_name) != expected:
            failed.append(entry["id"])
    assert failed == []


def test_gives_the_expected_identifiers(standards_data: Path) -> None:
    failed = []
    for entry, text, hash_name in cases(standards_data, "RDFC10MapTest"):
        expected = json.loads((standards_data / "w3c-rdf-canon" / entry["result"]).read_text("utf-8"))
        names = canonical_identifiers(text, hash_name=hash_name)
        if {old[2:]: new[2:] for old, new in names.items()} != expected:
            failed.append(entry["id"])
    assert failed == []


def test_refuses_the_poison_graph(standards_data: Path) -> None:
    for _, text, hash_name in cases(standards_data, "RDFC10NegativeEvalTest"):
        with pytest.raises(PoisonGraphError):
            canonicalize(text, hash_name=hash_name)
