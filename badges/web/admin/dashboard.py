"""What to do next, and what just happened."""

from __future__ import annotations

from flask import render_template

from badges.storage.queries.awards import count_awards, search_awards
from badges.web.admin.scope import award_scope
from badges.web.admin.views import award_rows, awardable
from badges.web.current import installation, service

_ROWS = 10


def dashboard() -> str:
    """GET /admin."""
    scope = award_scope()
    month = installation().clock().replace(day=1, hour=0, minute=0, second=0)
    with service().database.read() as session:
        counts = count_awards(session, scope, month)
        return render_template(
            "admin/dashboard.html",
            classes=awardable(session),
            recent_awards=award_rows(search_awards(session, scope, size=_ROWS)),
            counts={
                "awards": counts.awards,
                "this_month": counts.recent,
                "withdrawn": counts.withdrawn,
                "mails_failed": counts.mails_failed,
            },
        )
