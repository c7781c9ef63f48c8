"""Lines of the audit can be added, and neither changed nor deleted, unless somebody takes these triggers away."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER audit_line_no_{verb} BEFORE {verb.upper()} ON audit_line "
                "BEGIN SELECT RAISE(ABORT, 'lines of the audit are only added'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'lines of the audit are only added'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_line_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_line "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
    )
