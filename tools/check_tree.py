"""Look for what must not be in the tree: a machine's paths, addresses of registries, open ends, private keys.

Reads every text file that is in version control or about to be. `make check` runs it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent

# Not ours: copied from somewhere else as it was published.
COPIED: Final = (
    "badges/standards/jsonld/data/",
    "badges/web/static/",
    "badges/rendering/fonts/",
    "tests/vectors/data/",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that must not be there. `own_text_only`: it may stand in what was copied from elsewhere."""

    what: str
    pattern: re.Pattern[str]
    own_text_only: bool = False


# The words are put together from parts, so that this file does not accuse itself.
RULES: Final = (
    Rule("a path of one machine", re.compile(r"(?<![\w.:/-])/(?:work/(?:main|shared)|root|home/\w+|opt/\w+)/")),
    Rule(
        "the address of a registry",
        re.compile(
            r"\b(?:pypi\.org|(?:files\.python|npm)hosted\.org|registry\.(?:npmjs|yarnpkg)\.\w+|deb\.debian\.org)\b"
        ),
    ),
    Rule(
        "an open end; file an issue instead",
        re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b"),
        True,
    ),
    Rule("a private key", re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE " + r"KEY-----\s+[A-Za-z0-9+/=]{40}")),
    Rule("a mark of an unfinished merge", re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)),
)


def find_faults(path: str, text: str) -> Iterator[str]:
    """Yield one line for every rule that the text of a file breaks. path: relative to the root."""
    copied = path.startswith(COPIED) or PurePosixPath(path).suffix in {".svg", ".po"}
    for rule in RULES:
        if rule.own_text_only and copied:
            continue
        for match in rule.pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{path}:{line}: {rule.what}: {match.group().strip()}"


def list_files() -> list[str]:
    """Return the paths of all files in version control or about to be, relative to the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603
    return [path for path in listed.stdout.split("\0") if path and (ROOT / path).is_file()]


def main() -> int:
    """Print every fault of the tree; 0 if there is none."""
    faults: list[str] = []
    for path in list_files():
        content = (ROOT / path).read_bytes()
        if b"\0" in content[:8000]:
            continue
        faults += find_faults(path, content.decode("utf-8", errors="replace"))
    print("\n".join(faults) if faults else "The tree is clean.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
