"""The audit, several roles for one person, and organisations above others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import badges.storage.types

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "audit_line",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", badges.storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=10), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("session_id", sa.String(length=40), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_line")),
    )
    op.create_index(op.f("ix_audit_line_at"), "audit_line", ["at"])
    for column in ("organisation_id", "subject", "account_id"):
        op.create_index(op.f(f"ix_audit_line_{column}_number"), "audit_line", [column, "number"])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.bulk_insert(head, [{"id": 1, "number": 0, "hash": "0" * 64}])
    with op.batch_alter_table("membership") as table:
        table.add_column(sa.Column("covers_below", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.drop_constraint(op.f("uq_membership_account_id_organisation_id"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_membership_account_id_organisation_id_role"), ["account_id", "organisation_id", "role"]
        )
    op.create_index(op.f("ix_membership_organisation_id"), "membership", ["organisation_id"])
    with op.batch_alter_table("organisation") as table:
        table.add_column(sa.Column("kind", sa.String(length=20), server_default="service", nullable=False))
        table.add_column(sa.Column("above_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_organisation_above_id"), "organisation", ["above_id"], ["id"])
    op.create_index(op.f("ix_organisation_above_id"), "organisation", ["above_id"])
    op.create_index(op.f("ix_award_awarded_by_id_awarded_at"), "award", ["awarded_by_id", "awarded_at"])
