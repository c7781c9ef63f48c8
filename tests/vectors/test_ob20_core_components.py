"""The documents of Open Badges 0.5 to 2.0 of 1EdTech's validator core, served at the addresses that they name.

The outcomes are those of `openbadges` 1.1.2 (PyPI) with the same documents, but for one: it asks a badge of 0.5
for the day of the award, which 0.5 leaves open.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from badges.network.sources import MapFetcher, OfflineFetcher
from badges.verifying.pipeline import verify
from badges.verifying.report import CheckName, Report

AT: Final = datetime(2026, 11, 22, tzinfo=UTC)
ADDRESSES: Final = {
    "http://oldstyle.com/1": "0_5_assertion.json",
    "http://oldstyle.com/2": "0_5_1_assertion.json",
    "http://a.com/instance": "1_0_basic_assertion.json",
    "http://a.com/instance3": "1_0_basic_assertion_with_extra_properties.json",
    "http://a.com/badgeclass": "1_0_basic_badgeclass.json",
    "http://a.com/issuer": "1_0_basic_issuer.json",
}
ASSERTIONS: Final = {
    "0_5_assertion.json": ("0.5", "valid", "validity", "warning"),
    "0_5_1_assertion.json": ("0.5", "valid", "shape", "passed"),
    "1_0_basic_assertion.json": ("1.0", "valid", "shape", "passed"),
    "1_0_basic_assertion_with_extra_properties.json": ("1.0", "valid", "shape", "passed"),
    "1_0_assertion_with_errors.json": ("1.0", "invalid", "proof", "failed"),  # not what its address says
    # It calls `verification` what 1.1 calls `verify`.
    "1_1_basic_assertion.json": ("1.1", "invalid", "shape", "failed"),
    "2_0_basic_assertion.json": ("2.0", "valid", "shape", "passed"),
}


@pytest.fixture(scope="module")
def components(standards_data: Path) -> Path:
    return standards_data / "ob20-core-components"


def check(components: Path, badge: str, version: str) -> Report:
    """Verify a badge in the world of these documents. version: whose documents stand at example.org."""
    documents = {url: components / name for url, name in ADDRESSES.items()}
    for page, name in (
        ("beths-robotics-badge", "assertion"),
        ("robotics-badge", "badgeclass"),
        ("organization", "issuer"),
    ):
        documents[f"https://example.org/{page}.json"] = components / f"{version}_basic_{name}.json"
    return verify(badge, fetcher=MapFetcher(documents, OfflineFetcher()), at=AT)


@pytest.mark.parametrize("name", ASSERTIONS)
def test_assertion(components: Path, name: str) -> None:
    version, verdict, deciding, outcome = ASSERTIONS[name]
    text = (components / name).read_text()
    address = next((url for url, each in ADDRESSES.items() if each == name), "")
    # 0.5 does not say where it is kept, so it comes by its address.
    report = check(components, address if version == "0.5" else text, "2_0" if version == "2.0" else "1_1")
    assert (report.verdict.value, report.check(CheckName(deciding)).outcome.value) == (verdict, outcome)
    assert report.view is not None
    assert report.view.version.value == version


def test_the_assertion_of_1_1_is_valid_with_the_word_that_1_1_has(components: Path, tmp_path: Path) -> None:
    """The official validator says so too."""
    document = json.loads((components / "1_1_basic_assertion.json").read_text())
    document["verify"] = {**document.pop("verification"), "url": document["id"]}
    (tmp_path / "assertion.json").write_text(json.dumps(document))
    documents = {
        "https://example.org/beths-robotics-badge.json": tmp_path / "assertion.json",
        "https://example.org/robotics-badge.json": components / "1_1_basic_badgeclass.json",
        "https://example.org/organization.json": components / "1_1_basic_issuer.json",
    }
    report = verify(json.dumps(document), fetcher=MapFetcher(documents, OfflineFetcher()), at=AT)
    assert report.verdict.value == "valid"
    assert report.view is not None
    assert report.view.issuer.name == "An Example Badge Issuer"


def test_every_component_is_used_here(components: Path) -> None:
    linked = {f"{version}_basic_{name}.json" for version in ("1_1", "2_0") for name in ("badgeclass", "issuer")}
    contexts = {"openbadges_context.json", "openbadges_context_v1.json"}
    assert {path.name for path in components.iterdir()} == {*ADDRESSES.values(), *ASSERTIONS, *linked, *contexts}
