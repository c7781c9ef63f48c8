"""The wheel that is built for other machines holds everything the service reads."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools.check_tree import list_files

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of all files in the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_wheel_holds_the_whole_package(wheel_names: set[str]) -> None:
    ours = {path for path in list_files() if path.startswith("badges/")}
    assert ours - wheel_names == set()


def test_wheel_holds_the_templates(wheel_names: set[str]) -> None:
    ours = {f"badges/{path}" for path in list_files() if path.startswith("templates/")}
    assert ours - wheel_names == set()


def test_wheel_brings_the_command(wheel_names: set[str]) -> None:
    assert any(name.endswith(".dist-info/entry_points.txt") for name in wheel_names)
