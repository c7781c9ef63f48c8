"""`badges keys`: those that are kept elsewhere, the passphrase, backups."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Shell
from tests.instances import ORGANISATION, Folders
from tests.kms import KmsServer


class TestUse:
    def test_key_of_a_kms_signs_from_now_on(self, shell: Shell, kms: KmsServer) -> None:
        arn = kms.new_key("ECC_NIST_EDWARDS25519", "alias/badges")
        said = shell.good("keys", "use", "aws-kms:alias/badges", "--organisation", ORGANISATION).stdout
        assert "signs from now on for Anytown Hospitals Library" in said
        assert "aws-kms" in said
        (key,) = [key for key in shell.json("keys", "list") if key["uri"].startswith("aws-kms:")]
        assert (key["uri"], key["state"], key["algorithm"]) == (f"aws-kms:{arn}", "active", "EdDSA")
        badge = shell.good("export", shell.award(), "--as", "json").stdout
        shell.good("verify", "-", stdin=badge)

    def test_key_of_the_service_itself(self, shell: Shell, kms: KmsServer) -> None:
        kms.new_key("ECC_NIST_EDWARDS25519", "alias/badges")
        key = shell.json("keys", "use", "aws-kms:alias/badges", "--service-itself")
        assert key["organisation"] is None

    def test_it_must_be_said_who_signs(self, shell: Shell) -> None:
        for more in ((), ("--organisation", ORGANISATION, "--service-itself")):
            assert "Say who signs with it" in shell.bad(2, "keys", "use", "aws-kms:alias/badges", *more)

    def test_what_cannot_be_used_is_said(self, shell: Shell, kms: KmsServer) -> None:
        use = ("keys", "use", "--organisation", ORGANISATION)
        assert "no key aws-kms:alias/none" in shell.bad(1, *use, "aws-kms:alias/none")
        assert "not known here: file:, aws-kms: are" in shell.bad(1, *use, "vault:badges")
        known = shell.json("keys", "list")[0]["uri"]
        assert "known here already" in shell.bad(1, *use, known)


class TestRotate:
    def test_says_which_keys_sign_on_and_what_to_do(self, shell: Shell, kms: KmsServer) -> None:
        kms.new_key("RSA_2048", "alias/badges")
        key = shell.json("keys", "use", "aws-kms:alias/badges", "--organisation", ORGANISATION)
        said = shell.good("keys", "rotate").stdout
        assert f"Signs on: {key['id']}" in said
        assert "badges keys use" in said
        (left,) = shell.json("keys", "rotate")["left"]
        assert left["id"] == key["id"]

    def test_makes_it_in_the_kms_where_that_is_allowed(self, shell: Shell, kms: KmsServer) -> None:
        kms.new_key("RSA_2048", "alias/badges")
        shell.good("keys", "use", "aws-kms:alias/badges", "--organisation", ORGANISATION)
        done = shell.json("keys", "rotate", kms_makes_keys="1")
        assert done["left"] == []
        assert sum(key["uri"].startswith("aws-kms:arn:") for key in done["new"]) == 1


WORDS = "five words that are good"


class TestBackup:
    def test_is_asked_for_its_passphrase_twice_and_comes_back(
        self, shell: Shell, folders: Folders, tmp_path: Path
    ) -> None:
        file = tmp_path / "keys.jwe"
        done = shell.run("keys", "backup", str(file), stdin=f"{WORDS}\n{WORDS}\n")
        assert done.exit_code == 0, done.output
        assert "Backed up and read back: 4 keys, 3 secrets" in done.stdout
        assert WORDS not in done.output
        assert file.stat().st_mode & 0o777 == 0o600
        empty = tmp_path / "new"
        back = shell.run("keys", "restore", str(file), stdin=f"{WORDS}\n", keys=str(empty))
        assert back.exit_code == 0, back.output
        assert "Brought back: 7." in back.stdout
        assert "All keys of the database that sign are here." in back.stdout
        badge = shell.json("award", "supporter", "--email", "sam@example.org", keys=str(empty))
        assert badge["id"]

    def test_passphrase_may_come_from_a_file(self, shell: Shell, tmp_path: Path) -> None:
        words = tmp_path / "words"
        words.write_text(WORDS + "\n")
        file = tmp_path / "keys.jwe"
        done = shell.json("keys", "backup", str(file), "--passphrase-file", str(words))
        assert done == {"file": str(file), "keys": 4, "elsewhere": []}
        back = shell.json("keys", "restore", str(file), "--passphrase-file", str(words))
        assert (back["written"], len(back["kept"]), back["missing"]) == ([], 7, [])

    def test_names_keys_that_never_leave_their_place(self, shell: Shell, kms: KmsServer, tmp_path: Path) -> None:
        arn = kms.new_key("RSA_2048")
        shell.good("keys", "use", f"aws-kms:{arn}", "--organisation", ORGANISATION)
        words = tmp_path / "words"
        words.write_text(WORDS)
        said = shell.good("keys", "backup", str(tmp_path / "keys.jwe"), "--passphrase-file", str(words)).stdout
        assert f"never leaves its place: aws-kms:{arn}" in said

    def test_nothing_is_written_over_or_left_half(self, shell: Shell, tmp_path: Path) -> None:
        file, words = tmp_path / "keys.jwe", tmp_path / "words"
        file.write_text("something")
        words.write_text("short")
        more = ("--passphrase-file", str(words))
        assert "Choose another name" in shell.bad(1, "keys", "backup", str(file), *more)
        assert file.read_text() == "something"
        assert "at least 12 characters" in shell.bad(2, "keys", "backup", str(tmp_path / "b"), *more)
        words.write_text(WORDS)
        assert "No such file" in shell.bad(1, "keys", "backup", str(tmp_path / "none" / "b"), *more)
        assert not (tmp_path / "b").exists()

    def test_wrong_passphrase_and_wrong_file_are_said(self, shell: Shell, tmp_path: Path) -> None:
        words = tmp_path / "words"
        words.write_text(WORDS)
        for content in (b"", b"text", b"\xff" * 100):
            (tmp_path / "other").write_bytes(content)
            said = shell.bad(2, "keys", "restore", str(tmp_path / "other"), "--passphrase-file", str(words))
            assert "does not open" in said


class TestPassphrase:
    def test_new_one_is_asked_for_twice_and_needed_afterwards(self, shell: Shell) -> None:
        done = shell.run("keys", "passphrase", stdin=f"{WORDS}\n{WORDS}\n")
        assert done.exit_code == 0, done.output
        assert "BADGES_KEY_PASSPHRASE" in done.stdout
        assert WORDS not in done.output
        assert "passphrase of the signing keys is missing" in shell.bad(1, "award", "supporter", "--email", "a@b.org")
        shell.json("award", "supporter", "--email", "a@b.org", key_passphrase=WORDS)

    def test_generated_one_needs_nothing_else(self, shell: Shell) -> None:
        assert "encrypted anew: 4" in shell.good("keys", "passphrase", "--generate").stdout
        shell.award()

    def test_generated_one_has_to_be_kept_somewhere(self, shell: Shell) -> None:
        shell.run("keys", "passphrase", stdin=f"{WORDS}\n{WORDS}\n")
        assert "Give a new one" in shell.bad(1, "keys", "passphrase", "--generate", key_passphrase=WORDS)
