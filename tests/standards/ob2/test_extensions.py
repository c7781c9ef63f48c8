"""Extensions of Open Badges 2.0. "Extensions"; VALIDATE_EXTENSION_NODE and _SINGLE of the official validator."""

from __future__ import annotations

import hashlib
import re
from importlib import resources

import pytest

from badges.standards.ob2.extensions import (
    EXTENSION_FILES,
    MOST_PARTS,
    bundled_extension,
    check_content,
    check_form,
    context_urls,
    core_of,
    find_extensions,
    own_types,
    schema_urls,
)
from badges.vocab.json import JsonObject

FOLDER = "https://w3id.org/openbadges/extensions"
GEO: JsonObject = {
    "@context": f"{FOLDER}/geoCoordinatesExtension/context.json",
    "type": ["Extension", "extensions:GeoCoordinates"],
    "description": "The library",
    "geo": {"latitude": 51.5, "longitude": -0.1},
}


def test_every_file_has_the_hash_that_the_table_gives() -> None:
    folder = resources.files("badges.standards.ob2").joinpath("data")
    rows = re.findall(
        r"\| `([\w.-]+)` \| (\S+) \| `([0-9a-f]{64})` \|", folder.joinpath("README.md").read_text("utf-8")
    )
    assert {url: name for name, url, _ in rows} == EXTENSION_FILES
    for name, _, digest in rows:
        assert hashlib.sha256(folder.joinpath(name).read_bytes()).hexdigest() == digest
    assert {item.name for item in folder.iterdir()} == {*EXTENSION_FILES.values(), "README.md"}


def test_finds_extensions_wherever_they_are() -> None:
    document = {"a": GEO, "b": [{"c": GEO}], "d": {"type": "Extension"}, "e": {"type": "Evidence"}}
    assert sorted(path for path, _ in find_extensions(document, 5)) == ["/a", "/b/0/c", "/d"]
    assert core_of(document) == {"b": [{}], "e": {"type": "Evidence"}}
    assert len(find_extensions([GEO] * 50, 5)) == 5


@pytest.mark.parametrize(
    ("extension", "path"),
    [
        ({"type": ["Extension", "extensions:X"]}, "/x/@context"),
        ({"type": ["Extension", "extensions:X"], "@context": {"X": "https://x.example/"}}, "/x/@context"),
        ({"type": ["Extension", "extensions:X"], "@context": "https://w3id.org/openbadges/v2"}, "/x/@context"),
        ({"type": "Extension", "@context": "https://x.example/"}, "/x/type"),
    ],
)
def test_an_extension_needs_a_context_and_a_type_of_its_own(extension: JsonObject, path: str) -> None:
    assert [problem.path for problem in check_form(extension, "/x")] == [path]
    assert list(check_form(GEO, "/x")) == []


@pytest.mark.parametrize("validates", ["extensions:GeoCoordinates", f"{FOLDER}#GeoCoordinates"])
@pytest.mark.parametrize("prefix", ["", "obi:"])
def test_the_context_states_the_schema(validates: str, prefix: str) -> None:
    entry = {f"{prefix}validatesType": validates, f"{prefix}validationSchema": {"@id": "https://s.example/"}}
    other = {"validatesType": "extensions:Other", "validationSchema": "https://o.example/"}
    assert schema_urls({f"{prefix}validation": [entry, other, 7]}, own_types(GEO)) == ["https://s.example/"]


def test_only_some_contexts_and_schemas_are_looked_at() -> None:
    assert len(context_urls({**GEO, "@context": [f"https://x.example/{place}" for place in range(50)]})) == MOST_PARTS
    entry = {"validatesType": "extensions:GeoCoordinates", "validationSchema": "https://s.example/"}
    assert len(schema_urls({"validation": [entry] * 50}, own_types(GEO))) == MOST_PARTS


def test_a_member_under_its_full_address_counts_by_its_name() -> None:
    context = bundled_extension(str(GEO["@context"])) or {}
    schema = bundled_extension(schema_urls(context, own_types(GEO))[0])
    assert check_content(GEO, schema, context).problems == ()
    full = {"http://schema.org/description" if name == "description" else name: GEO[name] for name in GEO}
    assert check_content(full, schema, context).problems == ()
    assert check_content({**GEO, "geo": {"latitude": "north"}}, schema, context).problems != ()
