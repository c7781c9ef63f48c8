"""The credentials that the Open Badges 3.0 specification shows: each has one reading, however it spreads its parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from badges.verifying.checks.plain_form import check_plain_form
from tests.vectors.example_contexts import read_document

FOLDER: Final = "ob30-spec-examples"


@pytest.fixture(scope="module")
def credentials(standards_data: Path) -> dict[str, Any]:
    found = {path.name: read_document(path) for path in sorted((standards_data / FOLDER).glob("*.json"))}
    return {name: each for name, each in found.items() if isinstance(each, dict) and "credentialSubject" in each}


def test_every_example_is_in_plain_form(credentials: dict[str, Any]) -> None:
    assert len(credentials) >= 19
    assert {name: check_plain_form(each) for name, each in credentials.items()} == dict.fromkeys(credentials)
