"""The badges that an organisation can award."""

from __future__ import annotations

from flask import render_template, url_for

from badges.services.achievements import list_newest_versions
from badges.storage.queries.awards import count_by_achievement, search_awards
from badges.vocab.people import Permission
from badges.web.admin.scope import award_scope, organisation_ids, version_in_scope
from badges.web.admin.views import admin_class_view, award_rows
from badges.web.current import service

_ROWS = 10


def achievements() -> str:
    """GET /admin/badges."""
    ids = organisation_ids(Permission.READ_CLASSES)
    with service().database.read() as session:
        counts = count_by_achievement(session, ids)
        classes = []
        for organisation_id in ids:
            for version in list_newest_versions(session, organisation_id):
                view = admin_class_view(version)
                count = counts.get(version.achievement_id, 0)
                classes.append(view | {"url": view["admin_url"], "awards_count": count})
    return render_template("admin/achievements.html", classes=classes)


def achievement(organisation: str, achievement: str) -> str:
    """GET /admin/badges/<organisation>/<slug>."""
    with service().database.read() as session:
        version = version_in_scope(session, organisation, achievement, Permission.READ_CLASSES)
        page = search_awards(
            session,
            award_scope(),
            achievement_id=version.achievement_id,
            size=_ROWS,
        )
        view = admin_class_view(version, with_page=True)
        view |= {
            "public_url": view["url"],
            "awards_count": page.total,
            "awards_url": url_for("admin.awards", q=version.name) if page.total > _ROWS else None,
        }
        return render_template("admin/achievement.html", achievement=view, recent_awards=award_rows(page))
