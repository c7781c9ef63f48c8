"""From the shell, in the order of the specification: init, award, export, verify, revoke, verify."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from tests.service import command


def test_six_commands_do_the_main_job(tmp_path: Path) -> None:
    """Real processes, as a person starts them."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("BADGES_")}
    environment = inherited | {"BADGES_INSTANCE": str(tmp_path / "instance"), "BADGES_KEYS": str(tmp_path / "keys")}

    def badges(*arguments: str, exit_code: int = 0) -> str:
        done = subprocess.run(
            [*command(), *arguments], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == exit_code, done
        return done.stdout

    badges("init", "--base-url", "http://localhost:8123", "--organisation", "A Library")
    badge = json.loads(badges("award", "supporter", "--email", "sam@example.org", "--json"))
    badges("export", badge["id"], "--as", "png", "--output", "badge.png")
    assert json.loads(badges("verify", "badge.png", "--json"))["verdict"] == "valid"
    badges("revoke", badge["url"], "--reason", "mistake")
    assert json.loads(badges("verify", "badge.png", "--json", exit_code=1))["verdict"] == "invalid"
