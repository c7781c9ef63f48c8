"""What badges can support: the frameworks that ship with the service, or those that the installation has instead."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from badges.campaign.class_reading import read_frameworks
from badges.campaign.pack import load_frameworks
from badges.services.context import Installation
from badges.vocab.achievement import Alignment

FILE: Final = "frameworks.toml"


def frameworks(installation: Installation) -> dict[str, Alignment]:
    """Return the entries by their codes. A file of the name in the instance folder is read in place of the one that
    ships, and read again when it changes.

    Raises ConfigurationError naming the entry and the field that are wrong.
    """
    path = installation.settings.instance_folder / FILE
    if not path.is_file():
        return load_frameworks()
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> dict[str, Alignment]:
    return read_frameworks(path.parent)
