"""`badges award`, `export`, `revoke`: results on standard output, plain errors on standard error, right exit codes."""

from __future__ import annotations

import json
import sqlite3
import stat
import subprocess
from pathlib import Path
from uuid import UUID

import pytest

from badges.standards.baking.png import extract_png
from tests.cli.conftest import Shell
from tests.instances import BASE_URL, Bench, Folders
from tests.service import command

FORMS = ["json", "jwt", "png", "svg", "ob2", "ob2-jws"]


class TestAward:
    def test_prints_number_and_address(self, shell: Shell) -> None:
        lines = shell.good(
            "award", "supporter", "--email", "sam@example.org", "--name", "Sam Jones"
        ).stdout.splitlines()
        number = UUID(lines[0].removeprefix("id: "))
        assert lines == [f"id: {number}", f"url: {BASE_URL}/credentials/{number}"]

    def test_prints_json(self, shell: Shell) -> None:
        made = shell.json("award", "supporter", "--email", "sam@example.org")
        assert made == {"id": str(UUID(made["id"])), "url": f"{BASE_URL}/credentials/{made['id']}"}

    def test_held_already_names_the_first_and_how_to_override(self, shell: Shell) -> None:
        first = shell.award()
        said = shell.bad(1, "award", "supporter", "--email", "SAM@example.org")
        assert first in said
        assert "--again" in said
        assert shell.award("sam@example.org", "supporter", "--again") != first

    def test_held_already_is_json_too(self, shell: Shell) -> None:
        first = shell.award()
        result = shell.run("award", "supporter", "--email", "sam@example.org", "--json")
        assert result.exit_code == 1
        answer = json.loads(result.stdout)
        assert (answer["error"], answer["id"]) == ("already-held", first)
        assert result.stderr.startswith("Error: ")

    def test_everything_that_is_said_gets_into_the_badge_or_stays_out(self, shell: Shell) -> None:
        badge = shell.award(
            "sam@example.org", "supporter", "--name", "Sam Jones", "--narrative", "Led it", "--evidence-url",
            "https://example.org/e", "--organisation", "anytown-hospitals-library",
        )  # fmt: skip
        text = shell.good("export", badge, "--as", "json").stdout
        assert json.loads(text)["evidence"] == [
            {"type": ["Evidence"], "id": "https://example.org/e", "narrative": "Led it"}
        ]
        assert "Sam Jones" not in text
        assert "sam@" not in text

    def test_several_pieces_of_evidence_get_into_the_badge(self, shell: Shell) -> None:
        piece = {"name": "Poster", "url": "https://example.org/p", "genre": "Poster", "audience": "Wards"}
        badge = shell.award(
            "sam@example.org", "supporter", "--narrative", "Led it", "--evidence", json.dumps(piece),
        )  # fmt: skip
        evidence = json.loads(shell.good("export", badge, "--as", "json").stdout)["evidence"]
        assert evidence == [
            {"type": ["Evidence"], "narrative": "Led it"},
            {"id": "https://example.org/p", "type": ["Evidence"], "name": "Poster", "genre": "Poster",
             "audience": "Wards"},
        ]  # fmt: skip

    @pytest.mark.parametrize("text", ["x", "[]", '{"title": "x"}', '{"name": 1}', '{"name": "only a name"}'])
    def test_evidence_that_cannot_be_read_is_refused(self, shell: Shell, text: str) -> None:
        assert "vidence" in shell.bad(2, "award", "supporter", "--email", "sam@example.org", "--evidence", text)

    def test_end_and_source_get_into_the_badge(self, shell: Shell) -> None:
        badge = shell.award(
            "sam@example.org", "supporter", "--valid-until", "2999-07-31", "--source-name", "The college",
            "--source-url", "https://college.example.org/",
        )  # fmt: skip
        document = json.loads(shell.good("export", badge, "--as", "json").stdout)
        assert document["validUntil"] == "2999-07-31T23:59:59Z"
        assert document["credentialSubject"]["source"]["name"] == "The college"

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["--valid-until", "soon"], "no date"),
            (["--valid-until", "2020-01-01"], "over before"),
            (["--result", "deep"], "no result"),
            (["--result", "depth=deep"], "It has: none"),
            (["--source-name", "The college"], "web address"),
        ],
    )
    def test_wrong_details_are_said(self, shell: Shell, words: list[str], said: str) -> None:
        assert said in shell.bad(2, "award", "supporter", "--email", "sam@example.org", *words)

    def test_without_an_address_nobody_is_named(self, shell: Shell) -> None:
        badge = shell.json("award", "supporter", "--no-email")["id"]
        assert "identifier" not in json.loads(shell.good("export", badge, "--as", "json").stdout)["credentialSubject"]

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["nothing", "--email", "s@example.org"], "There is: ask-for-evidence"),
            (["supporter", "--email", "s@example.org", "--organisation", "x"], "anytown-hospitals-library"),
        ],
    )
    def test_unknown_names_are_answered_with_those_that_there_are(
        self, shell: Shell, words: list[str], said: str
    ) -> None:
        assert said in shell.bad(1, "award", *words)

    def test_missing_key_is_said_and_nothing_is_half_written(self, shell: Shell, bench: Bench) -> None:
        before = bench.dump()
        for path in bench.folders.keys.glob("*.pem"):
            path.unlink()
        assert "missing" in shell.bad(1, "award", "supporter", "--email", "sam@example.org")
        assert bench.dump() == before

    def test_locked_database_is_said_and_nothing_is_half_written(
        self, shell: Shell, bench: Bench, folders: Folders
    ) -> None:
        before = bench.dump()
        holder = sqlite3.connect(folders.database, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        said = shell.bad(
            1, "award", "supporter", "--email", "sam@example.org",
            database_url=f"sqlite:///{folders.database}?timeout=0.05",
        )  # fmt: skip
        holder.close()
        assert "locked" in said
        assert "Nothing was changed" in said
        assert bench.dump() == before

    def test_damaged_database_is_said_and_left_as_it_is(self, shell: Shell, folders: Folders) -> None:
        content = b"no database " * 1000
        folders.database.write_bytes(content)
        assert "not a database" in shell.bad(1, "award", "supporter", "--email", "sam@example.org")
        assert folders.database.read_bytes() == content

    def test_empty_database_is_said(self, shell: Shell, folders: Folders) -> None:
        folders.database.write_bytes(b"")
        assert "badges init" in shell.bad(1, "award", "supporter", "--email", "sam@example.org")

    def test_other_base_url_is_refused_naming_the_stored_one(self, shell: Shell) -> None:
        shell.award()
        said = shell.bad(1, "award", "supporter", "--email", "kim@example.org", base_url="http://localhost:8123")
        assert "http://localhost:8000" in said


class TestExport:
    @pytest.mark.parametrize("form", FORMS)
    def test_file_and_standard_output_have_the_same_bytes_every_time(
        self, shell: Shell, tmp_path: Path, form: str
    ) -> None:
        badge = shell.award()
        path = tmp_path / f"badge.{form}"
        assert shell.good("export", badge, "--as", form, "--output", str(path)).stdout == ""
        printed = shell.good("export", badge, "--as", form).stdout_bytes
        assert path.read_bytes() == printed
        starts = {"json": b"{", "jwt": b"eyJ", "png": b"\x89PNG", "svg": b"<svg", "ob2": b"{", "ob2-jws": b"eyJ"}
        assert printed.lstrip().startswith(starts[form])
        assert sorted(file.name for file in tmp_path.iterdir() if file.is_file()) == [path.name]

    def test_badge_may_be_named_by_any_of_its_addresses(self, shell: Shell) -> None:
        badge = shell.award()
        plain = shell.good("export", badge, "--as", "json").stdout
        for name in (badge.upper(), f"{BASE_URL}/credentials/{badge}", f"{BASE_URL}/credentials/{badge}.png"):
            assert shell.good("export", name, "--as", "json").stdout == plain

    def test_unknown_badge_is_said(self, shell: Shell) -> None:
        nobody = "6f1c2a9e-0d5b-4a57-9e37-2f8d3b6c1a00"
        assert nobody in shell.bad(1, "export", nobody, "--as", "json")

    def test_full_disk_is_said_and_the_device_stays_one(self, shell: Shell) -> None:
        badge = shell.award()
        assert "No space left" in shell.bad(1, "export", badge, "--as", "png", "--output", "/dev/full")
        assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)
        assert not Path("/dev/full.part").exists()

    def test_device_can_be_written_to(self, shell: Shell) -> None:
        shell.good("export", shell.award(), "--as", "png", "--output", "/dev/null")
        assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)

    def test_full_standard_output_is_said(self, shell: Shell, folders: Folders) -> None:
        badge = shell.award()
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [*command(), "export", badge, "--as", "json"],
                env={"PATH": "/usr/bin:/bin", **folders.environment},
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert done.returncode == 1
        assert done.stderr == "Error: No space left on device\n"

    def test_file_that_was_there_stays_when_the_new_one_does_not_fit(self, shell: Shell, tmp_path: Path) -> None:
        path = tmp_path / "badge.json"
        path.write_text("the old one")
        (tmp_path / "badge.json.part").symlink_to("/dev/full")  # where the new one is written first
        assert "No space left" in shell.bad(1, "export", shell.award(), "--as", "json", "--output", str(path))
        assert path.read_text() == "the old one"
        assert [file.name for file in tmp_path.iterdir() if not file.is_dir()] == ["badge.json"]

    @pytest.mark.parametrize("name", ["none/badge.json", "file/badge.json"])
    def test_folder_that_is_not_there_is_said(self, shell: Shell, tmp_path: Path, name: str) -> None:
        (tmp_path / "file").write_text("no folder")
        shell.bad(1, "export", shell.award(), "--as", "json", "--output", str(tmp_path / name))

    def test_link_to_a_file_is_followed(self, shell: Shell, tmp_path: Path) -> None:
        (tmp_path / "target.json").write_text("old")
        (tmp_path / "link.json").symlink_to(tmp_path / "target.json")
        shell.good("export", shell.award(), "--as", "json", "--output", str(tmp_path / "link.json"))
        assert (tmp_path / "link.json").is_symlink()
        assert (tmp_path / "target.json").read_text().startswith("{")

    def test_picture_has_the_badge_inside(self, shell: Shell) -> None:
        badge = shell.award()
        baked = extract_png(shell.good("export", badge, "--as", "png").stdout_bytes)
        assert baked.credential == shell.good("export", badge, "--as", "json").stdout


class TestExportRecord:
    def test_writes_all_badges_of_a_person(self, shell: Shell, tmp_path: Path) -> None:
        badges = [shell.award(), shell.award("sam@example.org", "evidence-searcher")]
        path = tmp_path / "badges.json"
        shell.good("export", "--clr", "SAM@example.org", "--output", str(path))
        held = json.loads(path.read_text())["credentialSubject"]["verifiableCredential"]
        assert {each["id"].rsplit("/", 1)[1] for each in held} == set(badges)
        assert "Valid" in shell.good("verify", str(path)).stdout

    def test_is_instead_of_one_badge(self, shell: Shell) -> None:
        badge = shell.award()
        for words in ([], [badge], ["--as", "json"], [badge, "--clr", "sam@example.org"]):
            assert "--clr EMAIL" in shell.bad(2, "export", *words)
        assert "No badge" in shell.bad(1, "export", "--clr", "kim@example.org")


class TestReissue:
    def test_new_address_makes_a_newer_version(self, shell: Shell) -> None:
        badge = shell.award()
        old = shell.good("export", badge, "--as", "json").stdout
        made = shell.json("reissue", badge, "--email", "sam.smith@example.org")
        assert (made["id"], made["reissued"]) == (badge, True)
        new = json.loads(shell.good("export", badge, "--as", "json").stdout)
        assert (new["id"], new["validFrom"]) == (json.loads(old)["id"], made["validFrom"])
        assert made["validFrom"] > json.loads(old)["validFrom"]

    def test_new_evidence_takes_the_place_of_the_old(self, shell: Shell) -> None:
        badge = shell.award("sam@example.org", "supporter", "--narrative", "Lead it")
        said = shell.good("reissue", badge, "--narrative", "Led it").stdout
        assert f"{BASE_URL}/credentials/{badge}" in said
        assert json.loads(shell.good("export", badge, "--as", "json").stdout)["evidence"][0]["narrative"] == "Led it"

    def test_says_when_nothing_would_be_different(self, shell: Shell) -> None:
        badge = shell.award()
        assert "Nothing has changed" in shell.good("reissue", badge).stdout

    def test_wrong_words_are_said(self, shell: Shell) -> None:
        badge = shell.award()
        assert "e-mail" in shell.bad(2, "reissue", badge, "--email", "sam")
        assert "number" in shell.bad(2, "reissue", "x")
        shell.good("revoke", badge, "--reason", "mistake")
        assert "withdrawn" in shell.bad(1, "reissue", badge, "--email", "kim@example.org")


class TestRevoke:
    def test_says_what_everybody_reads(self, shell: Shell) -> None:
        said = shell.good("revoke", shell.award(), "--reason", "mistake", "--note", "A private note").stdout
        assert "It was awarded by mistake." in said
        assert "A private note" not in said

    def test_prints_json(self, shell: Shell) -> None:
        badge = shell.award()
        assert shell.json("revoke", badge, "--reason", "twice") == {
            "id": badge,
            "revoked": True,
            "reason": "twice",
            "message": "It was awarded twice.",
        }

    def test_second_time_is_said(self, shell: Shell) -> None:
        badge = shell.award()
        shell.good("revoke", badge, "--reason", "mistake")
        assert "already" in shell.bad(1, "revoke", badge, "--reason", "mistake")

    def test_unknown_reason_lists_those_that_there_are(self, shell: Shell) -> None:
        said = shell.bad(2, "revoke", shell.award(), "--reason", "because")
        for reason in ("mistake", "wrong-details", "twice", "request", "not-met", "key"):
            assert reason in said
            assert reason in shell.good("revoke", "--help").stdout

    def test_unknown_badge_is_said(self, shell: Shell) -> None:
        shell.bad(1, "revoke", "6f1c2a9e-0d5b-4a57-9e37-2f8d3b6c1a00", "--reason", "mistake")
