"""The tree holds nothing of one machine, and the tools that look after it see what they are there to see."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from tools.check_tree import find_faults, list_files

ROOT: Final = Path(__file__).parents[2]
LOCKS: Final = [path for path in list_files() if path.endswith(".lock")]


def test_nothing_is_in_the_tree_that_must_not_be() -> None:
    faults: list[str] = []
    for path in list_files():
        content = (ROOT / path).read_bytes()
        if b"\0" not in content[:8000]:
            faults += find_faults(path, content.decode("utf-8", errors="replace"))
    assert faults == []


# Each is put together from parts, so that this file passes.
@pytest.mark.parametrize(
    "text",
    [
        "see /" + "home/ann/badges/x.py",
        "--index-url https://" + "pypi" + ".org/simple",
        "# TO" + "DO: later",
        "-----BEGIN PRIVATE " + "KEY-----\n" + "A" * 64,
        "<<<<<<" + "< HEAD",
    ],
)
def test_fault_is_found_with_its_line(text: str) -> None:
    (fault,) = find_faults("badges/x.py", f"first line\n{text}\n")
    assert fault.startswith("badges/x.py:2: ")


def test_copied_files_may_say_what_theirs_say() -> None:
    text = "// TO" + "DO: theirs"
    assert list(find_faults("badges/web/static/js/theirs.js", text)) == []
    assert len(list(find_faults("badges/web/views.py", text))) == 1


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_has_exact_versions_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    entries = re.findall(r"^[A-Za-z0-9].*(?:\n    --hash=.*)*", text, re.MULTILINE)
    assert entries
    unpinned = [entry for entry in entries if not re.match(r"[\w.-]+==\S+ \\\n    --hash=sha256:", entry)]
    assert unpinned == []


def test_commands_can_be_run() -> None:
    scripts = [path for path in [*ROOT.glob("tools/*"), ROOT / ".ci" / "run"] if path.is_file()]
    not_executable = [
        path.name for path in scripts if path.read_bytes().startswith(b"#!") and not path.stat().st_mode & 0o100
    ]
    assert not_executable == []
