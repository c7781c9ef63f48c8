"""Badge classes with drafts and an end, and packs of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from badges.storage.types import UtcDateTime

revision = "0008"
down_revision = "0007"

_EMPTY = sa.text("''")


def upgrade() -> None:
    _create_packs()
    with op.batch_alter_table("achievement") as table:
        table.add_column(sa.Column("retired_at", UtcDateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("pack_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("pack_class", sa.String(length=60), server_default=_EMPTY, nullable=False))
        table.create_foreign_key(op.f("fk_achievement_pack_id"), "pack", ["pack_id"], ["id"])
    op.create_index(op.f("ix_achievement_pack_id"), "achievement", ["pack_id"])
    with op.batch_alter_table("achievement_version") as table:
        for name in ("first_question", "mail_text", "local_note"):
            table.add_column(sa.Column(name, sa.Text(), server_default=_EMPTY, nullable=False))
        table.add_column(sa.Column("licence", sa.String(length=20), server_default=_EMPTY, nullable=False))
        table.add_column(sa.Column("credit", sa.JSON(), nullable=True))
        table.add_column(sa.Column("pack_version", sa.Integer(), nullable=True))
        table.add_column(sa.Column("art", sa.JSON(), nullable=True))
        table.add_column(sa.Column("published_at", UtcDateTime(timezone=True), nullable=True))
    # Until now a version was published when it was made.
    op.execute("UPDATE achievement_version SET published_at = created_at")


def _create_packs() -> None:
    op.create_table(
        "pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("publisher", sa.String(length=500), nullable=False),
        sa.Column("publisher_name", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("newest_version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_pack_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack")),
        sa.UniqueConstraint("address", name=op.f("uq_pack_address")),
        sa.UniqueConstraint("publisher", "slug", name=op.f("uq_pack_publisher_slug")),
    )
    op.create_index(op.f("ix_pack_organisation_id"), "pack", ["organisation_id"])
    op.create_table(
        "pack_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("pictures", sa.JSON(), nullable=False),
        sa.Column("issued_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_pack_version_pack_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_version")),
        sa.UniqueConstraint("pack_id", "version", name=op.f("uq_pack_version_pack_id_version")),
    )
    op.create_table(
        "pack_adoption",
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("adopted_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_pack_adoption_pack_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_pack_adoption_organisation_id")
        ),
        sa.PrimaryKeyConstraint("pack_id", "organisation_id", name=op.f("pk_pack_adoption")),
    )
    op.create_index(op.f("ix_pack_adoption_organisation_id"), "pack_adoption", ["organisation_id"])
