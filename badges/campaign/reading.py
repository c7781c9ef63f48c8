"""Reads one table of a data file of the pack, and says exactly which field is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any, NoReturn

from badges.errors import ConfigurationError


def read_toml(folder: Traversable, file: str) -> dict[str, Any]:
    """Return the content of a data file.

    Raises ConfigurationError if it is missing or is not TOML.
    """
    try:
        return tomllib.loads(folder.joinpath(file).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(
            "The campaign file %(file)s cannot be read: %(cause)s.", file=file, cause=error
        ) from error


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a data file. file, subject: where we are, for messages: "class supporter"."""

    file: str
    subject: str
    values: Mapping[str, Any]

    def text(self, field: str, *, longest: int = 4000) -> str:
        """Return a text that must be there, without the space around it. Raises ConfigurationError."""
        value = self.values.get(field)
        if not isinstance(value, str) or not value.strip():
            self.refuse(field, "must be a text and must not be empty")
        if len(value.strip()) > longest:
            self.refuse(field, f"must have at most {longest} characters, and has {len(value.strip())}")
        return value.strip()

    def optional_text(self, field: str, *, longest: int = 4000) -> str:
        """Return a text, or "" if the field is left out. Raises ConfigurationError."""
        return self.text(field, longest=longest) if field in self.values else ""

    def texts(self, field: str) -> tuple[str, ...]:
        """Return a list of different texts, none empty. Raises ConfigurationError."""
        value = self.values.get(field)
        if not isinstance(value, list) or not value or not all(isinstance(v, str) and v for v in value):
            self.refuse(field, "must be a list of texts")
        if len(set(value)) != len(value):
            self.refuse(field, "has the same entry twice")
        return tuple(value)

    def whole_number(self, field: str) -> int:
        """Return a whole number that must be there. Raises ConfigurationError."""
        value = self.values.get(field)
        if not isinstance(value, int) or isinstance(value, bool):
            self.refuse(field, "must be a whole number")
        return value

    def table(self, field: str) -> Table:
        """Return a table inside this one. Raises ConfigurationError."""
        value = self.values.get(field)
        if not isinstance(value, dict):
            self.refuse(field, "must be a table")
        return Table(self.file, f"{self.subject}, {field}", value)

    def tables(self, field: str) -> tuple[Table, ...]:
        """Return the tables of a list, none if the field is left out. Raises ConfigurationError."""
        value = self.values.get(field, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.refuse(field, "must be a list of tables")
        return tuple(
            Table(self.file, f"{self.subject}, {field} {number}", each) for number, each in enumerate(value, start=1)
        )

    def allow_only(self, fields: frozenset[str]) -> None:
        """Check that no field is misspelt or unknown. Raises ConfigurationError naming the first."""
        for field in self.values:
            if field not in fields:
                self.refuse(field, "is not a field that we know")

    def refuse(self, field: str, problem: str, cause: Exception | None = None) -> NoReturn:
        """Raise a ConfigurationError that names the file, the subject and the field."""
        raise ConfigurationError(
            "%(file)s, %(subject)s: %(field)s %(problem)s.",
            file=self.file,
            subject=self.subject,
            field=field,
            problem=problem,
        ) from cause
