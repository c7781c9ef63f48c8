"""The Open Badges 2.0 data model against the official validator's cases."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.standards.ob2.documents import assertion_document, badge_class_document
from badges.standards.ob2.model import CLASSES, check_shape
from badges.standards.shapes import Severity
from badges.vocab.json import JsonObject, JsonValue
from tests.standards.ob3.test_model import JSON_VALUES
from tests.standards.samples import ACHIEVEMENT, FULL_AWARD, ISSUER

SAMPLES = "ob20-validator-samples"
SHAPE_FAILURES = {
    "basic-assertion-invalid-context.json": ("Assertion", "/@context"),
    "assertion-with-data-image.json": ("Assertion", "/image"),
    "rdf-validation/invalid-empty-type.json": ("Profile", "/type"),
    "assets/issuer-invalid-type.json": ("Profile", "/type"),
}
LINKED = {"badge": "BadgeClass", "organization": "Profile", "issuer": "Profile", "key": "CryptographicKey",
          "revocation": "RevocationList", "endorsement": "Endorsement", "robotics": "BadgeClass"}  # fmt: skip


def error_paths(document: JsonValue, class_name: str) -> list[str]:
    return [p.path for p in check_shape(document, class_name) if p.severity is Severity.ERROR]


@pytest.mark.parametrize(("name", "expected"), SHAPE_FAILURES.items())
def test_official_invalid_samples_have_an_error(name: str, expected: tuple[str, str], standards_data: Path) -> None:
    class_name, path = expected
    document = json.loads((standards_data / SAMPLES / name).read_bytes())

    assert path in error_paths(document, class_name)


def test_official_valid_assertions_have_no_error(standards_data: Path) -> None:
    """Those that fail for another reason than their shape (dates, scope, network) are valid here too."""
    paths = [
        path
        for path in sorted((standards_data / SAMPLES).glob("*.json"))
        if path.name not in SHAPE_FAILURES and ("assertion" in path.name or "warning" in path.name)
    ]

    assert len(paths) >= 12
    for path in paths:
        assert error_paths(json.loads(path.read_bytes()), "Assertion") == [], path.name


def test_official_linked_documents_have_no_error(standards_data: Path) -> None:
    checked = 0
    for path in sorted((standards_data / SAMPLES / "assets").glob("*.json")):
        class_name = next((name for start, name in LINKED.items() if path.name.startswith(start)), None)
        if class_name and path.name not in {"badgecriteria.json", "issuer-invalid-type.json"}:
            assert error_paths(json.loads(path.read_bytes()), class_name) == [], path.name
            checked += 1
    assert checked >= 30


@pytest.mark.parametrize("part", ["assertion", "badgeclass", "issuer"])
def test_version_2_core_documents_are_accepted_and_older_ones_not(part: str, standards_data: Path) -> None:
    folder = standards_data / "ob20-core-components"
    class_name = {"assertion": "Assertion", "badgeclass": "BadgeClass", "issuer": "Profile"}[part]

    assert error_paths(json.loads((folder / f"2_0_basic_{part}.json").read_bytes()), class_name) == []
    assert error_paths(json.loads((folder / f"1_0_basic_{part}.json").read_bytes()), class_name)


@pytest.mark.parametrize("name", ["id", "type", "recipient", "badge", "verification", "issuedOn", "@context"])
def test_assertion_without_a_required_member_is_an_error(name: str) -> None:
    document = assertion_document(FULL_AWARD)
    del document[name]

    assert error_paths(document, "Assertion") == [f"/{name}"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "assertion-1"),
        ("issuedOn", "2016-12-31"),
        ("issuedOn", 1480000000),
        ("expires", "2001-01-01T00:00:00Z"),
        ("badge", 5),
        ("revoked", "yes"),
        ("recipient", "sam@example.org"),
        ("evidence", [{"narrative": 5}]),
    ],
)
def test_assertion_with_a_wrong_value_is_an_error(name: str, value: JsonValue) -> None:
    paths = error_paths({**assertion_document(FULL_AWARD), name: value}, "Assertion")

    assert len(paths) == 1
    assert paths[0].startswith(f"/{name}")


def test_hashed_identity_must_be_a_hash() -> None:
    document = assertion_document(FULL_AWARD)
    document["recipient"]["identity"] = "sam@example.org"
    assert error_paths(document, "Assertion") == ["/recipient/identity"]

    document = assertion_document(FULL_AWARD)
    document["recipient"]["hashed"] = False
    assert [problem.severity for problem in check_shape(document)] == [Severity.ERROR]


def test_embedded_objects_are_checked_too() -> None:
    badge = badge_class_document(ACHIEVEMENT, ISSUER)
    del badge["@context"], badge["name"]

    assert error_paths({**assertion_document(FULL_AWARD), "badge": badge}, "Assertion") == ["/badge/name"]


@given(st.sampled_from(sorted(CLASSES)), st.data())
def test_no_json_makes_it_raise(class_name: str, data: st.DataObject) -> None:
    members = [*CLASSES[class_name].properties, "type"]
    document: JsonObject = data.draw(st.dictionaries(st.sampled_from(members), JSON_VALUES))

    assert isinstance(check_shape(document, class_name), list)
    assert check_shape(copy.deepcopy(document), class_name) == check_shape(document, class_name)
