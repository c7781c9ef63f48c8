"""What `badges organisations add` says of an organisation beside its name gets into its badges."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Shell

ADD = ("organisations", "add", "County Library", "--email", "library@county.example.org")


def test_parent_and_other_names_are_inside_its_badges(shell: Shell) -> None:
    shell.good(*ADD, "--part-of", "The trust", "https://trust.example.org/", "--identifier", "ext:ods=RX1")
    badge = shell.award("sam@example.org", "county-library/supporter")
    issuer = json.loads(shell.good("export", badge, "--as", "json").stdout)["issuer"]
    assert (issuer["parentOrg"]["name"], issuer["parentOrg"]["url"]) == ("The trust", "https://trust.example.org/")
    assert issuer["otherIdentifier"][1] == {
        "type": "IdentifierEntry",
        "identifier": "RX1",
        "identifierType": "ext:ods",
    }


@pytest.mark.parametrize(
    "words",
    [
        ("--identifier", "RX1"),
        ("--identifier", "ods=RX1"),
        ("--identifier", "ext:ods="),
        ("--part-of", "The trust", "trust"),
        ("--part-of", "The trust", ""),
        ("--part-of", "", "https://trust.example.org/"),
    ],
)
def test_mistakes_are_said_and_nothing_is_made(shell: Shell, words: tuple[str, ...]) -> None:
    before = shell.json("organisations", "list")
    shell.bad(2, *ADD, *words)
    assert shell.json("organisations", "list") == before
