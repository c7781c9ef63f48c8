"""The Open Badges 2.0 samples of 1EdTech's validator, served at the addresses that they name.

Where the official Java and Python validators disagree, the Java one counts (it is the newer), and a warning there
is valid here.
"""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from badges.network.sources import MapFetcher, OfflineFetcher
from badges.verifying.pipeline import verify
from badges.verifying.report import CheckName, CredentialKind, Format, Report

AT: Final = datetime(2026, 11, 22, tzinfo=UTC)
EXPECTED: Final = {
    "basic-assertion.json": ("valid", "proof", "passed"),
    "simple-badge.png": ("valid", "proof", "warning"),  # the hosted one has evidence, the baked one has not
    "simple.jwt": ("valid", "proof", "passed"),
    "assertion-with-endorsements.json": ("valid", "endorsements", "warning"),  # two are about the class, not the badge
    "basic-assertion-no-public-key.json": ("valid", "issuer", "passed"),
    "basic-assertion-with-allowed-origins.json": ("valid", "issuer", "warning"),
    "basic-assertion-with-allowed-origins-valid-starts-with.json": ("valid", "issuer", "warning"),
    "assertion-with-extension-node-basic.json": ("valid", "shape", "passed"),
    "assertion-with-multiple-extensions.json": ("valid", "shape", "passed"),
    "warning-with-redirection.json": ("valid", "shape", "warning"),
    "warning-issuer-non-http.json": ("valid", "issuer", "warning"),
    "basic-assertion-invalid-context.json": ("invalid", "shape", "failed"),
    "assertion-with-data-image.json": ("invalid", "shape", "failed"),
    "basic-assertion-with-allowed-origins-invalid-multiple-starts-with.json": ("invalid", "issuer", "failed"),
    "basic-assertion-expired.json": ("invalid", "validity", "failed"),
    "basic-assertion-in-future.json": ("invalid", "validity", "failed"),
}
# No assertions: the official validators judge their form. Sound ones are "not a badge", never "valid".
NO_BADGES: Final = {
    "assets/badgeclass1.json": "not-a-badge",
    "assets/badge-with-data-image.json": "not-a-badge",
    "assets/badgeclass-with-complex-image.json": "not-a-badge",
    "badge-class-with-language.json": "not-a-badge",
    "rdf-validation/valid-badge-class.json": "not-a-badge",
    "rdf-validation/valid-issuer-extension.json": "not-a-badge",
    "rdf-validation/valid-cool-class.json": "not-a-badge",
    "rdf-validation/valid-badge-class-empty-criteria-type.json": "not-a-badge",
    "rdf-validation/invalid-empty-type.json": "invalid",
    "rdf-validation/invalid-one-invalid-class.json": "invalid",
}
NO_JSON: Final = "redirected-validation-subject.json"  # it has comments


@pytest.fixture(scope="module")
def samples(standards_data: Path) -> Path:
    return standards_data / "ob20-validator-samples"


def check(samples: Path, name: str) -> Report:
    """Verify a sample; assets answer on http and https, and the sample at its own id."""
    documents = {
        f"{scheme}://example.org/{asset.name}": asset
        for asset in (samples / "assets").iterdir()
        for scheme in ("http", "https")
    }
    hosted = samples / name if name.endswith(".json") else samples / "basic-assertion.json"
    with contextlib.suppress(json.JSONDecodeError):
        documents[json.loads(hosted.read_text())["id"]] = hosted
    return verify((samples / name).read_bytes(), fetcher=MapFetcher(documents, OfflineFetcher()), at=AT)


def test_every_sample_is_expected_here(samples: Path) -> None:
    listed = {case["file"] for case in json.loads((samples / "expected.json").read_text())}
    assert listed == {*EXPECTED, *NO_BADGES, NO_JSON}


@pytest.mark.parametrize("name", EXPECTED)
def test_sample(samples: Path, name: str) -> None:
    verdict, deciding, outcome = EXPECTED[name]
    report = check(samples, name)
    assert (report.verdict.value, report.check(CheckName(deciding)).outcome.value) == (verdict, outcome)
    assert report.format in {Format.OB2_HOSTED, Format.OB2_SIGNED}


@pytest.mark.parametrize("name", NO_BADGES)
def test_a_document_that_is_no_badge(samples: Path, name: str) -> None:
    report = check(samples, name)
    assert (report.verdict.value, report.format) == (NO_BADGES[name], Format.OB2_DESCRIPTION)
    assert report.kind is CredentialKind.DESCRIPTION


def test_the_form_of_every_document_is_judged_as_the_official_java_validator_does(samples: Path) -> None:
    """Valid or a warning there is sound here: valid for a badge, not a badge for the rest."""
    for case in json.loads((samples / "expected.json").read_text()):
        official = case["java_validator_outcome"].split()[0]
        if official in {"VALID", "WARNING", "INVALID"}:
            is_sound = check(samples, case["file"]).verdict.value in {"valid", "not-a-badge"}
            assert is_sound is (official != "INVALID"), case["file"]


def test_json_with_comments_is_no_json(samples: Path) -> None:
    report = check(samples, NO_JSON)
    assert (report.verdict.value, report.format) == ("invalid", Format.UNRECOGNISED)


@pytest.mark.parametrize("name", [name for name, (verdict, _, _) in EXPECTED.items() if verdict == "valid"])
def test_a_valid_sample_is_unknown_without_network(samples: Path, name: str) -> None:
    report = verify((samples / name).read_bytes(), fetcher=OfflineFetcher(), at=AT)
    assert report.verdict.value == "unknown"
