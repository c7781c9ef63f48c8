"""Key files: private to their owner, encrypted, whole or not there; a wrong one is refused in plain words."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448

from badges.errors import ConfigurationError, UnavailableError
from badges.keyring.folder import KeyFolder
from badges.keyring.keyring import LocalKeyring
from badges.standards.signer import KeyAlgorithm, Signer

FAST: Final = KeyAlgorithm.EDDSA


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    KeyFolder(tmp_path / "keys").prepare()
    return tmp_path / "keys"


def made(folder: Path, passphrase: str = "") -> tuple[str, Signer]:
    kept = KeyFolder(folder, passphrase).make(FAST)
    return kept.uri, kept.signer


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def path_of(folder: Path, uri: str) -> Path:
    return folder / uri.removeprefix("file:")


class TestFiles:
    def test_folder_and_files_are_for_their_owner_only(self, folder: Path) -> None:
        made(folder)
        assert mode(folder) == 0o700
        assert len(list(folder.iterdir())) == 2
        assert {mode(path) for path in folder.iterdir()} == {0o600}

    def test_folder_that_was_open_is_closed(self, tmp_path: Path) -> None:
        (tmp_path / "keys").mkdir(mode=0o755)
        KeyFolder(tmp_path / "keys").prepare()
        assert mode(tmp_path / "keys") == 0o700

    @pytest.mark.parametrize("algorithm", [KeyAlgorithm.EDDSA, KeyAlgorithm.RS256, KeyAlgorithm.ES256])
    def test_key_is_encrypted(self, folder: Path, algorithm: KeyAlgorithm) -> None:
        kept = KeyFolder(folder).make(algorithm)
        assert kept.uri == f"file:{kept.signer.key_id}.pem"
        pem = path_of(folder, kept.uri).read_bytes()
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
        keys.make(FAST)
        assert not (tmp_path / "keys" / "passphrase").exists()
        assert all(b"three plain words" not in path.read_bytes() for path in (tmp_path / "keys").iterdir())

    def test_passphrase_may_be_in_a_file_elsewhere(self, tmp_path: Path) -> None:
        """As systemd's credentials and Docker's secrets are; the end of its line does not count."""
        elsewhere = tmp_path / "credential"
        elsewhere.write_text("three plain words\n")
        keys = KeyFolder(tmp_path / "keys", passphrase_file=elsewhere)
        keys.prepare()
        kept = keys.make(FAST)
        assert not keys.keeps_passphrase
        assert not (tmp_path / "keys" / "passphrase").exists()
        assert KeyFolder(tmp_path / "keys", "three plain words").open(kept.uri).signer.key_id == kept.signer.key_id

    def test_no_half_file_is_left(self, folder: Path) -> None:
        made(folder)
        assert all(not path.name.startswith(".") for path in folder.iterdir())

    def test_folder_that_cannot_be_made_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        with pytest.raises(UnavailableError, match=r"keys folder .*file/keys cannot be made"):
            KeyFolder(tmp_path / "file" / "keys").prepare()

    def test_key_that_cannot_be_written_is_an_error_in_plain_words(self, tmp_path: Path) -> None:
        with pytest.raises(UnavailableError, match="cannot be written"):
            KeyFolder(tmp_path / "none", "words").make(FAST)

    def test_what_is_open_to_others_is_said_with_what_to_do(self, folder: Path) -> None:
        uri, _ = made(folder)
        assert [str(doubt) for doubt in KeyFolder(folder, "words").doubts()] == []
        path_of(folder, uri).chmod(0o640)
        folder.chmod(0o755)
        said = " ".join(str(doubt) for doubt in KeyFolder(folder, "words").doubts())
        assert f"{folder} is open to others (mode 0755): chmod 0700 it." in said
        assert f"{path_of(folder, uri)} is open to others (mode 0640): chmod 0600 it." in said


class TestOpening:
    def test_signs_so_that_the_public_half_verifies(self, folder: Path) -> None:
        uri, new = made(folder)
        signer = KeyFolder(folder).open(uri).signer
        new.public_key.verify(signer.sign(b"data"), b"data")  # type: ignore[call-arg]
        assert signer.key_id == new.key_id

    def test_swapped_file_is_refused_before_it_signs(self, folder: Path) -> None:
        uri, signer = made(folder)
        shutil.copy(path_of(folder, made(folder)[0]), path_of(folder, uri))
        keyring = LocalKeyring({"file": KeyFolder(folder)})
        with pytest.raises(ConfigurationError, match=rf"{signer.key_id} should be, holds another key"):
            keyring.signer(uri, signer.key_id, FAST, signer.public_key)

    def test_missing_file_is_named_with_what_to_do(self, folder: Path) -> None:
        uri, _ = made(folder)
        path_of(folder, uri).unlink()
        with pytest.raises(ConfigurationError, match=r"missing: .*\.pem.*badges keys rotate.*stay valid"):
            KeyFolder(folder).open(uri)

    @pytest.mark.parametrize("content", [b"", b"damaged", b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n"])
    def test_damaged_file_is_named(self, folder: Path, content: bytes) -> None:
        uri, signer = made(folder)
        path_of(folder, uri).write_bytes(content)
        with pytest.raises(ConfigurationError, match=rf"{signer.key_id}\.pem cannot be opened"):
            KeyFolder(folder).open(uri)

    def test_truncated_file_is_named(self, folder: Path) -> None:
        uri, _ = made(folder)
        path_of(folder, uri).write_bytes(path_of(folder, uri).read_bytes()[:120])
        with pytest.raises(ConfigurationError, match="cannot be opened"):
            KeyFolder(folder).open(uri)

    def test_file_that_is_not_encrypted_is_refused(self, folder: Path) -> None:
        """Nobody should believe that a passphrase guards it."""
        uri, _ = made(folder)
        plain = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path_of(folder, uri).write_bytes(plain)
        with pytest.raises(ConfigurationError, match="cannot be opened"):
            KeyFolder(folder).open(uri)

    @pytest.mark.parametrize(
        "key", [ed448.Ed448PrivateKey.generate(), ec.generate_private_key(ec.SECP384R1())], ids=["Ed448", "P-384"]
    )
    def test_key_of_another_kind_is_refused(
        self, folder: Path, key: ed448.Ed448PrivateKey | ec.EllipticCurvePrivateKey
    ) -> None:
        passphrase = serialization.BestAvailableEncryption(KeyFolder(folder).read_passphrase())
        pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, passphrase)
        (folder / "other.pem").write_bytes(pem)
        with pytest.raises(ConfigurationError, match="of a kind that is not used here"):
            KeyFolder(folder).open("file:other.pem")

    def test_wrong_passphrase_is_said(self, folder: Path) -> None:
        uri, _ = made(folder)
        with pytest.raises(ConfigurationError, match="passphrase is wrong") as refusal:
            KeyFolder(folder, "another").open(uri)
        assert "another" not in str(refusal.value)

    def test_missing_passphrase_is_said_with_what_to_do(self, folder: Path) -> None:
        uri, _ = made(folder)
        (folder / "passphrase").unlink()
        with pytest.raises(ConfigurationError, match=r"BADGES_KEY_PASSPHRASE.*passphrase back"):
            KeyFolder(folder).open(uri)

    def test_empty_passphrase_file_is_named(self, folder: Path) -> None:
        uri, _ = made(folder)
        (folder / "passphrase").write_text("\n")
        with pytest.raises(ConfigurationError, match=r"passphrase .*is empty"):
            KeyFolder(folder).open(uri)
        with pytest.raises(ConfigurationError, match="is empty"):
            KeyFolder(folder).make(FAST)

    @pytest.mark.parametrize("uri", ["file:../secret.pem", "file:/etc/key.pem", "file:.hidden", "file:", "key.pem"])
    def test_key_outside_the_folder_is_never_read(self, folder: Path, uri: str) -> None:
        with pytest.raises(ConfigurationError, match="none of the keys folder"):
            KeyFolder(folder).open(uri)
