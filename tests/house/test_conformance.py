"""docs/conformance.md names files and tests that are there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
TEXT: Final = (ROOT / "docs" / "conformance.md").read_text(encoding="utf-8")
_NAMED: Final = re.compile(r"`([\w/]+/test_\w+\.py)((?:::\w+)*)`")
_SOURCE: Final = re.compile(
    r"`((?:standards|verifying|services|issuing|web|network|storage|campaign)/(?:\w+/)*(?!test_)\w+\.py)"
)


def test_every_test_that_is_named_is_there() -> None:
    named = _NAMED.findall(TEXT)
    assert len(named) > 150
    missing = []
    for path, names in named:
        file = ROOT / "tests" / path
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        wanted = [name for name in names.split("::") if name]
        if not text or not all(re.search(rf"(?:def|class) {name}\b", text) for name in wanted):
            missing.append(f"{path}{names}")
    assert missing == []


def test_every_file_that_is_named_is_there() -> None:
    named = set(_SOURCE.findall(TEXT))
    assert len(named) > 60
    assert [path for path in sorted(named) if not (ROOT / "badges" / path).is_file()] == []


def test_every_row_has_three_or_four_cells_and_says_something() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith("| ")]
    assert len(rows) > 120
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split(" | ")]
        assert len(cells) in (2, 3, 4), row
        assert all(cells), row
