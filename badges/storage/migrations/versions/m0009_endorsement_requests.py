"""Endorsements by people outside, asked for by mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from badges.storage.types import UtcDateTime

revision = "0009"
down_revision = "0008"

_EMPTY = sa.text("''")


def upgrade() -> None:
    with op.batch_alter_table("endorsement") as table:
        for name, length in (("said_by_name", 120), ("said_by_role", 120), ("said_from", 254), ("external_did", 500)):
            table.add_column(sa.Column(name, sa.String(length=length), server_default=_EMPTY, nullable=False))
        table.add_column(sa.Column("external_document", sa.Text(), nullable=True))
        table.add_column(sa.Column("is_carried_still", sa.Boolean(), server_default=sa.false(), nullable=False))
        # Of one that was signed elsewhere, with the endorser's own key, we keep neither a status nor a key.
        table.alter_column("status_list_number", existing_type=sa.Integer(), nullable=True)
        table.alter_column("status_index", existing_type=sa.Integer(), nullable=True)
        table.alter_column("signing_key_id", existing_type=sa.String(length=40), nullable=True)
    op.create_index(
        op.f("ix_endorsement_is_carried_still"),
        "endorsement",
        ["is_carried_still"],
        sqlite_where=sa.text("is_carried_still"),
        postgresql_where=sa.text("is_carried_still"),
    )
    op.create_table(
        "endorsement_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("endorser_name", sa.String(length=200), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("declined_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("decline_note", sa.Text(), nullable=False),
        sa.Column("endorsement_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_endorsement_request_organisation_id")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_endorsement_request_asked_by_id")),
        sa.ForeignKeyConstraint(
            ["endorsement_id"], ["endorsement.id"], name=op.f("fk_endorsement_request_endorsement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsement_request")),
    )
    for columns in (("organisation_id", "created_at"), ("email",), ("expires_at",), ("endorsement_id",)):
        op.create_index(op.f(f"ix_endorsement_request_{'_'.join(columns)}"), "endorsement_request", list(columns))
    with op.batch_alter_table("outbox_mail") as table:
        table.add_column(sa.Column("endorsement_request_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(
            op.f("fk_outbox_mail_endorsement_request_id"), "endorsement_request", ["endorsement_request_id"], ["id"]
        )
    op.create_index(op.f("ix_outbox_mail_endorsement_request_id"), "outbox_mail", ["endorsement_request_id"])
