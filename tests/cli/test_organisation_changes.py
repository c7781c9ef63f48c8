"""`badges organisations merge|succeed|move|import`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.instances import ORGANISATION

SERVICES = """name,email,kind,above
England,en@example.org,nation,
North West,nw@example.org,region,england
"Blackpool, Fylde",library@blackpool.example.org,,north-west
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "services.csv"
    file.write_text(SERVICES)
    return file


def slugs(shell: Shell) -> set[str]:
    return {row["slug"] for row in shell.json("organisations", "list")}


def test_many_at_once_and_the_same_file_again(shell: Shell, table: Path) -> None:
    assert shell.json("organisations", "import", str(table), "--dry-run")["added"] == 3
    assert slugs(shell) == {ORGANISATION}
    assert shell.json("organisations", "import", str(table))["added"] == 3
    assert slugs(shell) == {ORGANISATION, "england", "north-west", "blackpool-fylde"}
    again = shell.json("organisations", "import", str(table))
    assert (again["added"], again["there"]) == (0, 3)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("nw@example.org", "nobody", "row 3, email"),
        (",region,", ",county,", "row 3, kind: must be one of"),
        (",north-west\n", ",nowhere\n", 'row 4, above: there is no "nowhere"'),
        ("North West,", "England,", "row 3, name: the same"),
        ("name,email", "name,e-mail", "must name the columns"),
        ("kind", "endorser", "must name the columns"),
        (",nation,", ",endorser,", "row 2, kind"),
        ("England", "x" * 140_000, "no CSV file"),
    ],
)
def test_one_mistake_and_nothing_is_added(shell: Shell, table: Path, old: str, new: str, words: str) -> None:
    table.write_text(SERVICES.replace(old, new, 1))
    assert words in shell.bad(2, "organisations", "import", str(table))
    assert slugs(shell) == {ORGANISATION}


def test_table_of_a_spreadsheet_is_understood(shell: Shell, table: Path) -> None:
    table.write_bytes("Name;Email\r\nYsgol y Môr;ask@mor.example.org\r\n".encode("cp1252"))
    assert shell.json("organisations", "import", str(table))["added"] == 1
    assert "ysgol-y-mor" in slugs(shell)


def test_merged_from_the_shell(shell: Shell) -> None:
    shell.good("organisations", "add", "Newtown Library", "--email", "n@example.org", "--no-pack")
    badge = shell.good("export", shell.award(), "--as", "json").stdout
    plan = shell.json("organisations", "merge", ORGANISATION, "newtown-library", "--dry-run")
    assert (plan["classes"], plan["people"]) == (14, 1)
    assert shell.json("organisations", "merge", ORGANISATION, "newtown-library") == plan
    assert "already" in shell.bad(1, "organisations", "merge", ORGANISATION, "newtown-library")
    verified = shell.good("verify", "-", stdin=badge).stdout
    assert "is now part of Newtown Library" in verified
    shell.award("kim@example.org")  # of the new one


def test_older_issuer_elsewhere(shell: Shell) -> None:
    said = shell.json("organisations", "succeed", ORGANISATION, "did:web:old.example.org", "--name", "Old Body")
    assert said["says"].startswith("Old Body is now part of Anytown Hospitals Library.")
    assert "already" in shell.bad(
        1, "organisations", "succeed", ORGANISATION, "did:web:old.example.org", "--name", "Old Body"
    )
    assert "was called" in shell.bad(2, "organisations", "succeed", ORGANISATION, "did:web:other.example.org")
    shell.good("endorse", "withdraw", said["id"], "--reason", "mistake")


def test_moved_in_the_tree(shell: Shell, table: Path) -> None:
    shell.good("organisations", "import", str(table))
    shell.good("organisations", "move", ORGANISATION, "--above", "north-west")
    assert "below itself" in shell.bad(1, "organisations", "move", "england", "--above", "blackpool-fylde")
    shell.good("organisations", "move", ORGANISATION)
