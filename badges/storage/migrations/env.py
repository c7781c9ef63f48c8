"""Alembic's entry: runs the migrations on the connection that `badges.storage.schema` hands over."""

from __future__ import annotations

from alembic import context

from badges.storage.records import Record

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Record.metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
