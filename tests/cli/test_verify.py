"""`badges verify`: anybody's badge, from anywhere; 0 valid, 1 invalid, 3 not known, 2 wrong use."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from badges.verifying.report import CheckName
from tests.cli.conftest import Shell
from tests.instances import BASE_URL, ORGANISATION, Bench, Folders
from tests.web.browsing import PageClient

FORMS = ["json", "jwt", "jwt-es256", "png", "svg", "ob2", "ob2-jws"]
CHECKS = [name.value for name in CheckName]


@dataclass(frozen=True)
class Stranger:
    """Somebody with a badge in a file, and no instance."""

    shell: Shell
    badge: Path
    folder: Path


@pytest.fixture
def badge(shell: Shell) -> str:
    return shell.award()


@pytest.fixture
def stranger(shell: Shell, badge: str, bench: Bench, tmp_path: Path) -> Stranger:
    """The badge is of this machine's service, which is not running: what it publishes is in files."""
    folder = tmp_path / "stranger"
    folder.mkdir()
    shell.good("export", badge, "--as", "json", "--output", str(folder / "badge.json"))
    for name, document in (
        ("did.json", bench.document("organisation_did", organisation=ORGANISATION)),
        ("status.json", bench.document("status_list", number=1)),
    ):
        (folder / name).write_bytes(document.body)
    urls = {
        f"{BASE_URL}/organisations/{ORGANISATION}/did.json": "did.json",
        f"{BASE_URL}/status/1": "status.json",
    }
    (folder / "map.json").write_text(json.dumps(urls))
    nowhere = {"BADGES_INSTANCE": str(folder / "instance"), "BADGES_KEYS": str(folder / "keys")}
    return Stranger(Shell(nowhere), folder / "badge.json", folder)


def report(shell: Shell, exit_code: int, *arguments: str, **more: Any) -> dict[str, Any]:
    result = shell.run("verify", *arguments, "--json", **more)
    assert result.exit_code == exit_code, result.output
    assert result.stderr == ""
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def outcome(found: dict[str, Any], name: str) -> str:
    (check,) = [check for check in found["checks"] if check["name"] == name]
    return str(check["outcome"])


class TestSources:
    @pytest.mark.parametrize("form", FORMS)
    def test_file_of_every_form_is_valid(self, shell: Shell, badge: str, tmp_path: Path, form: str) -> None:
        path = tmp_path / f"badge.{form}"
        shell.good("export", badge, "--as", form, "--output", str(path))
        found = report(shell, 0, str(path))
        assert found["verdict"] == "valid"
        formats = {"ob2": "ob2-hosted", "ob2-jws": "ob2-signed", "jwt": "ob3-jwt", "jwt-es256": "ob3-jwt"}
        assert found["format"] == formats.get(form, "ob3-embedded")

    @pytest.mark.parametrize("form", FORMS)
    def test_standard_input_is_read(self, shell: Shell, badge: str, form: str) -> None:
        content = shell.good("export", badge, "--as", form).stdout_bytes
        assert report(shell, 0, "-", stdin=content)["verdict"] == "valid"

    @pytest.mark.parametrize("ending", ["", ".json", ".jwt", ".es256.jwt", ".png", ".svg"])
    def test_our_own_address_is_read_in_process(self, shell: Shell, badge: str, ending: str) -> None:
        assert report(shell, 0, f"{BASE_URL}/credentials/{badge}{ending}")["verdict"] == "valid"

    def test_link_to_our_answer_leads_to_the_badge(self, shell: Shell, badge: str) -> None:
        assert report(shell, 0, f"{BASE_URL}/verify?url={BASE_URL}/credentials/{badge}")["verdict"] == "valid"

    def test_number_that_is_not_there_is_invalid(self, shell: Shell, badge: str) -> None:
        for number in ("nope", badge[:-1] + ("0" if badge[-1] != "0" else "1")):
            found = report(shell, 1, f"{BASE_URL}/credentials/{number}")
            assert found["checks"][0]["message"] == "There is no such badge here."

    def test_our_own_address_is_not_known_without_an_instance(self, stranger: Stranger, badge: str) -> None:
        assert report(stranger.shell, 3, f"{BASE_URL}/credentials/{badge}")["verdict"] == "unknown"

    def test_withdrawn_one_is_invalid(self, shell: Shell, badge: str) -> None:
        shell.good("revoke", badge, "--reason", "mistake")
        for path in (f"/credentials/{badge}", f"/credentials/{badge}.jwt", f"/ob2/assertions/{badge}"):
            found = report(shell, 1, BASE_URL + path)
            assert found["verdict"] == "invalid"
        assert outcome(report(shell, 1, f"{BASE_URL}/credentials/{badge}"), "status") == "failed"

    def test_address_inside_this_machine_is_refused(self, shell: Shell) -> None:
        """What is refused as hostile is invalid, and it says why."""
        found = report(shell, 1, "http://127.0.0.1:9/badge.json")
        assert found["verdict"] == "invalid"
        assert "did not ask" in found["checks"][0]["message"]

    @pytest.mark.parametrize("content", [b"", b"hello", b"{}", b"\x89PNG\r\n\x1a\n", b"[" * 100_000, b"\xff\xfe"])
    def test_what_is_no_badge_is_invalid(self, shell: Shell, content: bytes) -> None:
        found = report(shell, 1, "-", stdin=content)
        assert found["verdict"] == "invalid"
        assert outcome(found, "shape") == "failed"

    def test_huge_input_is_refused(self, shell: Shell) -> None:
        assert report(shell, 1, "-", stdin=b"x" * (13 * 1024 * 1024))["verdict"] == "invalid"


class TestReport:
    def test_json_has_every_check_once_with_words(self, shell: Shell, badge: str) -> None:
        found = report(shell, 0, f"{BASE_URL}/credentials/{badge}")
        assert [check["name"] for check in found["checks"]] == CHECKS
        for check in found["checks"]:
            assert check["outcome"] in ("passed", "warning", "failed", "unknown", "skipped")
            assert check["message"]

    def test_json_is_what_the_api_answers(self, shell: Shell, badge: str, client: PageClient, tmp_path: Path) -> None:
        path = tmp_path / "badge.png"
        shell.good("export", badge, "--as", "png", "--output", str(path))
        for email, exit_code in (("sam@example.org", 0), ("kim@example.org", 1)):
            parts = {"badge": path.open("rb"), "email": email}
            answer = client.post("/api/verify", data=parts, content_type="multipart/form-data")
            assert json.loads(answer.text) == report(shell, exit_code, str(path), "--email", email)

    def test_words_begin_with_the_verdict(self, shell: Shell, badge: str) -> None:
        lines = shell.good("verify", f"{BASE_URL}/credentials/{badge}").stdout.splitlines()
        assert lines[0].startswith("Valid")
        assert "A Million Decisions Supporter" in lines[1]
        for name in CHECKS:
            assert any(line.strip().startswith(f"{name}:") for line in lines)

    def test_words_say_who_that_is_like_the_other_lines(self, shell: Shell, badge: str) -> None:
        lines = shell.good("verify", f"{BASE_URL}/credentials/{badge}").stdout.splitlines()
        (line,) = [line for line in lines if line.startswith("  trust:")]
        assert line.startswith("  trust:        yes       Anytown Hospitals Library has been part of the campaign")

    def test_a_badge_by_a_key_that_nobody_vouches_for_is_not_only_called_valid(self, shell: Shell) -> None:
        """In words and in JSON."""
        path = str(Path(__file__).parents[1] / "vectors" / "data" / "kinds" / "record.json")
        caveat = "It is unchanged, but who signed it is not known. It was signed with a key that nobody vouches for."
        assert shell.good("verify", path, "--offline").stdout.startswith(f"Valid (clr, ob3-embedded). {caveat}\n")
        assert report(shell, 0, path, "--offline")["caveat"] == caveat

    def test_words_of_an_invalid_one_say_who_should_mend_it(self, shell: Shell, badge: str) -> None:
        text = shell.good("export", badge, "--as", "json").stdout.replace("Supporter", "Champion")
        result = shell.run("verify", "-", stdin=text)
        assert result.exit_code == 1
        assert result.stdout.startswith("Invalid")


class TestOptions:
    def test_email_asks_whose_it_is(self, shell: Shell, badge: str) -> None:
        url = f"{BASE_URL}/credentials/{badge}"
        assert outcome(report(shell, 0, url, "--email", "SAM@example.org"), "recipient") == "passed"
        assert outcome(report(shell, 1, url, "--email", "kim@example.org"), "recipient") == "failed"
        assert outcome(report(shell, 0, url), "recipient") == "skipped"

    def test_at_asks_about_another_time(self, shell: Shell, badge: str) -> None:
        url = f"{BASE_URL}/credentials/{badge}"
        for time in ("2020-01-01T00:00:00Z", "2020-01-01", "2020-01-01T01:00:00+01:00"):
            assert outcome(report(shell, 1, url, "--at", time), "validity") == "failed"

    def test_offline_fetches_nothing(self, shell: Shell, badge: str, tmp_path: Path) -> None:
        path = tmp_path / "badge.json"
        shell.good("export", badge, "--as", "json", "--output", str(path))
        found = report(shell, 3, str(path), "--offline")
        assert found["verdict"] == "unknown"
        assert outcome(found, "issuer") == "unknown"
        assert report(shell, 3, f"{BASE_URL}/credentials/{badge}", "--offline")["verdict"] == "unknown"

    def test_documents_are_all_that_is_needed(self, stranger: Stranger) -> None:
        found = report(
            stranger.shell, 0, str(stranger.badge), "--offline", "--documents", str(stranger.folder / "map.json")
        )
        assert found["verdict"] == "valid"

    def test_documents_win(self, stranger: Stranger, shell: Shell, badge: str) -> None:
        """An instance has its own documents; those that are given count."""
        (stranger.folder / "did.json").write_text("{}")
        found = report(shell, 1, f"{BASE_URL}/credentials/{badge}", "--documents", str(stranger.folder / "map.json"))
        assert outcome(found, "issuer") == "failed"

    def test_verifying_makes_no_instance(self, stranger: Stranger) -> None:
        report(stranger.shell, 3, str(stranger.badge), "--offline")
        assert not (stranger.folder / "instance").exists()
        assert not (stranger.folder / "keys").exists()

    @pytest.mark.parametrize(
        "content", ["", "[]", '{"https://example.org": 1}', '{"https://example.org": "none.json"}', "[" * 100_000]
    )
    def test_wrong_map_is_wrong_use(self, stranger: Stranger, content: str) -> None:
        (stranger.folder / "map.json").write_text(content)
        stranger.shell.bad(2, "verify", str(stranger.badge), "--documents", str(stranger.folder / "map.json"))

    def test_damaged_database_does_not_keep_from_verifying(
        self, shell: Shell, folders: Folders, stranger: Stranger
    ) -> None:
        folders.database.write_bytes(b"no database " * 1000)
        arguments = (str(stranger.badge), "--offline", "--documents", str(stranger.folder / "map.json"))
        assert report(shell, 0, *arguments)["verdict"] == "valid"
