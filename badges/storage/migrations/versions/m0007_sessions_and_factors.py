"""Sessions that can be listed and ended, second factors, passkeys, and organisations' own sign-in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from badges.storage.types import UtcDateTime

revision = "0007"
down_revision = "0006"


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime(timezone=True), nullable=nullable)


def _account(table: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    key = sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f(f"fk_{table}_account_id"))
    return sa.Column("account_id", sa.Integer(), nullable=False), key


def upgrade() -> None:
    with op.batch_alter_table("account") as table:
        table.drop_constraint(op.f("uq_account_session_key"), type_="unique")
        table.drop_column("session_key")
        table.add_column(sa.Column("totp_secret", sa.Text(), nullable=True))
        table.add_column(sa.Column("totp_last_step", sa.BigInteger(), server_default="0", nullable=False))
    with op.batch_alter_table("organisation") as table:
        table.add_column(sa.Column("requires_second_factor", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "session",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_account("session"),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("has_second", sa.Boolean(), nullable=False),
        sa.Column("browser", sa.String(length=100), nullable=False),
        _moment("begun_at"),
        _moment("seen_at"),
        _moment("proven_at"),
        _moment("expires_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_session_secret_hash")),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        *_account("passkey"),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        _moment("created_at"),
        _moment("used_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        *_account("recovery_code"),
        sa.Column("digest", sa.String(length=64), nullable=False),
        _moment("used_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "provider",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("client_id", sa.String(length=200), nullable=False),
        sa.Column("client_secret", sa.Text(), nullable=False),
        sa.Column("domains", sa.JSON(), nullable=False),
        sa.Column("vouches", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_provider_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_provider_organisation_id")),
    )
    op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), nullable=False),
        *_account("identity"),
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        _moment("linked_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identity_issuer_subject")),
    )
    for name in ("session", "passkey", "recovery_code", "identity"):
        op.create_index(op.f(f"ix_{name}_account_id"), name, ["account_id"])
    op.create_index(op.f("ix_session_expires_at"), "session", ["expires_at"])
