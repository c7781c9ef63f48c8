"""Names of organisations as they are compared, and documents that the service signs in its own name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from badges.standards.issuer_list import plain_name
from badges.storage.types import UtcDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    with op.batch_alter_table("organisation") as table:
        table.add_column(sa.Column("name_key", sa.String(length=400), server_default=sa.text("''"), nullable=False))
    op.create_index(op.f("ix_organisation_name_key"), "organisation", ["name_key"])
    organisation = sa.table(
        "organisation", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("name_key")
    )
    connection = op.get_bind()
    for number, name in connection.execute(sa.select(organisation.c.id, organisation.c.name)).all():
        key = plain_name(name)[:400]
        connection.execute(organisation.update().where(organisation.c.id == number).values(name_key=key))
    op.create_table(
        "service_document",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("signed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_service_document")),
    )
