"""The Open Badges 3.0 samples of 1EdTech's validator, offline but for the status list that is among them.

In `expected.json` "valid" means that the proof fits. These samples are signed by keys that only sit in the
fragment of an address at example.com, so their issuer cannot be known: proof passed, verdict unknown.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from badges.network.sources import MapFetcher, OfflineFetcher
from badges.verifying.pipeline import verify
from badges.verifying.report import CheckName, CredentialKind, Format, Report

AT: Final = datetime(2026, 11, 22, tzinfo=UTC)
LIST_URL: Final = (
    "https://raw.githubusercontent.com/1EdTech/digital-credentials-public-validator/refs/heads/main/"
    "inspector-vc/src/test/resources/ob30/bit-string-list/testlist"
)
# file: (verdict, the check that decides, its outcome)
EXPECTED: Final = {
    "simple.json": ("unknown", "proof", "passed"),
    "simple.1ob": ("unknown", "proof", "passed"),
    "simple-did-web-method.json": ("unknown", "proof", "passed"),
    "simple-context-alias.json": ("unknown", "proof", "passed"),
    "simple-json.png": ("unknown", "proof", "passed"),
    "simple-did-key-method.json": ("unknown", "issuer", "unknown"),
    "simple-jwt.svg": ("unknown", "proof", "warning"),
    "simple-jwt_v1.png": ("unknown", "proof", "warning"),
    "simple-err-type.json": ("invalid", "shape", "failed"),
    "simple-err-proof-method.json": ("invalid", "proof", "failed"),
    "simple-err-proof-method-no-scheme.json": ("invalid", "proof", "failed"),
    "simple-err-proof-value.json": ("invalid", "proof", "failed"),
    "simple-err-expired.json": ("invalid", "validity", "failed"),
    "simple-err-credential-subject-type.json": ("invalid", "shape", "failed"),
    "simple-err-credential-subject-identifier-type.json": ("invalid", "shape", "failed"),
    "simple-err-credential-subject-achievement-result-description-type.json": ("invalid", "shape", "failed"),
    "simple-err-issuer-type.json": ("invalid", "shape", "failed"),
    "simple-err-issuer-otheridentifier-type.json": ("invalid", "shape", "failed"),
    "complete_v1.json": ("invalid", "validity", "failed"),
    "bit-string-list/credential-status-revoked.json": ("invalid", "status", "failed"),
    "simple.jwt": ("invalid", "shape", "failed"),
    "simple_v1.json": ("unknown", "proof", "warning"),
    "credential-status-revoked.json": ("unknown", "proof", "warning"),
    "sd/derivedcredential.json": ("unknown", "proof", "passed"),
    "simple-err-proof-method-unknown-did-method.json": ("unknown", "proof", "unknown"),
    "endorsement-valid.json": ("unknown", "proof", "passed"),
    "bit-string-list/testlist": ("unknown", "proof", "passed"),
}
KINDS: Final = {
    "endorsement-valid.json": ("valid", CredentialKind.ENDORSEMENT),
    "bit-string-list/testlist": ("not-a-badge", CredentialKind.STATUS_LIST),
}


@pytest.fixture(scope="module")
def samples(standards_data: Path) -> Path:
    return standards_data / "ob30-validator-samples"


def check(samples: Path, name: str) -> Report:
    fetcher = MapFetcher({LIST_URL: samples / "bit-string-list" / "testlist"}, OfflineFetcher())
    return verify((samples / name).read_bytes(), fetcher=fetcher, at=AT)


def test_every_sample_is_expected_here(samples: Path) -> None:
    listed = {case["file"] for case in json.loads((samples / "expected.json").read_text())}
    assert listed == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_sample(samples: Path, name: str) -> None:
    verdict, deciding, outcome = EXPECTED[name]
    report = check(samples, name)
    assert (report.verdict.value, report.check(CheckName(deciding)).outcome.value) == (verdict, outcome)
    assert report.format in {Format.OB3_EMBEDDED, Format.OB3_JWT}


@pytest.mark.parametrize(
    "name",
    [
        "simple_v1.json",
        *(name for name, (verdict, _, outcome) in EXPECTED.items() if (verdict, outcome) == ("unknown", "passed")),
    ],
)
def test_a_sample_that_fits_becomes_valid_once_its_issuer_lists_the_key(
    samples: Path, name: str, tmp_path: Path
) -> None:
    document = json.loads(check(samples, name).text)
    issuer = document["issuer"] if isinstance(document["issuer"], str) else document["issuer"]["id"]
    proof = document["proof"][0] if isinstance(document["proof"], list) else document["proof"]
    method = proof["verificationMethod"]
    key = {"id": method, "type": "Multikey", "controller": issuer, "publicKeyMultibase": method.partition("#")[2]}
    path = tmp_path / "issuer.json"
    path.write_text(json.dumps({"id": issuer, "verificationMethod": [key], "assertionMethod": [method]}))
    fetcher = MapFetcher({issuer: path}, OfflineFetcher())
    report = verify((samples / name).read_bytes(), fetcher=fetcher, at=AT)
    assert (report.verdict.value, report.kind) == KINDS.get(name, ("valid", CredentialKind.BADGE))


def test_the_status_list_is_named_and_counted(samples: Path) -> None:
    shape = check(samples, "bit-string-list/testlist").check(CheckName.SHAPE)
    assert str(shape.message) == "This is a list of withdrawn badges, not a badge."
    assert [str(detail) for detail in shape.details] == ["Places in the list: 131072; marked: 1"]
