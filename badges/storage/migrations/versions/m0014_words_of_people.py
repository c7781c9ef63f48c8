"""The words that people are found by, with an index of them in each engine's own way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from badges.storage.words import kept_words

revision = "0014"
down_revision = "0013"

_MANY = 1_000


def upgrade() -> None:
    op.add_column("person", sa.Column("words", sa.Text(), nullable=False, server_default=sa.text("''")))
    connection = op.get_bind()
    fill(connection)
    if connection.dialect.name == "sqlite":
        for statement in (
            "CREATE VIRTUAL TABLE person_search USING fts5("
            "words, content='person', content_rowid='id', detail=none, columnsize=0, tokenize='ascii')",
            "INSERT INTO person_search(person_search) VALUES ('rebuild')",
            "CREATE TRIGGER person_search_gone AFTER DELETE ON person BEGIN "
            "INSERT INTO person_search(person_search, rowid, words) VALUES ('delete', old.id, old.words); END",
            "CREATE TRIGGER person_search_other AFTER UPDATE OF words ON person BEGIN "
            "INSERT INTO person_search(person_search, rowid, words) VALUES ('delete', old.id, old.words); "
            "INSERT INTO person_search(rowid, words) VALUES (new.id, new.words); END",
        ):
            connection.exec_driver_sql(statement)
    else:
        connection.exec_driver_sql(
            "CREATE INDEX ix_person_words ON person USING gin (array_to_tsvector(string_to_array(words, ' ')))"
        )


def fill(connection: sa.Connection) -> None:
    """Give the people there are their words."""
    last = 0
    while True:
        people = connection.execute(
            sa.text("SELECT id, email FROM person WHERE id > :last ORDER BY id LIMIT :many"),
            {"last": last, "many": _MANY},
        ).all()
        if not people:
            return
        names: dict[int, list[str]] = {number: [] for number, _ in people}
        for number, name in connection.execute(
            sa.text("SELECT person_id, name FROM award WHERE person_id > :last AND person_id <= :end ORDER BY id"),
            {"last": last, "end": people[-1][0]},
        ):
            names[number].append(name)
        connection.execute(
            sa.text("UPDATE person SET words = :words WHERE id = :id"),
            [{"id": number, "words": kept_words(email, *names[number])} for number, email in people],
        )
        last = people[-1][0]
