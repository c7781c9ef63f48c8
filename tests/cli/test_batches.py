"""`badges award-batch`: a file to badges; told row by row, resumable, never twice."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from tests.cli.conftest import Shell


def write(folder: Path, text: str) -> str:
    path = folder / "people.csv"
    path.write_text(text)
    return str(path)


def test_awards_everybody_once(shell: Shell, tmp_path: Path) -> None:
    file = write(tmp_path, "Name,Email\nSam,sam@nhs.net\nAnn,ann@nhs.net\n")
    result = shell.json("award-batch", "supporter", file)
    assert (result["awarded"], result["already_held"], result["refused"]) == (2, 0, 0)
    again = shell.json("award-batch", "supporter", file)
    assert (again["awarded"], again["already_held"], again["refused"]) == (0, 2, 0)
    assert again["batch"] != result["batch"]
    resumed = shell.json("award-batch", "--resume", str(result["batch"]))
    assert resumed["awarded"] == 2


def test_says_which_rows_were_left_aside_and_ends_with_1(shell: Shell, tmp_path: Path) -> None:
    file = write(tmp_path, "Email,Date\nsam@nhs.net,\nbob@nhs.ent,\ncat@nhs.net,31/02/2026\n")
    result = shell.run("award-batch", "supporter", file)
    assert result.exit_code == 1
    assert "row 2: bob@nhs.ent: Is this address right? It looks like bob@nhs.net." in result.stdout
    assert 'row 3: cat@nhs.net: "31/02/2026" is no date.' in result.stdout
    assert "1 awarded, 0 have it already, 2 left aside" in result.stdout
    as_json = shell.run("award-batch", "supporter", file, "--json")
    told = json.loads(as_json.stdout)
    assert [(row["row"], row["state"]) for row in told["aside"]] == [(1, "held"), (2, "look"), (3, "wrong")]
    assert told["aside"][1]["suggestion"] == "bob@nhs.net"


def test_resuming_awards_what_was_mended_afterwards(shell: Shell, tmp_path: Path) -> None:
    batch = json.loads(
        shell.run("award-batch", "supporter", write(tmp_path, "sam@nhs.net\nbob@nhs.ent\n"), "--json").stdout
    )["batch"]
    connection = sqlite3.connect(Path(shell.variables["BADGES_INSTANCE"]) / "badges.sqlite")
    with connection:
        connection.execute("UPDATE batch_row SET state='ready', problem=NULL, email='bob@nhs.net' WHERE number=2")
    connection.close()
    assert shell.json("award-batch", "--resume", str(batch))["awarded"] == 2


def test_a_batch_is_withdrawn_at_once(shell: Shell, tmp_path: Path) -> None:
    batch = shell.json("award-batch", "supporter", write(tmp_path, "sam@nhs.net\nann@nhs.net\n"))["batch"]
    assert shell.json("revoke", "--batch", str(batch), "--reason", "mistake")["revoked"] == 2
    again = shell.run("revoke", "--batch", str(batch), "--reason", "mistake")
    assert again.exit_code == 1
    assert "No badge of this list stands" in again.stderr
    assert shell.run("revoke", "--reason", "mistake").exit_code == 2


def test_a_dry_run_changes_nothing(shell: Shell, tmp_path: Path) -> None:
    file = write(tmp_path, "sam@nhs.net\nann@nhs.net\n")
    result = shell.json("award-batch", "supporter", file, "--dry-run")
    assert (result["batch"], result["ready"], result["awarded"]) == (None, 2, 0)
    assert shell.json("award-batch", "supporter", file)["awarded"] == 2


def test_wrong_use_is_said_plainly(shell: Shell, tmp_path: Path) -> None:
    file = write(tmp_path, "sam@nhs.net\n")
    for arguments, words in (
        (("supporter",), "Give a CLASS and a FILE"),
        (("--resume", "1", "supporter", file), "Give a CLASS and a FILE"),
        (("--resume", "1", "--dry-run"), "Give a CLASS and a FILE"),
        (("--resume", "77"), "no batch with the number 77"),
        (("nothing", file), 'no badge "nothing"'),
        (("supporter", str(tmp_path / "missing.csv")), "No such file"),
        (("supporter", write(tmp_path, "Name\nSam\n")), "no e-mail address"),
    ):
        result = shell.run("award-batch", *arguments)
        assert result.exit_code in (1, 2), arguments
        assert words in result.stderr, (arguments, result.stderr)
        assert "Traceback" not in result.stderr
