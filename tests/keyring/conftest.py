"""The way to a KMS of this machine."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from tests.keyring.kms_server import lead_to_kms

LeadToKms = Callable[[str], None]


@pytest.fixture
def aws_environment(monkeypatch: pytest.MonkeyPatch) -> LeadToKms:
    """A function that leads boto3 to a server of this machine, with credentials that open nothing."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)

    def lead_to(url: str) -> None:
        for name, value in lead_to_kms(url).items():
            monkeypatch.setenv(name, value)

    return lead_to
