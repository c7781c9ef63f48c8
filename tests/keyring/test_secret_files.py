"""The secrets beside the keys: made once, missed when they are missing, never replaced."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from badges.errors import ConfigurationError
from badges.keyring.secret_files import SECRETS, SecretFolder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    SecretFolder(tmp_path / "secrets").prepare()
    return tmp_path / "secrets"


def test_are_for_their_owner_only(folder: Path) -> None:
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert len(list(folder.iterdir())) == len(SECRETS)
    assert SecretFolder(folder).doubts() == []
    (folder / "links.secret").chmod(0o644)
    assert "links.secret is open to others (mode 0644)" in str(SecretFolder(folder).doubts()[0])


def test_are_made_once_and_kept(folder: Path) -> None:
    first = SecretFolder(folder).secret("links")
    assert len(first) == 32
    SecretFolder(folder).prepare()
    assert SecretFolder(folder).secret("links") == first
    assert SecretFolder(folder).secret("sessions") != first


def test_missing_one_is_named_and_not_replaced(folder: Path) -> None:
    """Another one would open none of the links that were sent."""
    (folder / "links.secret").unlink()
    with pytest.raises(ConfigurationError, match=r"links\.secret is missing"):
        SecretFolder(folder).secret("links")
    assert not (folder / "links.secret").exists()


def test_all_who_prepare_at_once_get_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "fresh"
    found: list[bytes] = []
    gate = threading.Barrier(8)

    def ask() -> None:
        gate.wait()
        secrets = SecretFolder(folder)
        secrets.prepare()
        found.append(secrets.secret("links"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


@pytest.mark.parametrize("content", ["", "no hexadecimal", "ab"])
def test_damaged_one_is_named(folder: Path, content: str) -> None:
    (folder / "links.secret").write_text(content)
    with pytest.raises(ConfigurationError, match=r"links\.secret"):
        SecretFolder(folder).secret("links")
