"""Fixtures for all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.service import Instance, make_instance, serve

# A made-up case may be slow while the machine is busy. CI tries the same cases every time: whether a change lands
# must not depend on luck; the luck is for those who run the tests while they work.
settings.register_profile("working", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "working")


@pytest.fixture(scope="module")
def live_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """The real service, running on an instance that the tests of one module share."""
    with serve(make_instance(tmp_path_factory.mktemp("live"))) as running:
        yield running


@pytest.fixture(scope="session")
def standards_data() -> Path:
    """The folder of the standards' own cases, beside the project. CI always has it; others may not."""
    folder = Path(__file__).parents[2] / "shared" / "standards" / "data"
    if not folder.is_dir():
        reason = f"the standards' own cases are not here: {folder}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
