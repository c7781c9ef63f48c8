"""When badges end, for the reminders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_index(
        "ix_award_ending",
        "award",
        ["valid_until"],
        sqlite_where=sa.text("valid_until IS NOT NULL AND revoked_at IS NULL"),
        postgresql_where=sa.text("valid_until IS NOT NULL AND revoked_at IS NULL"),
    )
