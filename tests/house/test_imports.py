"""What importing costs, and from where the package takes what it imports."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT: Final = Path(__file__).parents[2]
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS: Final = PROJECT["optional-dependencies"]
# Parts of a declared package that are installed, and documented, under names of their own.
COMES_WITH: Final = {
    "botocore": "boto3",
    "werkzeug": "flask",
    "jinja2": "flask",
    "markupsafe": "flask",
    "itsdangerous": "flask",
    "click": "flask",
    "wtforms": "flask-wtf",
    "flask-login": "flask-security",
    "flask-principal": "flask-security",
    "limits": "flask-limiter",
    "babel": "flask-babel",
}

IMPORT_EVERYTHING: Final = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
print("\\n".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""


@pytest.mark.parametrize(
    "package", ["badges.vocab", "badges.standards", "badges.issuing", "badges.verifying", "badges.rendering"]
)
def test_core_can_be_used_without_flask_and_sqlalchemy(package: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_EVERYTHING, package],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) & {"flask", "sqlalchemy", "werkzeug"} == set()


def test_everything_imported_is_declared() -> None:
    """A package that is there only because another one needs it goes away with that one's next version."""
    declared = {
        canonicalize_name(Requirement(line).name)
        for line in [*PROJECT["dependencies"], *EXTRAS["postgresql"], *EXTRAS["aws"]]
    }
    distributions = packages_distributions()
    undeclared: dict[str, str] = {}
    for path in sorted((ROOT / "badges").rglob("*.py")):
        for module in imported_modules(path):
            if module in sys.stdlib_module_names or module == "badges":
                continue
            names = {str(canonicalize_name(name)) for name in distributions.get(module, [module])}
            if not {COMES_WITH.get(name, name) for name in names} & declared:
                undeclared.setdefault(module, str(path.relative_to(ROOT)))
    assert undeclared == {}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-development.lock"])
def test_lock_holds_what_is_declared(lock: str) -> None:
    """After a change in pyproject.toml, `make lock` writes the locks anew."""
    lines = list(PROJECT["dependencies"])
    if lock == "requirements-development.lock":
        lines += [line for extra in PROJECT["optional-dependencies"].values() for line in extra]
    pins = read_pins(ROOT / lock)
    missing = [
        line
        for line in lines
        if (requirement := Requirement(line))
        and not requirement.specifier.contains(pins.get(canonicalize_name(requirement.name), Version("0")))
    ]
    assert missing == []


def test_both_locks_pin_the_same_versions() -> None:
    runtime = read_pins(ROOT / "requirements.lock")
    development = read_pins(ROOT / "requirements-development.lock")
    assert {name: development.get(name) for name in runtime} == runtime


def imported_modules(path: Path) -> set[str]:
    """Return the first names of all modules that a file imports from outside its package."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.partition(".")[0])
    return found


def read_pins(path: Path) -> dict[str, Version]:
    """Return the version of every package in a lock."""
    pins = re.findall(r"^([\w.-]+)==(\S+)", path.read_text(), re.MULTILINE)
    return {canonicalize_name(name): Version(version) for name, version in pins}
