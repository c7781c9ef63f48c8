"""Key files: private to their owner, encrypted, whole or not there; a wrong one is refused in plain words."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives import serialization

from badges.errors import ConfigurationError, UnavailableError
from badges.keyring.folder import KeyFolder
from badges.standards.signer import KeyAlgorithm, PublicKey

FAST: Final = KeyAlgorithm.EDDSA


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    KeyFolder(tmp_path / "keys").prepare()
    return tmp_path / "keys"


def made(folder: Path, passphrase: str = "") -> tuple[str, str, PublicKey]:
    return KeyFolder(folder, passphrase).generate(FAST)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


class TestFiles:
    def test_folder_and_files_are_for_their_owner_only(self, folder: Path) -> None:
        made(folder)
        assert mode(folder) == 0o700
        assert len(list(folder.iterdir())) == 5
        assert {mode(path) for path in folder.iterdir()} == {0o600}

    def test_folder_that_was_open_is_closed(self, tmp_path: Path) -> None:
        (tmp_path / "keys").mkdir(mode=0o755)
        KeyFolder(tmp_path / "keys").prepare()
        assert mode(tmp_path / "keys") == 0o700

    @pytest.mark.parametrize("algorithm", [KeyAlgorithm.EDDSA, KeyAlgorithm.RS256, KeyAlgorithm.ES256])
    def test_key_is_encrypted(self, folder: Path, algorithm: KeyAlgorithm) -> None:
        key_id, uri, _ = KeyFolder(folder).generate(algorithm)
        pem = (folder / f"{key_id}.pem").read_bytes()
        assert uri == f"file:{key_id}.pem"
        assert pem.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
        with pytest.raises(TypeError, match="encrypted"):
            serialization.load_pem_private_key(pem, None)

    def test_preparing_again_keeps_the_passphrase(self, folder: Path) -> None:
        before = (folder / "passphrase").read_bytes()
        KeyFolder(folder).prepare()
        assert (folder / "passphrase").read_bytes() == before

    def test_passphrase_from_the_settings_is_not_written_down(self, tmp_path: Path) -> None:
        keys = KeyFolder(tmp_path / "keys", "three plain words")
        keys.prepare()
        keys.generate(FAST)
        assert not (tmp_path / "keys" / "passphrase").exists()
        assert all(b"three plain words" not in path.read_bytes() for path in (tmp_path / "keys").iterdir())

    def test_no_half_file_is_left(self, folder: Path) -> None:
        made(folder)
        assert all(not path.name.startswith(".") for path in folder.iterdir())

    def test_folder_that_cannot_be_made_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        with pytest.raises(UnavailableError, match=r"keys folder .*file/keys cannot be made"):
            KeyFolder(tmp_path / "file" / "keys").prepare()

    def test_key_that_cannot_be_written_is_an_error_in_plain_words(self, tmp_path: Path) -> None:
        with pytest.raises(UnavailableError, match="cannot be written"):
            KeyFolder(tmp_path / "none", "words").generate(FAST)


class TestSigner:
    def test_signs_so_that_the_public_half_verifies(self, folder: Path) -> None:
        key_id, uri, public_key = made(folder)
        signer = KeyFolder(folder).signer(uri, key_id, FAST, public_key)
        public_key.verify(signer.sign(b"data"), b"data")  # type: ignore[call-arg]
        assert signer.key_id == key_id

    def test_swapped_file_is_refused(self, folder: Path) -> None:
        key_id, uri, public_key = made(folder)
        other_id, _, _ = made(folder)
        shutil.copy(folder / f"{other_id}.pem", folder / f"{key_id}.pem")
        with pytest.raises(ConfigurationError, match=rf"{key_id} holds another key"):
            KeyFolder(folder).signer(uri, key_id, FAST, public_key)

    def test_missing_file_is_named_with_what_to_do(self, folder: Path) -> None:
        key_id, uri, public_key = made(folder)
        (folder / f"{key_id}.pem").unlink()
        with pytest.raises(ConfigurationError, match=rf"missing: .*{key_id}\.pem.*badges keys rotate.*stay valid"):
            KeyFolder(folder).signer(uri, key_id, FAST, public_key)

    @pytest.mark.parametrize("content", [b"", b"damaged", b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n"])
    def test_damaged_file_is_named(self, folder: Path, content: bytes) -> None:
        key_id, uri, public_key = made(folder)
        (folder / f"{key_id}.pem").write_bytes(content)
        with pytest.raises(ConfigurationError, match=rf"{key_id}\.pem cannot be opened"):
            KeyFolder(folder).signer(uri, key_id, FAST, public_key)

    def test_truncated_file_is_named(self, folder: Path) -> None:
        key_id, uri, public_key = made(folder)
        path = folder / f"{key_id}.pem"
        path.write_bytes(path.read_bytes()[:120])
        with pytest.raises(ConfigurationError, match="cannot be opened"):
            KeyFolder(folder).signer(uri, key_id, FAST, public_key)

    def test_wrong_passphrase_is_said(self, folder: Path) -> None:
        key_id, uri, public_key = made(folder)
        with pytest.raises(ConfigurationError, match="passphrase is wrong") as refusal:
            KeyFolder(folder, "another").signer(uri, key_id, FAST, public_key)
        assert "another" not in str(refusal.value)

    def test_missing_passphrase_is_said_with_what_to_do(self, folder: Path) -> None:
        key_id, uri, public_key = made(folder)
        (folder / "passphrase").unlink()
        with pytest.raises(ConfigurationError, match=r"BADGES_KEY_PASSPHRASE.*passphrase back"):
            KeyFolder(folder).signer(uri, key_id, FAST, public_key)

    def test_empty_passphrase_file_is_named(self, folder: Path) -> None:
        key_id, uri, public_key = made(folder)
        (folder / "passphrase").write_text("\n")
        with pytest.raises(ConfigurationError, match=r"passphrase .*is empty"):
            KeyFolder(folder).signer(uri, key_id, FAST, public_key)
        with pytest.raises(ConfigurationError, match="is empty"):
            KeyFolder(folder).generate(FAST)

    @pytest.mark.parametrize("uri", ["file:../secret.pem", "file:/etc/key.pem", "file:.hidden", "kms:abc", "key.pem"])
    def test_key_outside_the_folder_is_never_read(self, folder: Path, uri: str) -> None:
        _, _, public_key = made(folder)
        with pytest.raises(ConfigurationError, match="not known here"):
            KeyFolder(folder).signer(uri, "key", FAST, public_key)


class TestSecrets:
    def test_are_made_once_and_kept(self, folder: Path) -> None:
        first = KeyFolder(folder).secret("links")
        assert len(first) == 32
        KeyFolder(folder).prepare()
        assert KeyFolder(folder).secret("links") == first
        assert KeyFolder(folder).secret("sessions") != first

    def test_missing_one_is_named_and_not_replaced(self, folder: Path) -> None:
        """Another one would open none of the links that were sent."""
        (folder / "links.secret").unlink()
        with pytest.raises(ConfigurationError, match=r"links\.secret is missing"):
            KeyFolder(folder).secret("links")
        assert not (folder / "links.secret").exists()

    def test_all_who_prepare_at_once_get_the_same(self, tmp_path: Path) -> None:
        folder = tmp_path / "fresh"
        found: list[bytes] = []
        gate = threading.Barrier(8)

        def ask() -> None:
            gate.wait()
            keys = KeyFolder(folder)
            keys.prepare()
            found.append(keys.secret("links"))

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 8
        assert len(set(found)) == 1

    @pytest.mark.parametrize("content", ["", "no hexadecimal", "ab"])
    def test_damaged_one_is_named(self, folder: Path, content: str) -> None:
        (folder / "links.secret").write_text(content)
        with pytest.raises(ConfigurationError, match=r"links\.secret"):
            KeyFolder(folder).secret("links")
