"""What to do next, and what just happened."""

from __future__ import annotations

from flask import render_template

from badges.storage.queries.awards import count_awards, search_awards
from badges.vocab.people import Permission
from badges.web.admin.scope import organisation_ids
from badges.web.admin.views import award_rows, awardable
from badges.web.current import installation, service

_ROWS = 10


def dashboard() -> str:
    """GET /admin."""
    ids = organisation_ids(Permission.READ_AWARDS)
    month = installation().clock().replace(day=1, hour=0, minute=0, second=0)
    with service().database.read() as session:
        counts = count_awards(session, ids, month)
        return render_template(
            "admin/dashboard.html",
            classes=awardable(session),
            recent_awards=award_rows(search_awards(session, ids, size=_ROWS)),
            counts={
                "awards": counts.awards,
                "this_month": counts.recent,
                "withdrawn": counts.withdrawn,
                "mails_failed": counts.mails_failed,
            },
        )
