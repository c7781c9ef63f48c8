"""The migrations make exactly the tables that the records describe, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import JSON, Connection, MetaData, Table, Uuid, insert, inspect, text
from sqlalchemy.exc import IntegrityError

from badges.errors import UnavailableError
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
    # FTS5 keeps tables of its own beside the one that a migration makes.
    options = {
        "compare_type": True,
        "compare_server_default": True,
        "include_name": lambda name, kind, _: kind != "table" or not str(name).startswith("person_search"),
    }
    context = MigrationContext.configure(connection, opts=options)
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


def test_new_columns_leave_the_rows_that_are_there(empty_database: Database) -> None:
    """SQLite makes the table of the keys anew, and signed texts point at its rows."""
    upgrade_schema(empty_database, "0001")
    tables = MetaData()
    tables.reflect(empty_database.engine)
    number = UUID(int=1) if empty_database.engine.dialect.name == "postgresql" else UUID(int=1).hex
    key = {"id": "k1", "organisation_id": 1, "algorithm": "EdDSA", "public_jwk": {}, "uri": "", "state": "retired"}
    rows: list[tuple[str, dict[str, object]]] = [
        ("organisation", {"id": 1}),
        ("signing_key", key),
        ("status_list", {"number": 1, "organisation_id": 1}),
        ("achievement", {"id": 1, "organisation_id": 1}),
        ("achievement_version", {"id": 1, "achievement_id": 1}),
        (
            "award",
            {
                "id": number,
                "subject_id": number,
                "organisation_id": 1,
                "achievement_id": 1,
                "achievement_version_id": 1,
                "status_list_number": 1,
            },
        ),
        ("credential_text", {"award_id": number, "form": "ob3", "content": "text", "signing_key_id": "k1"}),
    ]
    with empty_database.engine.begin() as connection:
        for name, values in rows:
            connection.execute(insert(tables.tables[name]).values({**_filling(tables.tables[name]), **values}))
    upgrade_schema(empty_database)
    with empty_database.engine.connect() as connection:
        found = connection.execute(text("SELECT id, organisation_id, state, compromised_since FROM signing_key"))
        assert [tuple(row) for row in found] == [("k1", 1, "retired", None)]
        assert connection.execute(text("SELECT signing_key_id FROM credential_text")).scalar() == "k1"
    with empty_database.engine.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(text("DELETE FROM signing_key"))


def _filling(table: Table) -> dict[str, object]:
    """Something for every column that must hold something and points nowhere."""
    moment = datetime(2026, 12, 1, tzinfo=UTC)
    values: dict[type[object], object] = {str: "", int: 0, bool: False, datetime: moment}
    return {
        column.name: [] if isinstance(column.type, JSON) else values[column.type.python_type]
        for column in table.columns
        if not column.nullable and not column.foreign_keys and not isinstance(column.type, Uuid)
    }


def test_refuses_to_leave_a_reference_to_nothing(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new.sqlite")
    upgrade_schema(database)
    columns = "id, organisation_id, slug, position, newest_version, created_at"
    orphan = text(f"INSERT INTO achievement ({columns}) VALUES (1, 99, 'slug', 0, 1, '2026-12-01 00:00:00')")
    with pytest.raises(UnavailableError, match="missing"), database.reshape() as connection:
        connection.execute(orphan)
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM achievement")).scalar() == 0
    database.close()


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
