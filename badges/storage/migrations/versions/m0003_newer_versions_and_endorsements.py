"""Newer versions of credentials, endorsements, and more that a class, an award and an organisation can say."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import badges.storage.types

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    # Columns that may be empty are added in place, without making a large table anew.
    for table, names in (
        ("award", ("results", "source")),
        ("achievement_version", ("result_descriptions", "related", "other_identifiers", "creator")),
        ("organisation", ("parent", "other_identifiers")),
    ):
        for name in names:
            op.add_column(table, sa.Column(name, sa.JSON(none_as_null=True), nullable=True))
    op.add_column("award", sa.Column("ob2_signed_id", sa.Uuid(), nullable=True))
    _create_superseded()
    _create_endorsement()


def _create_superseded() -> None:
    op.create_table(
        "superseded_credential",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", badges.storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("status_list_number", sa.Integer(), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("ob2_signed_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("superseded_at", badges.storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_superseded_credential_award_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_superseded_credential_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["status_list_number"], ["status_list.number"], name=op.f("fk_superseded_credential_status_list_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_superseded_credential")),
        sa.UniqueConstraint("award_id", "valid_from", name=op.f("uq_superseded_credential_award_id_valid_from")),
        sa.UniqueConstraint(
            "status_list_number",
            "status_index",
            name=op.f("uq_superseded_credential_status_list_number_status_index"),
        ),
    )
    op.create_index(
        op.f("ix_superseded_credential_organisation_id"), "superseded_credential", ["organisation_id"], unique=False
    )
    op.create_table(
        "superseded_text",
        sa.Column("superseded_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("signing_key_id", sa.String(length=40), nullable=True),
        sa.Column("created_at", badges.storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["superseded_id"], ["superseded_credential.id"], name=op.f("fk_superseded_text_superseded_id")
        ),
        sa.ForeignKeyConstraint(["signing_key_id"], ["signing_key.id"], name=op.f("fk_superseded_text_signing_key_id")),
        sa.PrimaryKeyConstraint("superseded_id", "form", name=op.f("pk_superseded_text")),
    )


def _create_endorsement() -> None:
    op.create_table(
        "endorsement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("endorsed_id", sa.String(length=500), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("valid_from", badges.storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("status_list_number", sa.Integer(), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("signing_key_id", sa.String(length=40), nullable=False),
        sa.Column("endorsed_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", badges.storage.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("revocation_reason", sa.String(length=40), nullable=True),
        sa.Column("revocation_note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_endorsement_organisation_id")),
        sa.ForeignKeyConstraint(
            ["status_list_number"], ["status_list.number"], name=op.f("fk_endorsement_status_list_number")
        ),
        sa.ForeignKeyConstraint(["signing_key_id"], ["signing_key.id"], name=op.f("fk_endorsement_signing_key_id")),
        sa.ForeignKeyConstraint(["endorsed_by_id"], ["account.id"], name=op.f("fk_endorsement_endorsed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsement")),
        sa.UniqueConstraint(
            "status_list_number", "status_index", name=op.f("uq_endorsement_status_list_number_status_index")
        ),
    )
    op.create_index(
        "uq_endorsement_standing",
        "endorsement",
        ["endorsed_id", "organisation_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_index(
        "ix_endorsement_revoked",
        "endorsement",
        ["status_list_number"],
        unique=False,
        sqlite_where=sa.text("revoked_at IS NOT NULL"),
        postgresql_where=sa.text("revoked_at IS NOT NULL"),
    )
