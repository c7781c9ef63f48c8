"""Fixtures for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.service import Instance, make_instance, serve


@pytest.fixture(scope="module")
def live_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """The real service, running on an instance that the tests of one module share."""
    with serve(make_instance(tmp_path_factory.mktemp("live"))) as running:
        yield running
