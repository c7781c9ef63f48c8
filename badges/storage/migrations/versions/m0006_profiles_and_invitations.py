"""What an organisation says about itself, and invitations to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from badges.storage.types import UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    texts = {"contact_name": 200, "ask_url": 500, "sender_name": 100, "reply_to": 254, "colour": 7, "logo_mark": 16}
    with op.batch_alter_table("organisation") as table:
        for name, length in texts.items():
            table.add_column(sa.Column(name, sa.String(length=length), server_default=sa.text("''"), nullable=False))
        table.add_column(sa.Column("offer", sa.Text(), server_default=sa.text("''"), nullable=False))
        table.add_column(sa.Column("logo_png", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("is_set_up", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("merged_at", UtcDateTime(timezone=True), nullable=True))
        table.create_foreign_key(op.f("fk_organisation_merged_into_id"), "organisation", ["merged_into_id"], ["id"])
    op.create_index(op.f("ix_organisation_merged_into_id"), "organisation", ["merged_into_id"])
    # Those that are there were set up from the shell.
    op.execute("UPDATE organisation SET is_set_up = true")
    _create_invitation()
    with op.batch_alter_table("outbox_mail") as table:
        table.add_column(sa.Column("invitation_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f("fk_outbox_mail_invitation_id"), "invitation", ["invitation_id"], ["id"])
    op.create_index(op.f("ix_outbox_mail_invitation_id"), "outbox_mail", ["invitation_id"])


def _create_invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("covers_below", sa.Boolean(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_invitation_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_organisation_id_created_at"), "invitation", ["organisation_id", "created_at"])
    op.create_index(op.f("ix_invitation_expires_at"), "invitation", ["expires_at"])
