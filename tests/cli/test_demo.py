"""`badges demo`: a badge to try checkers with, made without an instance."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Shell


@pytest.mark.parametrize("form", ["json", "png"])
def test_is_made_and_checked_where_there_is_no_instance(tmp_path: Path, form: str) -> None:
    shell = Shell({"BADGES_INSTANCE": str(tmp_path / "instance"), "BADGES_KEYS": str(tmp_path / "keys")})
    badge = tmp_path / f"demonstration.{form}"
    assert shell.good("demo", "--as", form, "--output", str(badge)).stdout == ""
    assert shell.json("verify", str(badge), "--offline")["verdict"] == "valid"
    assert sorted(tmp_path.iterdir()) == [badge]


def test_is_printed_when_no_file_is_named() -> None:
    shell = Shell()
    assert shell.json("verify", "-", "--offline", stdin=shell.good("demo").stdout)["verdict"] == "valid"
