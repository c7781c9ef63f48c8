"""The passphrase is changed so that a crash at any moment leaves every key openable."""

from __future__ import annotations

from pathlib import Path

import pytest

from badges.errors import ConfigurationError, InvalidInputError, UnavailableError
from badges.keyring import folder as folder_module
from badges.keyring.files import replace_file
from badges.keyring.folder import KeyFolder
from badges.standards.signer import KeyAlgorithm

OLD, NEW = "the old words of the keys", "the new words of the keys"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def made(keys: KeyFolder, count: int = 3) -> list[str]:
    keys.prepare()
    return [keys.make(KeyAlgorithm.EDDSA).uri for _ in range(count)]


def opens_all(keys: KeyFolder, uris: list[str]) -> bool:
    return all(keys.open(uri).uri == uri for uri in uris)


def test_given_one_opens_and_the_old_one_does_not(path: Path) -> None:
    uris = made(KeyFolder(path, OLD))
    assert KeyFolder(path, OLD).change_passphrase(NEW) == 3
    assert opens_all(KeyFolder(path, NEW), uris)
    with pytest.raises(ConfigurationError, match="passphrase is wrong"):
        KeyFolder(path, OLD).open(uris[0])
    assert {file.stat().st_mode & 0o777 for file in path.iterdir()} == {0o600}


def test_file_beside_the_keys_goes_when_another_is_given(path: Path) -> None:
    uris = made(KeyFolder(path))
    KeyFolder(path).change_passphrase(NEW)
    assert not (path / "passphrase").exists()
    assert opens_all(KeyFolder(path, NEW), uris)


def test_generated_one_replaces_the_file(path: Path) -> None:
    uris = made(KeyFolder(path))
    before = (path / "passphrase").read_bytes()
    KeyFolder(path).change_passphrase("")
    assert (path / "passphrase").read_bytes() != before
    assert sorted(file.name for file in path.iterdir() if file.suffix != ".pem") == ["passphrase"]
    assert opens_all(KeyFolder(path), uris)


def test_file_elsewhere_is_replaced_too(path: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "credential"
    elsewhere.write_text(OLD + "\n")
    uris = made(KeyFolder(path, passphrase_file=elsewhere))
    KeyFolder(path, passphrase_file=elsewhere).change_passphrase("")
    assert elsewhere.read_text().strip() != OLD
    assert opens_all(KeyFolder(path, passphrase_file=elsewhere), uris)


class PowerCutError(Exception):
    """The machine goes off."""


def cut_after(monkeypatch: pytest.MonkeyPatch, writes: int) -> None:
    """Let so many files be replaced, and then none."""
    left = [writes]

    def replace(path: Path, content: bytes) -> None:
        if left[0] == 0:
            raise PowerCutError
        left[0] -= 1
        replace_file(path, content)

    monkeypatch.setattr(folder_module, "replace_file", replace)


@pytest.mark.parametrize("writes", range(5))
def test_generating_is_broken_off_at_any_moment(path: Path, monkeypatch: pytest.MonkeyPatch, writes: int) -> None:
    uris = made(KeyFolder(path))
    with monkeypatch.context() as patch:
        cut_after(patch, writes)
        if writes < 4:  # the new passphrase and three keys
            with pytest.raises(PowerCutError):
                KeyFolder(path).change_passphrase("")
        else:
            KeyFolder(path).change_passphrase("")
    assert opens_all(KeyFolder(path), uris), "before it is run again"
    with monkeypatch.context() as patch:  # and broken off once more, somewhere else
        cut_after(patch, 2)
        with pytest.raises(PowerCutError):
            KeyFolder(path).change_passphrase("")
    assert opens_all(KeyFolder(path), uris)
    KeyFolder(path).change_passphrase("")
    assert opens_all(KeyFolder(path), uris)
    assert not (path / "passphrase.next").exists()


@pytest.mark.parametrize("writes", range(3))
def test_giving_one_is_broken_off_and_goes_on(path: Path, monkeypatch: pytest.MonkeyPatch, writes: int) -> None:
    uris = made(KeyFolder(path, OLD))
    with monkeypatch.context() as patch:
        cut_after(patch, writes)
        with pytest.raises(PowerCutError):
            KeyFolder(path, OLD).change_passphrase(NEW)
    KeyFolder(path, OLD).change_passphrase(NEW)
    assert opens_all(KeyFolder(path, NEW), uris)


def test_nothing_is_changed_when_one_key_does_not_open(path: Path) -> None:
    uris = made(KeyFolder(path, OLD))
    (path / "zzz.pem").write_bytes(b"damaged")
    before = {file: file.read_bytes() for file in path.iterdir()}
    with pytest.raises(ConfigurationError, match=r"zzz\.pem cannot be opened"):
        KeyFolder(path, OLD).change_passphrase(NEW)
    assert {file: file.read_bytes() for file in path.iterdir()} == before
    assert opens_all(KeyFolder(path, OLD), uris)


@pytest.mark.parametrize("poor", ["short", " begins with a space", "two\nlines of words"])
def test_poor_one_is_refused(path: Path, poor: str) -> None:
    made(KeyFolder(path, OLD), 1)
    with pytest.raises(InvalidInputError, match="at least 12 characters"):
        KeyFolder(path, OLD).change_passphrase(poor)


def test_none_is_generated_where_nobody_could_find_it(path: Path) -> None:
    made(KeyFolder(path, OLD), 1)
    with pytest.raises(ConfigurationError, match="BADGES_KEY_PASSPHRASE"):
        KeyFolder(path, OLD).change_passphrase("")


def test_disk_that_takes_nothing_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uris = made(KeyFolder(path))

    def full(*_: object) -> None:
        raise UnavailableError("The file cannot be written: No space left on device.")

    with monkeypatch.context() as patch:
        patch.setattr(folder_module, "replace_file", full)
        with pytest.raises(UnavailableError, match="No space left"):
            KeyFolder(path).change_passphrase("")
    assert opens_all(KeyFolder(path), uris)
