"""What thieves can do with what they got: a database, a keys folder, or both, with and without the passphrase."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from badges.errors import ConfigurationError
from badges.keyring.folder import KeyFolder
from badges.services.instance import make_instance, prepare_folders
from badges.services.key_changes import rotate_keys
from badges.services.organisations import find_organisation
from badges.storage.records import CredentialForm, SigningKeyRecord
from tests.instances import ORGANISATION, Bench, Folders, open_service

PASSPHRASE = "seven quiet words that nobody guesses"


def thief(bench: Bench, folder: Path, *, with_keys: bool = False, passphrase: str = "") -> Bench:
    """Return a service on a stolen database, under our own address, as the thief would run it."""
    bench.service.database.close()
    folders = Folders.under(folder)
    shutil.copytree(bench.folders.instance, folders.instance)
    if with_keys:
        shutil.copytree(bench.folders.keys, folders.keys)
        (folders.keys / "passphrase").unlink(missing_ok=True)
    more = {"key_passphrase": passphrase} if passphrase else {}
    return Bench(open_service(folders.settings(**more), bench.clock), bench.clock, folders)


@pytest.fixture
def guarded(bench: Bench) -> Bench:
    """A service whose passphrase is nowhere near its keys and its database."""
    KeyFolder(bench.folders.keys).change_passphrase(PASSPHRASE)
    bench.service = bench.again(key_passphrase=PASSPHRASE)
    bench.award()
    return bench


class TestDatabase:
    def test_signs_nothing(self, guarded: Bench, tmp_path: Path) -> None:
        award = guarded.award(email="kim@example.org")
        stolen = thief(guarded, tmp_path / "thief")
        prepare_folders(stolen.service.installation)  # the thief makes folders of his own
        for form in (CredentialForm.OB3_JWT, CredentialForm.OB3_JWT_ES256):
            with pytest.raises(ConfigurationError, match="file of a signing key is missing"):
                stolen.form(award, form)
        with pytest.raises(ConfigurationError, match="file of a signing key is missing"):
            stolen.award(email="thief@example.org")
        stolen.close()

    def test_keys_of_the_thief_s_own_are_nobody_s(self, guarded: Bench, tmp_path: Path) -> None:
        """He makes new keys under our name. Whoever asks our address does not find them."""
        stolen = thief(guarded, tmp_path / "thief")
        prepare_folders(stolen.service.installation)
        with stolen.service.database.write() as session:
            rotate_keys(session, stolen.service.installation, find_organisation(session, ORGANISATION))
            make_instance(session, stolen.service.installation, organisation=None, admin_email=None)
        badge = stolen.form(stolen.award(email="thief@example.org"))
        assert stolen.verify(badge).verdict == "valid", "at the thief's own, it looks like one of ours"
        assert guarded.verify(badge).verdict != "valid"
        stolen.close()

    def test_row_that_points_at_another_key_signs_nothing(self, guarded: Bench) -> None:
        """Somebody who can write into the database lets one organisation sign with another's key."""
        guarded.add_organisation("college")
        with guarded.service.database.write() as session:
            rows = {(row.organisation_id, row.algorithm): row for row in session.query(SigningKeyRecord)}
            ours, theirs = rows[1, "EdDSA"], rows[2, "EdDSA"]
            theirs.uri = ours.uri
        guarded.service = guarded.again(key_passphrase=PASSPHRASE)
        before = guarded.dump()
        with pytest.raises(ConfigurationError, match="holds another key"):
            guarded.award("college/supporter")
        assert guarded.dump() == before


class TestKeysFolder:
    def test_is_of_no_use_without_the_passphrase(self, guarded: Bench, tmp_path: Path) -> None:
        stolen = thief(guarded, tmp_path / "thief", with_keys=True)
        with pytest.raises(ConfigurationError, match="passphrase of the signing keys is missing"):
            stolen.award(email="thief@example.org")
        guessing = thief(guarded, tmp_path / "guessing", with_keys=True, passphrase="perhaps these words")
        with pytest.raises(ConfigurationError, match="passphrase is wrong"):
            guessing.award(email="thief@example.org")
        for path in guarded.folders.keys.glob("*.pem"):
            assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
        stolen.close()
        guessing.close()

    def test_with_the_passphrase_it_signs_in_our_name_without_any_database(self, guarded: Bench) -> None:
        """What must be said honestly: who has both has the keys. Then `badges keys compromise` is the answer."""
        opened = [
            serialization.load_pem_private_key(path.read_bytes(), PASSPHRASE.encode())
            for path in guarded.folders.keys.glob("*.pem")
        ]
        assert len(opened) == 4
