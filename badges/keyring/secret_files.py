"""The secrets of an installation that are no keys: a file each. With them links, sessions and tasks are made."""

from __future__ import annotations

import contextlib
import re
import secrets
from pathlib import Path
from typing import Final

from badges.errors import ConfigurationError
from badges.keyring.files import make_folder, open_to_others, read_file, write_new
from badges.wording import Wording

SECRETS: Final = ("links", "sessions", "jobs")
_SECRET: Final = re.compile(r"[0-9a-f]{64}")


class SecretFolder:
    """The folder of an installation's secrets. Both the web process and the worker need them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def prepare(self) -> None:
        """Make the secrets of a new instance; what is there stays. Raises UnavailableError.

        All are made here and never later: a copy of the folder made now is complete, and one that is missing is
        missed, instead of being replaced by another that opens nothing.
        """
        make_folder(self._folder)
        for path in self.paths():
            if not path.exists():
                with contextlib.suppress(FileExistsError):  # another process was faster: its secret is the one
                    write_new(path, secrets.token_hex(32).encode() + b"\n")

    def secret(self, name: str) -> bytes:
        """Return the 32 secret bytes of this name, one of SECRETS. They never reach the database.

        Raises ConfigurationError when the file is missing or damaged: with a short secret anybody could make our
        links.
        """
        path = self._path(name)
        if not path.exists():
            raise ConfigurationError(
                "The secret file %(path)s is missing. Put it back from your copy: it belongs to the links in mails "
                "and to the sessions of those who are signed in.",
                path=path,
            )
        text = read_file(path).decode("ascii", "replace").strip()
        if not _SECRET.fullmatch(text):
            raise ConfigurationError("The secret file %(path)s is damaged. Put it back from your copy.", path=path)
        return bytes.fromhex(text)

    def paths(self) -> list[Path]:
        """Return the file of every secret."""
        return [self._path(name) for name in SECRETS]

    def doubts(self) -> list[Wording]:
        """Say which files others can read."""
        return open_to_others(self._folder, "*.secret")

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.secret"
