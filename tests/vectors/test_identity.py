"""Recipient hashes: the vectors of both specifications. Open Badges 3.0, "IdentityHash"; 2.0, "IdentityHash"."""

from __future__ import annotations

import json
from pathlib import Path

from badges.standards.identity import hash_identity, identity_matches


def test_hashes_are_those_of_the_specifications(standards_data: Path) -> None:
    vectors = json.loads((standards_data / "identity/identity-hash-vectors.json").read_bytes())

    assert len(vectors) == 3
    for vector in vectors:
        assert hash_identity(vector["identity"], vector["salt"]) == vector["expected"]
        assert identity_matches(vector["expected"], vector["salt"], vector["identity"])
        assert not identity_matches(vector["expected"], vector["salt"] + "x", vector["identity"])


def test_recipient_of_the_official_sample_is_hashed_as_we_do(standards_data: Path) -> None:
    sample = json.loads((standards_data / "ob20-validator-samples/basic-assertion.json").read_bytes())

    recipient = sample["recipient"]
    assert identity_matches(recipient["identity"], recipient["salt"], "Nobody@example.org ")
    assert not identity_matches(recipient["identity"], recipient["salt"], "somebody@example.org")
    assert not identity_matches(recipient["identity"], "", "nobody@example.org")
