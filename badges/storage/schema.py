"""Bringing the database's tables to what this version of the service expects."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from badges.storage.engine import Database

_MIGRATIONS: Final = Path(__file__).parent / "migrations"


def upgrade_schema(database: Database, revision: str = "head") -> None:
    """Run the migrations that are missing, all or none. Safe to repeat. revision: the last. Raises UnavailableError."""
    if database.sqlite_path is not None:
        database.sqlite_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        database.sqlite_path.touch(mode=0o600)
    with database.reshape() as connection:
        if not _is_current(connection):
            configuration = _configuration()
            configuration.attributes["connection"] = connection
            command.upgrade(configuration, revision)


def is_schema_current(database: Database) -> bool:
    """Return whether every migration has run. Makes no file. Raises UnavailableError."""
    if database.sqlite_path is not None and not database.sqlite_path.exists():
        return False
    with database.read() as session:
        return _is_current(session.connection())


def _is_current(connection: Connection) -> bool:
    head = ScriptDirectory.from_config(_configuration()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(_MIGRATIONS))
    return configuration
