"""`badges endorse` and `badges endorsements`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.instances import BASE_URL, ORGANISATION, Bench

OTHER = "county-library"
CLASS = f"{ORGANISATION}/supporter"


@pytest.fixture(autouse=True)
def other(bench: Bench) -> None:
    """A second organisation on the instance of the shell."""
    bench.add_organisation(OTHER)


def endorsement(shell: Shell, kind: str, target: str) -> dict[str, object]:
    made: dict[str, object] = shell.json("endorse", kind, target, "--by", OTHER, "--comment", "We teach from it.")
    return made


class TestEndorse:
    def test_prints_number_and_address(self, shell: Shell) -> None:
        said = shell.good("endorse", "class", CLASS, "--by", OTHER, "--comment", "Good.").stdout.splitlines()
        number = said[0].removeprefix("id: ")
        assert said == [f"id: {number}", f"url: {BASE_URL}/endorsements/{number}"]

    def test_badge_carries_it_afterwards(self, shell: Shell) -> None:
        badge = shell.award("sam@example.org", CLASS)
        made = endorsement(shell, "badge", badge)
        document = json.loads(shell.good("export", badge, "--as", "json").stdout)
        assert [each["id"] for each in document["endorsement"]] == [made["url"]]

    def test_organisation_is_named_by_its_slug(self, shell: Shell) -> None:
        assert str(endorsement(shell, "organisation", ORGANISATION)["endorsed"]).endswith(ORGANISATION)

    @pytest.mark.parametrize(
        ("exit_code", "words", "said"),
        [
            (1, ["class", "x/y", "--by", OTHER, "--comment", "Good."], "There is no organisation"),
            (1, ["class", CLASS, "--by", "nobody", "--comment", "Good."], "There is no organisation"),
            (1, ["class", CLASS, "--by", ORGANISATION, "--comment", "Good."], "its own"),
            (2, ["class", CLASS, "--by", OTHER, "--comment", " "], "comment"),
            (2, ["badge", "x", "--by", OTHER, "--comment", "Good."], "number"),
            (2, ["class", CLASS, "--by", OTHER], "--comment"),
        ],
    )
    def test_mistakes_are_said(self, shell: Shell, exit_code: int, words: list[str], said: str) -> None:
        assert said in shell.bad(exit_code, "endorse", *words)


def test_verify_tells_each_endorsement_from_the_others(shell: Shell, tmp_path: Path) -> None:
    endorsement(shell, "class", CLASS)
    endorsement(shell, "organisation", ORGANISATION)
    badge = shell.award("sam@example.org", CLASS)
    endorsement(shell, "badge", badge)
    file = tmp_path / "badge"
    for form in ("json", "ob2"):  # the other organisation has no web address, which 2.0 asks for
        file.write_text(shell.good("export", badge, "--as", form).stdout)
        said = shell.good("verify", str(file)).stdout
        lines = [line.split(maxsplit=2)[2] for line in said.splitlines() if "inside:" in line]
        assert sorted(line.partition(". ")[0] for line in lines) == [
            "About the organisation that awards it",
            "About this kind of badge",
            "About this very badge",
        ]
        assert all("County-Library" in line for line in lines)
        assert all("Endorsed by County-Library, and confirmed." in line for line in lines) is (form == "json")


class TestWithdraw:
    def test_signs_the_badges_that_carry_it_anew(self, shell: Shell) -> None:
        number = str(endorsement(shell, "class", CLASS)["id"])
        badge = shell.award("sam@example.org", CLASS)
        assert "endorsement" in shell.good("export", badge, "--as", "json").stdout
        answer = shell.json("endorse", "withdraw", number, "--reason", "changed")
        assert answer == {"id": number, "withdrawn": True, "reissued": 1}
        assert '"endorsement"' not in shell.good("export", badge, "--as", "json").stdout
        assert shell.json("endorse", "withdraw", number, "--reason", "changed")["reissued"] == 0

    def test_unknown_one_is_said(self, shell: Shell) -> None:
        nobody = "6f1c2a9e-0d5b-4a57-9e37-2f8d3b6c1a00"
        assert "no endorsement" in shell.bad(1, "endorse", "withdraw", nobody, "--reason", "changed")
        assert "no endorsement" in shell.bad(2, "endorse", "withdraw", "x", "--reason", "changed")


class TestList:
    def test_tells_who_what_and_whether_it_stands(self, shell: Shell) -> None:
        assert shell.json("endorsements", "list") == []
        first, second = endorsement(shell, "class", CLASS), endorsement(shell, "organisation", ORGANISATION)
        shell.good("endorse", "withdraw", str(first["id"]), "--reason", "mistake")
        found = shell.json("endorsements", "list")
        assert {each["id"]: each["withdrawn"] for each in found} == {first["id"]: True, second["id"]: False}
        lines = shell.good("endorsements", "list").stdout
        assert "withdrawn" in lines
        assert OTHER in lines
