"""Keys of the service itself, compromised keys, and the ledger of what was signed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import badges.storage.types

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("signing_key", schema=None) as batch_op:
        batch_op.alter_column("organisation_id", existing_type=sa.Integer(), nullable=True)
        batch_op.alter_column(
            "state", existing_type=sa.String(length=10), type_=sa.String(length=20), existing_nullable=False
        )
        batch_op.add_column(
            sa.Column("compromised_since", badges.storage.types.UtcDateTime(timezone=True), nullable=True)
        )

    op.create_table(
        "ledger_entry",
        sa.Column("signing_key_id", sa.String(length=40), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["signing_key_id"], ["signing_key.id"], name=op.f("fk_ledger_entry_signing_key_id")),
        sa.PrimaryKeyConstraint("signing_key_id", "hash", name=op.f("pk_ledger_entry")),
    )
