"""Software that we did not write, ready to judge what we make."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
VALIDATOR_PYTHON: Final = ROOT / ".tools" / "ob2" / "bin" / "python"
VALIDATOR: Final = ROOT.parent / "shared" / "tools" / "ob2-validate" / "validate.py"
TIMEOUT_SECONDS: Final = 120


@dataclass(frozen=True, slots=True)
class ValidatorReport:
    """What the official Open Badges 2.0 validator says: valid or not, and its messages as one text."""

    valid: bool
    messages: str


# ob2_validator(BADGE, maps={public prefix: local prefix}, email=ADDRESS). BADGE: a URL, the text of an
# assertion or JWS, or the path of a file (JSON, JWS, PNG or SVG).
ValidateOb2 = Callable[..., ValidatorReport]
ReadBaked = Callable[[bytes], str]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.interop)


@pytest.fixture(scope="session")
def validator_python() -> Path:
    """The Python of the environment that has the official validator and bakery."""
    return must_exist(VALIDATOR_PYTHON, "the validator's environment is missing; to make it: make test")


@pytest.fixture
def ob2_validator(validator_python: Path, tmp_path: Path) -> ValidateOb2:
    """The official Open Badges 2.0 validator, with no way to any network but this machine."""
    script = must_exist(VALIDATOR, f"the validator's wrapper is missing: {VALIDATOR}")

    def validate(
        badge: str | Path, *, maps: Mapping[str, str] | None = None, email: str | None = None
    ) -> ValidatorReport:
        if isinstance(badge, str) and not badge.startswith(("http://", "https://")):
            text_path = tmp_path / "badge.txt"
            text_path.write_text(badge)
            badge = text_path
        arguments = [str(badge)]
        for public, local in (maps or {}).items():
            arguments += ["--map", f"{public}={local}"]
        if email is not None:
            arguments += ["--email", email]
        done = _run(validator_python, script, *arguments)
        assert done.returncode in (0, 1), done.stderr
        report = json.loads(done.stdout)
        messages = "\n".join(str(message.get("result", message)) for message in report["messages"])
        return ValidatorReport(valid=report["valid"], messages=messages)

    return validate


@pytest.fixture
def bakery(validator_python: Path, tmp_path: Path) -> ReadBaked:
    """A function that returns what the package `openbadges_bakery` reads out of a baked image (its bytes)."""

    def read(image: bytes) -> str:
        path = tmp_path / "baked"
        path.write_bytes(image)
        done = _run(validator_python, Path(__file__).with_name("read_baked.py"), str(path))
        assert done.returncode == 0, done.stderr
        return done.stdout

    return read


def _run(python: Path, script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(python), "-W", "ignore", str(script), *arguments],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )


def must_exist(path: Path, reason: str) -> Path:
    """Return the path. Without it the test is skipped, or fails where CI must run it."""
    if not path.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return path
