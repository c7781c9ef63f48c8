"""What to do next, and what just happened."""

from __future__ import annotations

from flask import render_template

from badges.storage.queries.awards import AwardScope, count_awards, search_awards
from badges.vocab.people import Permission
from badges.web.admin.scope import award_scope, organisation_ids
from badges.web.admin.views import award_rows, awardable
from badges.web.current import grants, installation, require_viewer, service

_ROWS = 10


def dashboard() -> str:
    """GET /admin."""
    scope = award_scope()
    month = installation().clock().replace(day=1, hour=0, minute=0, second=0)
    with service().database.read() as session:
        counts = count_awards(session, scope, month)
        numbers = count_awards(session, AwardScope(organisation_ids(Permission.READ_NUMBERS)), month)
        own = [each.organisation for each in require_viewer().memberships]
        return render_template(
            "admin/dashboard.html",
            classes=awardable(session),
            recent_awards=award_rows(search_awards(session, scope, size=_ROWS)),
            numbers={"awards": numbers.awards, "this_month": numbers.recent, "withdrawn": numbers.withdrawn},
            unfinished=[
                {"name": each.name, "slug": each.slug}
                for each in {one.id: one for one in own if not one.is_set_up}.values()
                if grants().allows(Permission.MANAGE_ORGANISATION, each.id)
            ],
            counts={
                "awards": counts.awards,
                "this_month": counts.recent,
                "withdrawn": counts.withdrawn,
                "mails_failed": counts.mails_failed,
            },
        )
