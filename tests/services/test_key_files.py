"""Keys come back from a backup on a new machine, with a copy of the database, and nothing that is there is replaced."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from badges.errors import ConfigurationError, ConflictError, InvalidInputError
from badges.keyring.archive import seal, unseal
from badges.services.health import check_installation
from badges.services.holders import holder_url
from badges.services.key_files import (
    change_passphrase,
    keys_without_backup,
    make_backup,
    note_restored,
    read_backup,
    restore_backup,
)
from badges.storage.records import AuditLineRecord
from tests.instances import Bench, Folders, SettableClock, open_service

WORDS = "five words that are good"


def backup(bench: Bench, words: str = WORDS) -> str:
    with bench.service.database.write() as session:
        return make_backup(session, bench.service.installation, words)


def new_machine(bench: Bench, folder: Path, **variables: str) -> Bench:
    """A machine with a copy of the database and no key."""
    bench.service.database.close()
    folders = Folders.under(folder)
    shutil.copytree(bench.folders.instance, folders.instance)
    clock = SettableClock(bench.clock.now)
    return Bench(open_service(folders.settings(**variables), clock), clock, folders)


def actions(bench: Bench) -> list[str]:
    with bench.service.database.read() as session:
        return list(session.scalars(select(AuditLineRecord.action).where(AuditLineRecord.subject == "keys")))


def key_backup(bench: Bench) -> str:
    service = bench.service
    results = check_installation(service.database, service.installation, service.mailer)
    return next(each.message for each in results if each.name == "key backup")


class TestDrill:
    """Fire: the machine is gone. What is left is last night's database and the file from the safe."""

    @pytest.mark.parametrize(
        "variables", [{}, {"key_passphrase": "other words on the new machine"}], ids=["file", "environment"]
    )
    def test_new_machine_goes_on_as_the_old_one(self, bench: Bench, tmp_path: Path, variables: dict[str, str]) -> None:
        award = bench.award()
        badge, link = bench.form(award), holder_url(bench.service.installation, award)
        text = backup(bench)
        there = new_machine(bench, tmp_path / "there", **variables)
        with pytest.raises(ConfigurationError):
            there.award(email="kim@example.org")
        done = restore_backup(there.service.installation, text, WORDS)
        assert len(done.written) == len(read_backup(text, WORDS).keys) + 3
        assert note_restored(there.service.database, there.service.installation, done) == []
        there.service = there.again(**variables)
        assert there.verify(badge).verdict == "valid"
        assert there.verify(there.form(there.award(email="kim@example.org"))).verdict == "valid"
        assert holder_url(there.service.installation, award) == link, "links in mails still open"
        results = check_installation(there.service.database, there.service.installation, there.service.mailer)
        assert all(each.ok for each in results), results
        assert {path.stat().st_mode & 0o777 for path in there.folders.keys.iterdir()} == {0o600}
        assert there.folders.keys.stat().st_mode & 0o777 == 0o700
        assert (there.folders.keys / "passphrase").exists() is not bool(variables)
        assert "keys.restored" in actions(there)
        there.close()

    def test_what_was_made_after_the_backup_is_named(self, bench: Bench, tmp_path: Path) -> None:
        text = backup(bench)
        bench.clock.advance(days=1)
        bench.rotate()
        there = new_machine(bench, tmp_path / "there")
        done = restore_backup(there.service.installation, text, WORDS)
        missing = note_restored(there.service.database, there.service.installation, done)
        assert missing is not None
        assert len(missing) == 3
        there.close()

    def test_without_a_database_the_keys_come_all_the_same(self, bench: Bench, tmp_path: Path) -> None:
        text = backup(bench)
        folders = Folders.under(tmp_path / "empty")
        service = open_service(folders.settings(), bench.clock)
        done = restore_backup(service.installation, text, WORDS)
        assert note_restored(service.database, service.installation, done) is None
        assert len(list(folders.keys.glob("*.pem"))) == 4
        service.database.close()


class TestBackup:
    def test_holds_everything_and_shows_nothing(self, bench: Bench) -> None:
        text = backup(bench)
        content = json.loads(unseal(text, WORDS))
        assert set(content["files"]) == {path.name for path in bench.folders.keys.glob("*.pem")}
        assert set(content["secrets"]) == {"links.secret", "sessions.secret", "jobs.secret"}
        assert content["baseUrl"] == "http://localhost:8000"
        assert {key["state"] for key in content["keys"]} == {"active"}
        for path in bench.folders.keys.iterdir():
            assert path.read_text().strip() not in text

    def test_database_keeps_no_more_than_when(self, bench: Bench) -> None:
        before = bench.dump()
        backup(bench)
        after = bench.dump()
        changed = {name for name in after if after[name] != before[name]}
        assert changed == {"fact", "audit_line", "audit_head"}
        assert set(after["fact"]) - set(before["fact"]) == {("keys_backed_up", "2026-12-01T10:00:00Z")}
        assert actions(bench) == ["keys.backed-up"]

    def test_check_says_which_keys_are_not_in_it(self, bench: Bench) -> None:
        assert "No backup of the keys was made here. Keys that are not in it: 4." in key_backup(bench)
        backup(bench)
        assert key_backup(bench) == "The last backup of the keys is of 01 December 2026."
        bench.clock.advance(days=1)
        bench.rotate()
        assert "Keys that are not in it: 3. Run `badges keys backup FILE`." in key_backup(bench)
        backup(bench)
        with bench.service.database.read() as session:
            assert keys_without_backup(session) == []

    def test_key_that_does_not_open_is_said_instead_of_being_put_into_the_safe(self, bench: Bench) -> None:
        next(bench.folders.keys.glob("*.pem")).write_bytes(b"damaged")
        before = bench.dump()
        with pytest.raises(ConfigurationError, match="cannot be opened"):
            backup(bench)
        assert bench.dump() == before

    def test_opens_as_it_did_after_the_passphrase_was_changed(self, bench: Bench, tmp_path: Path) -> None:
        text = backup(bench)
        with bench.service.database.write() as session:
            assert change_passphrase(session, bench.service.installation, "") == 4
        assert "keys.passphrase-changed" in actions(bench)
        there = new_machine(bench, tmp_path / "there")
        restore_backup(there.service.installation, text, WORDS)
        assert there.award().id
        there.close()

    def test_poor_passphrase_is_refused(self, bench: Bench) -> None:
        with pytest.raises(InvalidInputError, match="at least 12"):
            backup(bench, "short")


class TestRestoring:
    def test_again_changes_nothing(self, bench: Bench) -> None:
        text = backup(bench)
        before = {path: path.read_bytes() for path in bench.folders.keys.iterdir()}
        done = restore_backup(bench.service.installation, text, WORDS)
        assert done.written == ()
        assert len(done.kept) == 7
        assert {path: path.read_bytes() for path in bench.folders.keys.iterdir()} == before

    def test_goes_on_where_it_was_broken_off(self, bench: Bench) -> None:
        text = backup(bench)
        lost = sorted(bench.folders.keys.glob("*.pem"))[1:3]
        for path in lost:
            path.unlink()
        done = restore_backup(bench.service.installation, text, WORDS)
        assert set(done.written) == {path.name for path in lost}
        assert bench.award().id

    def test_other_secrets_and_keys_are_never_replaced(self, bench: Bench) -> None:
        text = backup(bench)
        first, second = sorted(bench.folders.keys.glob("*.pem"))[:2]
        shutil.copy(second, first)
        (bench.folders.keys / "links.secret").write_text("a" * 64 + "\n")
        sorted(bench.folders.keys.glob("*.pem"))[3].unlink()
        before = {path: path.read_bytes() for path in bench.folders.keys.iterdir()}
        with pytest.raises(ConflictError, match=rf"{first.name}, links\.secret\. Nothing was written"):
            restore_backup(bench.service.installation, text, WORDS)
        assert {path: path.read_bytes() for path in bench.folders.keys.iterdir()} == before

    @pytest.mark.parametrize(
        "content",
        [
            {},
            {"type": "other", "version": 1},
            {"type": "BadgeServiceKeys", "version": 2},
            {"type": "BadgeServiceKeys", "version": 1, "made": "yesterday"},
        ],
        ids=str,
    )
    def test_what_is_no_backup_of_keys_is_refused(self, bench: Bench, content: dict[str, object]) -> None:
        with pytest.raises(InvalidInputError, match="no backup of keys"):
            restore_backup(bench.service.installation, seal(json.dumps(content).encode(), WORDS), WORDS)

    @pytest.mark.parametrize("name", ["../evil.pem", "/tmp/evil.pem", ".hidden.pem", "evil", "a/b.pem", "x\n.pem"])
    def test_file_outside_the_folder_is_never_written(self, bench: Bench, name: str) -> None:
        content = json.loads(unseal(backup(bench), WORDS))
        content["files"] = {name: next(iter(content["files"].values()))}
        with pytest.raises(InvalidInputError, match="no backup of keys"):
            restore_backup(bench.service.installation, seal(json.dumps(content).encode(), WORDS), WORDS)
