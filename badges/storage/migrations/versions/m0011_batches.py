"""Batches, the texts that are packed, and the order in which places in status lists are given out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from badges.storage.types import UtcDateTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    _create_batch()
    _create_batch_row()
    _create_batch_chunk()
    _create_packing()
    with op.batch_alter_table("credential_text") as table:
        table.add_column(sa.Column("packed", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("template_id", sa.Integer(), nullable=True))
        table.alter_column("content", existing_type=sa.Text(), nullable=True)
        table.create_foreign_key(op.f("fk_credential_text_template_id"), "credential_template", ["template_id"], ["id"])
    op.add_column(
        "status_list", sa.Column("place_seed", sa.String(length=32), server_default=sa.text("''"), nullable=False)
    )
    # Places are now given out in an order of each list's own, without looking which are free: no more in older lists.
    op.execute("UPDATE status_list SET is_open = false")


def _create_batch() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("achievement_version_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("rows_kept", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("starts_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("moment", UtcDateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["achievement_version_id"], ["achievement_version.id"], name=op.f("fk_batch_achievement_version_id")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_batch_created_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_batch_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_index(
        "ix_batch_open",
        "batch",
        ["state", "starts_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'working')"),
        postgresql_where=sa.text("state IN ('queued', 'working')"),
    )
    op.create_index("ix_batch_organisation_id_created_at", "batch", ["organisation_id", "created_at"], unique=False)


def _create_batch_row() -> None:
    op.create_table(
        "batch_row",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("narrative", sa.Text(), nullable=False),
        sa.Column("evidence_url", sa.String(length=1000), nullable=False),
        sa.Column("date", sa.String(length=40), nullable=False),
        sa.Column("valid_from", UtcDateTime(timezone=True), nullable=True),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("is_sure", sa.Boolean(), nullable=False),
        sa.Column("suggestion", sa.String(length=254), nullable=True),
        sa.Column("problem", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("cells", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_row_batch_id")),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_batch_row")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_batch_row_aside",
        "batch_row",
        ["batch_id", "number"],
        unique=False,
        sqlite_where=sa.text("state NOT IN ('ready', 'awarded')"),
        postgresql_where=sa.text("state NOT IN ('ready', 'awarded')"),
    )


def _create_batch_chunk() -> None:
    op.create_table(
        "batch_chunk",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_row", sa.Integer(), nullable=False),
        sa.Column("last_row", sa.Integer(), nullable=False),
        sa.Column("list_number", sa.Integer(), nullable=False),
        sa.Column("first_place", sa.Integer(), nullable=False),
        sa.Column("lease_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("awarded", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("done_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_chunk_batch_id")),
        sa.ForeignKeyConstraint(["list_number"], ["status_list.number"], name=op.f("fk_batch_chunk_list_number")),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_batch_chunk")),
    )
    op.create_index(
        "ix_batch_chunk_waiting",
        "batch_chunk",
        ["batch_id", "number"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )


def _create_packing() -> None:
    op.create_table(
        "credential_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("print", sa.String(length=64), nullable=False),
        sa.Column("slots", sa.String(length=200), nullable=False),
        sa.Column("places", sa.String(length=1000), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_credential_template_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential_template")),
    )
    op.create_index(
        op.f("ix_credential_template_batch_id_print"), "credential_template", ["batch_id", "print"], unique=False
    )
    op.create_table(
        "ledger_chunk",
        sa.Column("signing_key_id", sa.String(length=40), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_ledger_chunk_batch_id")),
        sa.ForeignKeyConstraint(["signing_key_id"], ["signing_key.id"], name=op.f("fk_ledger_chunk_signing_key_id")),
        sa.PrimaryKeyConstraint("signing_key_id", "batch_id", "number", name=op.f("pk_ledger_chunk")),
    )
