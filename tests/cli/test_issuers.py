"""`badges issuers`: sign a list, show whom the verifier knows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.instances import BASE_URL, Bench, Folders
from tests.standards.issuer_lists import entry, issuer_list


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """A list as somebody writes it; it is in date by the clock of this machine."""
    path = tmp_path / "draft.json"
    path.write_text(json.dumps(issuer_list(publisher=None, issued=None, validUntil="2999-01-01T00:00:00Z")))
    return path


class TestSign:
    def test_signed_list_is_put_where_the_verifier_reads_it(self, shell: Shell, folders: Folders, draft: Path) -> None:
        assert str(folders.instance / "issuers.json") in shell.good("issuers", "sign", str(draft)).stdout
        shown = shell.json("issuers", "show")
        assert [each["name"] for each in shown["list"]["entries"]] == ["Anytown Hospitals Library"]
        assert shown["list"]["publisher"] == "did:web:localhost%3A8000"

    def test_signed_list_is_written_for_people(self, shell: Shell, draft: Path, tmp_path: Path) -> None:
        shell.good("issuers", "sign", str(draft), "--output", str(tmp_path / "list.json"))
        lines = (tmp_path / "list.json").read_text().splitlines()
        assert len(lines) > 20
        printed = shell.good("issuers", "sign", "-", "--output", "-", stdin=draft.read_text()).stdout
        assert printed.splitlines()[0] == "{"

    def test_list_with_a_mistake_is_not_signed_and_the_old_one_stays(
        self, shell: Shell, folders: Folders, draft: Path
    ) -> None:
        shell.good("issuers", "sign", str(draft))
        before = (folders.instance / "issuers.json").read_bytes()
        draft.write_text(json.dumps(issuer_list(entry(url="x"), publisher=None)))
        assert '"url"' in shell.bad(2, "issuers", "sign", str(draft))
        shell.bad(2, "issuers", "sign", str(draft.with_name("none.json")))
        assert (folders.instance / "issuers.json").read_bytes() == before


class TestShow:
    def test_own_organisations_are_shown(self, shell: Shell) -> None:
        text = shell.good("issuers", "show").stdout
        assert "Anytown Hospitals Library" in text
        assert "no list of others" in text

    def test_list_is_shown_line_by_line(self, shell: Shell, draft: Path) -> None:
        shell.good("issuers", "sign", str(draft))
        text = shell.good("issuers", "show").stdout
        assert "Libraries of the campaign" in text
        assert "did:web:library.example" in text

    def test_list_that_is_not_used_is_said_by_show_and_check(self, shell: Shell, folders: Folders) -> None:
        (folders.instance / "issuers.json").write_text("{}")
        result = shell.run("issuers", "show")
        assert result.exit_code == 1
        assert "is not used" in result.stderr
        assert shell.run("issuers", "show", "--json").exit_code == 1
        checked = shell.run("check", "--json")
        assert checked.exit_code == 1
        (found,) = [each for each in json.loads(checked.stdout) if each["name"] == "issuer list"]
        assert not found["ok"]
        assert "issuers.json is not used" in found["message"]

    def test_check_says_how_long_the_list_counts(self, shell: Shell, draft: Path) -> None:
        shell.good("issuers", "sign", str(draft))
        (found,) = [each for each in shell.json("check") if each["name"] == "issuer list"]
        assert found["message"].startswith("Organisations in it: 1. It counts for ")


class TestVerify:
    def test_our_own_badge_is_part_of_the_campaign(self, shell: Shell, bench: Bench) -> None:
        url = f"{BASE_URL}/credentials/{shell.award()}"
        assert shell.json("verify", url)["trust"]["standing"] == "campaign"
        assert "has been part of the campaign since" in shell.good("verify", url).stdout

    def test_what_is_no_badge_has_no_trust(self, shell: Shell) -> None:
        result = shell.run("verify", "-", "--json", stdin="hello")
        assert "trust" not in json.loads(result.stdout)

    @pytest.mark.parametrize("text", ["did:web:a.example", "https://a.example", "did:key:", "x"])
    def test_signer_that_cannot_be_pinned_is_refused(self, shell: Shell, text: str) -> None:
        assert "BADGES_ISSUER_LIST_SIGNER" in shell.bad(1, "issuers", "show", issuer_list_signer=text)
