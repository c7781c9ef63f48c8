"""The migrations make exactly the tables that the records describe, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from badges.storage.engine import Database
from badges.storage.records import Record
from badges.storage.schema import is_schema_current, upgrade_schema
from tests.postgres import PostgresServer


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path}/new.sqlite")
        yield database
        database.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.make_database()
    database = Database(url)
    yield database
    database.close()
    server.drop_database(url)


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, Record.metadata))


def test_migrations_give_exactly_the_records(empty_database: Database) -> None:
    upgrade_schema(empty_database)
    with empty_database.engine.connect() as connection:
        assert differences(connection) == []


def test_comparison_sees_a_column_that_is_missing(empty_database: Database) -> None:
    upgrade_schema(empty_database)
    with empty_database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE award DROP COLUMN revocation_note"))
        assert [difference[0] for difference in differences(connection)] == ["add_column"]  # type: ignore[index]


def test_conditional_indexes_keep_their_condition(empty_database: Database) -> None:
    """A comparison of metadata does not look at conditions, and these two matter."""
    upgrade_schema(empty_database)
    found = inspect(empty_database.engine).get_indexes("award")
    conditions = {
        index["name"]: str(index["dialect_options"].get(f"{empty_database.engine.dialect.name}_where", "")).lower()
        for index in found
    }
    assert "revoked_at is null" in conditions["uq_award_standing"]
    assert "not repeated" in conditions["uq_award_standing"]
    assert "revoked_at is not null" in conditions["ix_award_revoked"]


def test_upgrading_again_changes_nothing(empty_database: Database) -> None:
    assert not is_schema_current(empty_database)
    upgrade_schema(empty_database)
    assert is_schema_current(empty_database)
    upgrade_schema(empty_database)
    with empty_database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1


def test_interrupted_migration_leaves_nothing(empty_database: Database) -> None:
    """A table in the way makes the migration fail half-way."""
    with empty_database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE award (id INTEGER)"))
    with pytest.raises(Exception, match="already exists"):
        upgrade_schema(empty_database)
    assert inspect(empty_database.engine).get_table_names() == ["award"]


def test_asking_whether_there_is_a_database_makes_none(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/none/badges.sqlite")
    assert not is_schema_current(database)
    assert list(tmp_path.iterdir()) == []
