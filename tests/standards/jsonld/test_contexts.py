"""The bundled contexts are the published bytes."""

from __future__ import annotations

import hashlib
import re
from importlib import resources

import pytest

from badges.standards.jsonld.contexts import (
    CONTEXT_FILES,
    OPEN_BADGES_3_0_3,
    UnknownContextError,
    bundled_context,
    context_bytes,
)

DATA = resources.files("badges.standards.jsonld").joinpath("data")
ROW = re.compile(r"\| `(?P<file>[\w.-]+)` \| (?P<urls>\S+) \| .+ \| .+ \| `(?P<hash>[0-9a-f]{64})` \|")


def test_every_file_has_the_hash_that_the_table_gives() -> None:
    rows = ROW.finditer(DATA.joinpath("README.md").read_text("utf-8"))
    table = {row["file"]: (set(row["urls"].split("<br>")), row["hash"]) for row in rows}
    files: dict[str, set[str]] = {}
    for url, name in CONTEXT_FILES.items():
        files.setdefault(name, set()).add(url)
    assert {name: (urls, hashlib.sha256(context_bytes(name)).hexdigest()) for name, urls in files.items()} == table
    assert {item.name for item in DATA.iterdir()} == {*files, "README.md"}


def test_open_badges_context_is_the_one_published_now() -> None:
    digest = hashlib.sha256(context_bytes(CONTEXT_FILES[OPEN_BADGES_3_0_3])).hexdigest()
    assert digest == "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84"


@pytest.mark.parametrize("url", CONTEXT_FILES)
def test_every_file_is_a_context(url: str) -> None:
    assert bundled_context(url)["@context"]


@pytest.mark.parametrize("url", ["", "https://example.org/c", "http://www.w3.org/ns/credentials/v2", "../README.md"])
def test_names_the_context_that_is_not_bundled(url: str) -> None:
    with pytest.raises(UnknownContextError) as caught:
        bundled_context(url)
    assert caught.value.url == url
