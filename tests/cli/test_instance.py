"""`badges init`, `check`, `keys`, `sign-in-link`, `serve`: the installation itself."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Shell
from tests.instances import ADMIN, Bench, Folders


@pytest.fixture
def empty(tmp_path: Path) -> Folders:
    """Where an instance is to be."""
    return Folders.under(tmp_path / "new")


@pytest.fixture
def fresh(empty: Folders) -> Shell:
    """A shell without an instance; the base URL is not set either."""
    return Shell({"BADGES_INSTANCE": str(empty.instance), "BADGES_KEYS": str(empty.keys)})


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class TestInit:
    def test_makes_everything_and_asks_nothing(self, fresh: Shell, empty: Folders) -> None:
        made = fresh.json(
            "init",
            "--base-url",
            "http://localhost:8123/",
            "--organisation",
            "Zoë's Library",
            "--admin-email",
            "A@b.org",
        )
        assert made["instance"] == str(empty.instance)
        assert made["base_url"] == "http://localhost:8123"
        assert made["organisation"] == "Zoë's Library"
        assert made["admin_email"] == "a@b.org"
        assert (made["organisations_made"], made["classes_made"]) == (1, 14)
        assert 'base_url = "http://localhost:8123"' in (empty.instance / "settings.toml").read_text()
        assert fresh.json("award", "supporter", "--email", "sam@example.org")["url"].startswith(
            "http://localhost:8123/"
        )

    def test_files_are_for_their_owner_only(self, fresh: Shell, empty: Folders) -> None:
        fresh.good("init", "--base-url", "http://localhost:8000")
        for folder in (empty.instance, empty.keys):
            assert folder.stat().st_mode & 0o777 == 0o700
        for path in [empty.database, empty.instance / "settings.toml", *empty.keys.iterdir()]:
            assert path.stat().st_mode & 0o777 == 0o600, path

    def test_again_it_says_nothing_and_changes_nothing(self, fresh: Shell, empty: Folders) -> None:
        fresh.good("init", "--base-url", "http://localhost:8000")
        bench_before = tree(empty.keys), (empty.instance / "settings.toml").read_bytes()
        for _ in range(2):
            assert fresh.good("init", "--base-url", "http://localhost:8000").stdout == ""
            assert fresh.good("init").stdout == ""
        assert (tree(empty.keys), (empty.instance / "settings.toml").read_bytes()) == bench_before

    def test_again_it_keeps_the_database(self, shell: Shell, bench: Bench) -> None:
        bench.award()
        before = bench.dump()
        shell.good("init")
        assert bench.dump() == before

    def test_another_base_url_can_be_taken_before_the_first_award(self, fresh: Shell) -> None:
        fresh.good("init", "--base-url", "http://localhost:8000")
        fresh.good("init", "--base-url", "http://localhost:8123")
        assert fresh.json("award", "supporter", "--email", "s@example.org")["url"].startswith("http://localhost:8123/")

    @pytest.mark.parametrize("by_option", [True, False])
    def test_another_base_url_is_refused_afterwards_naming_the_stored_one(
        self, fresh: Shell, empty: Folders, by_option: bool
    ) -> None:
        fresh.good("init", "--base-url", "http://localhost:8000")
        fresh.award()
        before = (empty.instance / "settings.toml").read_bytes()
        if by_option:
            said = fresh.bad(1, "init", "--base-url", "http://localhost:8123")
        else:
            said = fresh.bad(1, "init", base_url="http://localhost:8123")
        assert "http://localhost:8000" in said
        assert (empty.instance / "settings.toml").read_bytes() == before
        assert fresh.award("kim@example.org")

    @pytest.mark.parametrize(
        ("variables", "words", "said"),
        [
            ({"mode": "production"}, ["--base-url", "http://localhost:8000"], "written into every badge"),
            ({"mode": "production"}, ["--base-url", "https://10.0.0.1"], "no IP address"),
            ({"mode": "production"}, [], "written into every badge"),
            ({}, ["--base-url", "nonsense"], "cannot be used"),
            ({"base_url": "http://localhost:8001"}, ["--base-url", "http://localhost:8002"], "Leave one"),
        ],
    )
    def test_base_url_that_cannot_be_is_refused_and_nothing_is_made(
        self, fresh: Shell, empty: Folders, variables: dict[str, Any], words: list[str], said: str
    ) -> None:
        assert said in fresh.bad(1, "init", *words, **variables)
        assert not empty.instance.exists()
        assert not empty.keys.exists()

    @pytest.mark.parametrize("words", [["--admin-email", "nobody"], ["--organisation", " "]])
    def test_wrong_input_makes_no_organisation(self, fresh: Shell, words: list[str]) -> None:
        fresh.bad(2, "init", "--base-url", "http://localhost:8000", *words)
        assert fresh.json("init")["organisations_made"] == 1

    def test_folder_that_cannot_be_made_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        shell = Shell({"BADGES_INSTANCE": str(tmp_path / "file" / "x"), "BADGES_KEYS": str(tmp_path / "keys")})
        shell.bad(1, "init", "--base-url", "http://localhost:8000")


class TestCheck:
    def test_all_is_well(self, shell: Shell) -> None:
        results = shell.json("check")
        assert {result["name"] for result in results} >= {"database", "keys", "base URL", "mail", "clock"}
        assert all(set(result) == {"name", "ok", "message"} for result in results)
        assert all(result["ok"] for result in results)
        lines = shell.good("check").stdout.splitlines()
        assert all(line.startswith("ok ") for line in lines)

    def test_what_is_wrong_is_said_with_what_to_do(self, shell: Shell, folders: Folders) -> None:
        for path in folders.keys.glob("*.pem"):
            path.unlink()
        result = shell.run("check")
        assert result.exit_code == 1
        assert re.search(r"^MEND +keys: .*missing.*$", result.stdout, re.MULTILINE)
        assert result.stderr == ""


class TestKeys:
    def test_are_listed_with_their_public_half_only(self, shell: Shell) -> None:
        keys = shell.json("keys", "list")
        assert sorted(key["algorithm"] for key in keys) == ["ES256", "EdDSA", "EdDSA", "RS256"]
        for key in keys:
            assert key["state"] == "active"
            assert not {"d", "p", "q"} & set(key["public_jwk"])
            assert key["id"] in shell.good("keys", "list").stdout

    def test_rotating_makes_new_ones_and_keeps_old_badges_valid(self, shell: Shell) -> None:
        badge = shell.award()
        before = shell.good("export", badge, "--as", "json").stdout
        fresh = shell.json("keys", "rotate")["new"]
        assert sorted(key["algorithm"] for key in fresh) == ["ES256", "EdDSA", "EdDSA", "RS256"]
        states = [key["state"] for key in shell.json("keys", "list")]
        assert sorted(states) == ["active"] * 4 + ["retired"] * 4
        assert shell.good("export", badge, "--as", "json").stdout == before
        shell.good("verify", "-", stdin=before)
        shell.good("verify", "-", stdin=shell.good("export", shell.award("kim@example.org"), "--as", "json").stdout)

    def test_unknown_organisation_is_said(self, shell: Shell) -> None:
        assert "anytown-hospitals-library" in shell.bad(1, "keys", "rotate", "--organisation", "x")

    def test_last_one_is_not_retired(self, shell: Shell) -> None:
        key = shell.json("keys", "list")[0]["id"]
        assert "keys rotate" in shell.bad(1, "keys", "retire", key)

    def test_one_of_two_is_retired_once(self, shell: Shell, bench: Bench) -> None:
        from badges.services.organisations import find_organisation
        from badges.services.signing_keys import create_key
        from badges.standards.signer import KeyAlgorithm

        with bench.service.database.write() as session:
            organisation = find_organisation(session, "anytown-hospitals-library")
            key = create_key(session, bench.service.installation, organisation, KeyAlgorithm.EDDSA).id
        assert shell.json("keys", "retire", key)["state"] == "retired"
        assert "already" in shell.bad(1, "keys", "retire", key)

    def test_unknown_key_is_said(self, shell: Shell) -> None:
        assert "keys list" in shell.bad(1, "keys", "retire", "0000")
        assert "keys list" in shell.bad(1, "keys", "compromise", "0000", "--since", "2026-01-01")

    def test_stolen_one_leaves_what_was_issued_and_says_what_was_done(self, shell: Shell) -> None:
        badge = shell.good("export", shell.award(), "--as", "jwt-es256").stdout
        (key,) = [key for key in shell.json("keys", "list") if key["algorithm"] == "ES256"]
        said = shell.good("keys", "compromise", key["id"], "--since", "2026-01-01").stdout
        assert "since 2026-01-01T00:00:00Z" in said
        assert "that were issued here: 1," in said
        assert f"/keys/{key['id']}/issued/{{digits}}" in said
        assert "first three digits" in said
        (line,) = [line for line in shell.good("keys", "list").stdout.splitlines() if key["id"] in line]
        assert "compromised" in line
        assert "since 2026-01-01T00:00:00Z" in line
        shell.good("verify", "-", stdin=badge)
        again = shell.json("keys", "compromise", key["id"], "--since", "2026-01-02")
        assert (again["state"], again["compromised_since"]) == ("compromised", "2026-01-01T00:00:00Z")
        assert (again["new_key"], again["issued"]) == (None, 1)
        assert "Warning: compromised" in shell.good("check").stdout

    def test_badges_of_a_stolen_one_are_signed_again(self, shell: Shell) -> None:
        first, second = shell.award(), shell.award("kim@example.org")
        shell.good("revoke", second, "--reason", "mistake")
        shell.good("export", first, "--as", "jwt")
        by_algorithm = {key["algorithm"]: key["id"] for key in shell.json("keys", "list") if key["organisation"]}
        for algorithm in ("RS256", "EdDSA"):
            stolen = by_algorithm[algorithm]
            assert "not compromised" in shell.bad(1, "keys", "reissue", stolen)
            assert (
                f"badges keys reissue {stolen}"
                in shell.good("keys", "compromise", stolen, "--since", "2026-01-01").stdout
            )
            assert shell.json("keys", "reissue", stolen) == {"key": stolen, "reissued": 1}
            assert shell.json("keys", "reissue", stolen) == {"key": stolen, "reissued": 0}
            for form in ("json", "jwt"):
                found = shell.json("verify", "-", stdin=shell.good("export", first, "--as", form).stdout)
                (issuer,) = [check for check in found["checks"] if check["name"] == "issuer"]
                assert (found["verdict"], issuer["outcome"]) == ("valid", "passed")

    @pytest.mark.parametrize("since", ["yesterday", "2999-01-01"])
    def test_moment_of_the_theft_must_be_one_that_was(self, shell: Shell, since: str) -> None:
        key = shell.json("keys", "list")[0]["id"]
        assert since in shell.bad(2, "keys", "compromise", key, "--since", since)
        assert shell.json("keys", "list")[0]["state"] == "active"


class TestSignInLink:
    def test_is_printed(self, shell: Shell) -> None:
        said = shell.good("sign-in-link", ADMIN.upper()).stdout
        assert re.fullmatch(r"http://localhost:8000/sign-in/[\w-]{43}\n", said)

    def test_nobody_s_is_not(self, shell: Shell) -> None:
        assert "nobody@example.org has no account" in shell.bad(1, "sign-in-link", "nobody@example.org")


class TestServe:
    def test_port_that_is_taken_is_said_with_another(self, shell: Shell) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            said = shell.bad(1, "serve", "--port", str(port))
        assert f"port {port}" in said
        assert "--port 8123" in said

    def test_another_base_url_is_refused_naming_the_stored_one(self, shell: Shell) -> None:
        shell.award()
        assert "http://localhost:8000" in shell.bad(1, "serve", base_url="http://localhost:8123")

    def test_production_wants_public_https(self, shell: Shell) -> None:
        assert "written into every badge" in shell.bad(1, "serve", mode="production")


def test_settings_file_with_an_unknown_name_is_said_by_every_command(shell: Shell, folders: Folders) -> None:
    (folders.instance / "settings.toml").write_text('colour = "red"\n')
    for words in ("check", "keys list", "init", "serve"):
        assert '"colour"' in shell.bad(1, *words.split())
    assert json.loads(json.dumps(str(folders.instance)))
