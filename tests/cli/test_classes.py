"""`badges classes` and `badges packs`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from tests.cli.conftest import Shell
from tests.instances import ORGANISATION, Folders, SettableClock, initialise, open_service

READER: Final = """
slug = "reader"
name = "Reader"
description = "Reads."
criteria = "- You read."
achievement_type = "Achievement"
tags = ["AMillionDecisions"]
alignments = ["AMD"]
licence = "CC-BY-4.0"

[art]
silhouette = "circle"
icon = "books"
ground = "teal"
lit_dots = 2
label = "Reader"
alt_text = "A teal circle with books."
"""


@pytest.fixture
def reader(tmp_path: Path) -> Path:
    file = tmp_path / "reader.toml"
    file.write_text(READER)
    return file


def state(shell: Shell) -> tuple[str, int] | None:
    found = [row for row in shell.json("classes", "list", ORGANISATION) if row["badge"] == f"{ORGANISATION}/reader"]
    return (found[0]["state"], found[0]["version"]) if found else None


def test_life_of_a_badge(shell: Shell, reader: Path) -> None:
    name = f"{ORGANISATION}/reader"
    assert shell.json("classes", "add", str(reader), "--organisation", ORGANISATION)["is_draft"] is True
    assert state(shell) == ("draft", 1)
    assert "There is no badge" in shell.bad(1, "award", "reader", "--email", "sam@example.org")
    shell.good("classes", "publish", name)
    shell.award("sam@example.org", "reader")
    reader.write_text(READER.replace("You read.", "You read two."))
    assert shell.json("classes", "change", name, str(reader), "--publish")["changed"] is True
    assert shell.json("classes", "change", name, str(reader), "--publish")["changed"] is False
    assert state(shell) == ("published", 2)
    shell.good("classes", "retire", name)
    assert state(shell) == ("retired", 2)
    assert "retired" in shell.bad(1, "award", "reader", "--email", "kim@example.org")
    shell.good("classes", "bring-back", name)
    shell.award("kim@example.org", "reader")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('name = "Reader"', "", "name must be a text"),
        ('licence = "CC-BY-4.0"', 'licence = "GPL"', "licence must be one of"),
        ('alignments = ["AMD"]', 'alignments = ["NOTHING"]', "not in frameworks.toml"),
        ("[art]", "[art", "cannot be read"),
    ],
)
def test_mistake_in_a_file_is_named(shell: Shell, reader: Path, old: str, new: str, words: str) -> None:
    reader.write_text(READER.replace(old, new))
    assert words in shell.bad(1, "classes", "add", str(reader), "--organisation", ORGANISATION)
    assert state(shell) is None


def test_what_is_not_there_is_said(shell: Shell, tmp_path: Path) -> None:
    reader = tmp_path / "reader.toml"
    reader.write_text(READER.replace('icon = "books"', 'icon = "nothing"'))
    assert "no icon called" in shell.bad(2, "classes", "add", str(reader), "--organisation", ORGANISATION)
    assert "cannot be read" in shell.bad(
        1, "classes", "add", str(tmp_path / "none.toml"), "--organisation", ORGANISATION
    )
    assert "organisation/badge" in shell.bad(2, "classes", "retire", "supporter")
    assert "There is no badge" in shell.bad(1, "classes", "retire", f"{ORGANISATION}/nothing")
    assert "There is: starter" in shell.bad(1, "packs", "export", "nothing")


def test_pack_goes_from_one_installation_to_another_without_a_network(
    shell: Shell, reader: Path, tmp_path: Path
) -> None:
    shell.good("classes", "add", str(reader), "--organisation", ORGANISATION, "--publish")
    made = shell.json("packs", "publish", ORGANISATION, "Readers", "reader")
    file = tmp_path / "readers.json"
    shell.good("packs", "export", made["pack"], "--output", str(file))
    document = open_service(Folders(**_folders(shell)).settings(), SettableClock())
    with document.database.read() as session:
        from badges.services.own_documents import own_document

        did = own_document(session, document.installation, "organisation_did", {"organisation": ORGANISATION})
    document.database.close()
    (tmp_path / "did.json").write_bytes(did.body)
    (tmp_path / "map.json").write_text(json.dumps({made["publisher"]: "did.json"}))

    folders = Folders.under(tmp_path / "elsewhere")
    initialise(open_service(folders.settings(base_url="https://elsewhere.example.org"), SettableClock()))
    other = Shell({**folders.environment, "BADGES_BASE_URL": "https://elsewhere.example.org"})
    assert "no pack that can be used" in other.bad(2, "packs", "import", str(file))
    taken = other.json("packs", "import", str(file), "--documents", str(tmp_path / "map.json"))
    assert taken["publisher"] == made["publisher"]
    assert "Added: 1" in other.good("packs", "adopt", taken["pack"], ORGANISATION).stdout
    other.award("sam@example.org", "reader")
    (row,) = [row for row in other.json("packs", "list") if row["pack"] == taken["pack"]]
    assert row["used_by"] == 1


def _folders(shell: Shell) -> dict[str, Path]:
    return {"instance": Path(shell.variables["BADGES_INSTANCE"]), "keys": Path(shell.variables["BADGES_KEYS"])}
