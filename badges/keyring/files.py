"""Files that only their owner can read: written whole or not at all, read with a sentence when that fails."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from badges.errors import ConfigurationError, UnavailableError
from badges.wording import Wording, say

FILE_MODE: Final = 0o600
FOLDER_MODE: Final = 0o700


def make_folder(folder: Path) -> None:
    """Make a folder for its owner only; one that is there is closed to others. Raises UnavailableError."""
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        folder.chmod(FOLDER_MODE)
    except OSError as problem:
        raise UnavailableError(
            "The keys folder %(path)s cannot be made: %(problem)s.", path=folder, problem=problem.strerror
        ) from problem


def read_file(path: Path) -> bytes:
    """Return the content of a file. Raises ConfigurationError."""
    try:
        return path.read_bytes()
    except OSError as problem:
        raise ConfigurationError(
            "The file %(path)s cannot be read: %(problem)s.", path=path, problem=problem.strerror
        ) from problem


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet. Raises FileExistsError, UnavailableError."""
    fresh = _write_beside(path, content)
    try:
        os.link(fresh, path)
        _sync_folder(path.parent)
    except FileExistsError:
        raise
    except OSError as problem:
        raise _cannot_write(path, problem) from problem
    finally:
        fresh.unlink(missing_ok=True)


def replace_file(path: Path, content: bytes) -> None:
    """Put this content into a file's place, in one step. Raises UnavailableError."""
    fresh = _write_beside(path, content)
    try:
        fresh.replace(path)
        _sync_folder(path.parent)
    except OSError as problem:
        raise _cannot_write(path, problem) from problem
    finally:
        fresh.unlink(missing_ok=True)


def open_to_others(folder: Path, *patterns: str) -> list[Wording]:
    """Say which of a folder and its files others than their owner can read or change, and how to close them."""
    if not folder.is_dir():
        return []
    found = [folder, *sorted(path for pattern in patterns for path in folder.glob(pattern))]
    return [
        say(
            "%(path)s is open to others (mode %(mode)s): chmod %(closed)s it.",
            path=path,
            mode=f"{path.stat().st_mode & 0o777:04o}",
            closed=f"{FOLDER_MODE if path.is_dir() else FILE_MODE:04o}",
        )
        for path in found
        if path.stat().st_mode & 0o077
    ]


def _write_beside(path: Path, content: bytes) -> Path:
    """Write a file of another name in the same folder, down to the disk, and return where it is."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        fresh.unlink(missing_ok=True)
        raise _cannot_write(path, problem) from problem
    return fresh


def _sync_folder(folder: Path) -> None:
    """Have the folder's own list of names on the disk, so that a power cut does not take a new file's name."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _cannot_write(path: Path, problem: OSError) -> UnavailableError:
    return UnavailableError("The file %(path)s cannot be written: %(problem)s.", path=path, problem=problem.strerror)
