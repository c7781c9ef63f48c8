"""Print a list of exact pins with the hashes of every published file, resolving nothing.

For packages whose declared requirements contradict each other: pip-compile refuses them, so only the part
of pip-tools that collects hashes is used. Run by tools/lock in the environment of pip-tools.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pip._internal.req.constructors import install_req_from_line
from piptools.repositories import PyPIRepository


def main(pins_path: str) -> None:
    """Print the lock of the pins in a file; lines that start with # are left out."""
    repository = PyPIRepository([], cache_dir=str(Path(".tools/lock/cache").resolve()))
    print("# Written by tools/lock. Change pyproject.toml or the .in file, then run it.")
    pins = [line.strip() for line in Path(pins_path).read_text().splitlines()]
    for pin in sorted((pin for pin in pins if pin and not pin.startswith("#")), key=str.lower):
        with repository.allow_all_wheels():
            hashes = sorted(repository.get_hashes(install_req_from_line(pin)))
        if not hashes:
            raise SystemExit(f"No published file for {pin}.")
        print(" \\\n    ".join([pin, *(f"--hash={value}" for value in hashes)]))


if __name__ == "__main__":
    main(sys.argv[1])
