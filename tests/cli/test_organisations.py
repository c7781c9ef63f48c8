"""`badges organisations`."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Shell
from tests.instances import ORGANISATION

NAME = "County Library Service"


def add(shell: Shell, *more: str) -> dict[str, str]:
    made: dict[str, str] = shell.json("organisations", "add", NAME, "--email", "library@county.example.org", *more)
    return made


def test_the_new_organisation_awards_in_its_own_name(shell: Shell) -> None:
    made = add(shell, "--url", "https://county.example.org/library")
    assert made["slug"] == "county-library-service"
    badge = shell.award("sam@example.org", "supporter", "--organisation", made["slug"])
    report = shell.json("verify", f"http://localhost:8000/credentials/{badge}")
    assert (report["verdict"], report["badge"]["issuer"]["name"]) == ("valid", NAME)
    assert report["badge"]["issuer"]["url"] == "https://county.example.org/library"


def test_lists_all(shell: Shell) -> None:
    add(shell)
    assert [line.split()[0] for line in shell.good("organisations", "list").stdout.splitlines()] == [
        ORGANISATION,
        "county-library-service",
    ]


def test_may_begin_without_badges(shell: Shell) -> None:
    add(shell, "--no-pack")
    said = shell.bad(1, "award", "supporter", "--email", "sam@example.org", "--organisation", "county-library-service")
    assert "supporter" in said


def test_short_name_may_be_chosen(shell: Shell) -> None:
    made = shell.json("organisations", "add", "日本図書館", "--email", "a@example.org", "--slug", "nihon-library")
    assert made["slug"] == "nihon-library"
    again = ("organisations", "add", "Another", "--email", "a@example.org", "--slug")
    assert "already" in shell.bad(1, *again, "nihon-library")
    for slug in ("Nihon", "a/b", "-a", "日本", "a" * 61):
        assert "short name" in shell.bad(2, *again, slug)
    assert len(shell.json("organisations", "list")) == 2


def test_says_what_becomes_of_a_name_without_latin_letters(shell: Shell) -> None:
    said = shell.good("organisations", "add", "日本図書館", "--email", "a@example.org").stdout
    assert said.startswith("organisation  日本図書館\n")
    assert "--slug" in said
    assert "--slug" not in shell.good("organisations", "add", "Café", "--email", "a@example.org").stdout


def test_refuses_a_name_that_is_taken(shell: Shell) -> None:
    add(shell)
    assert NAME in shell.bad(1, "organisations", "add", NAME, "--email", "other@county.example.org")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["x", "--email", "nobody"], "nobody"),
        (["x", "--email", "a@example.org", "--url", "ftp://x.example.org"], "ftp://x.example.org"),
        ([" ", "--email", "a@example.org"], "name"),
        (["x"], "--email"),
    ],
)
def test_says_what_is_wrong(shell: Shell, words: list[str], said: str) -> None:
    assert said in shell.bad(2, "organisations", "add", *words)
    assert len(shell.json("organisations", "list")) == 1
