"""What the documents point to is there: files, headings, commands."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from tests.service import command
from tools.check_tree import list_files

ROOT: Final = Path(__file__).parents[2]
DOCUMENTS: Final = [ROOT / path for path in list_files() if path.endswith(".md")]

LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")


def test_documents_are_found() -> None:
    assert ROOT / "README.md" in DOCUMENTS


def test_links_lead_somewhere() -> None:
    broken = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in DOCUMENTS
        for target in LINK.findall(FENCE.sub("", document.read_text()))
        if not leads_somewhere(document, target)
    ]
    assert broken == []


def test_link_to_nowhere_is_noticed() -> None:
    readme = ROOT / "README.md"
    assert leads_somewhere(readme, "https://example.org/")
    assert leads_somewhere(readme, "pyproject.toml")
    assert not leads_somewhere(readme, "no-such-file.md")
    assert not leads_somewhere(readme, "#no-such-heading")


def test_commands_of_badges_that_are_shown_exist() -> None:
    shown = {line.split()[1] for line in shown_code() if re.match(r"(?:\.venv/bin/)?badges [a-z]", line)}
    unknown = [name for name in sorted(shown) if not badges_knows(name)]
    assert unknown == []


def test_commands_of_make_that_are_shown_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    shown = {line.split()[1] for line in shown_code() if re.match(r"make [a-z]", line)}
    assert shown - targets == set()


def leads_somewhere(document: Path, target: str) -> bool:
    """Whether a link in a document leads to a file or heading that exists; other sites are not asked."""
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return True
    path_text, _, heading = target.partition("#")
    path = (document.parent / unquote(path_text)).resolve() if path_text else document
    if not path.exists():
        return False
    return not heading or path.suffix != ".md" or heading in headings_of(path)


@cache
def headings_of(document: Path) -> frozenset[str]:
    """Return the anchors of a document's headings, made as the usual viewers make them."""
    titles = re.findall(r"^#+\s+(.*)$", FENCE.sub("", document.read_text()), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-") for title in titles)


def shown_code() -> Iterator[str]:
    """Yield every line of code that the documents show, without the prompt."""
    for document in DOCUMENTS:
        text = document.read_text()
        for block in FENCE.findall(text):
            for line in block.splitlines()[1:-1]:
                yield line.strip().removeprefix("$ ")
        yield from CODE.findall(FENCE.sub("", text))


def badges_knows(name: str) -> bool:
    """Whether the command `badges` has a command of this name."""
    done = subprocess.run([*command(), name, "--help"], cwd=ROOT, capture_output=True, check=False)
    return done.returncode == 0
