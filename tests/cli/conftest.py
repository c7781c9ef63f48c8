"""The command `badges`, run in this process on a copy of a made instance."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from click.testing import CliRunner, Result

from badges.cli.main import main
from tests.instances import Folders


@dataclass(frozen=True)
class Shell:
    """Runs the command with the variables of an instance and no others of ours."""

    variables: Mapping[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, stdin: bytes | str | None = None, **variables: str) -> Result:
        """Run `badges` with these arguments. variables: more of the environment, without BADGES_, in lower case."""
        inherited = {name: None for name in os.environ if name.startswith("BADGES_")}
        more = {f"BADGES_{name.upper()}": value for name, value in variables.items()}
        runner = CliRunner(env={**inherited, **self.variables, **more})
        return runner.invoke(main, list(arguments), input=stdin)

    def good(self, *arguments: str, **more: Any) -> Result:
        """Run a command that must work: exit 0, and nothing on standard error."""
        result = self.run(*arguments, **more)
        assert (result.exit_code, result.stderr) == (0, ""), result.output
        return result

    def json(self, *arguments: str, **more: Any) -> Any:
        """Run a command that must work, and read what it prints as one JSON document."""
        return json.loads(self.good(*arguments, "--json", **more).stdout)

    def bad(self, exit_code: int, *arguments: str, **more: Any) -> str:
        """Run a command that must fail with this exit code. Returns what it says on standard error."""
        result = self.run(*arguments, **more)
        assert result.exit_code == exit_code, result.output
        assert result.stdout == ""
        assert "Traceback" not in result.stderr
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert result.stderr.startswith("Error: " if exit_code != 2 else ("Error: ", "Usage: "))
        return " ".join(result.stderr.split())

    def award(self, email: str = "sam@example.org", achievement: str = "supporter", *more: str) -> str:
        """Award and return the badge's number."""
        made: dict[str, str] = self.json("award", achievement, "--email", email, *more)
        return made["id"]


@pytest.fixture
def shell(folders: Folders) -> Shell:
    return Shell(folders.environment)
