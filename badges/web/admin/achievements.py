"""The badges of the organisations that the viewer looks after: the list, and one of them."""

from __future__ import annotations

from flask import Response, render_template, request, url_for
from sqlalchemy.orm import Session

from badges.errors import NotFoundError
from badges.services.class_content import content_of
from badges.services.classes import find_draft, newest_of
from badges.services.own_documents import SVG, OwnDocument
from badges.services.pack_adopting import adoptions_with_news
from badges.storage.queries.achievements import ClassState, search_classes, state_of
from badges.storage.queries.awards import count_by_achievement, search_awards
from badges.storage.queries.organisations import list_by_ids
from badges.storage.records import AchievementRecord, PackRecord
from badges.vocab.class_content import LICENCE_WORDING
from badges.vocab.people import Permission
from badges.web.admin.scope import award_scope, class_homes, class_in_scope, organisation_ids
from badges.web.admin.views import admin_class_view, award_rows
from badges.web.current import grants, service
from badges.web.documents import answer
from badges.web.paging import page_asked_for, pagination
from badges.web.public.views import View, credit_view

_ROWS = 10
# An owner of more finds the packs on the page of each organisation.
_HOMES = 5


def achievements() -> str:
    """GET /admin/badges?q=&page=: all of them, with where each is in its life."""
    ids = organisation_ids(Permission.READ_CLASSES)
    words = request.args.get("q", "").strip()[:100]
    with service().database.read() as session:
        page = search_classes(session, ids, words=words, page=page_asked_for())
        counts = count_by_achievement(session, ids, [each.achievement_id for each in page.found])
        rows = [
            admin_class_view(version)
            | {
                "awards_count": counts.get(version.achievement_id, 0),
                "organisation": version.achievement.organisation.name,
                "state": state_of(version.achievement),
                "has_draft": version.achievement_id in page.drafted,
                "may_award": grants().allows(Permission.AWARD, version.achievement.organisation_id)
                and state_of(version.achievement) is ClassState.PUBLISHED,
            }
            for version in page.found
        ]
        may_edit = organisation_ids(Permission.EDIT_CLASSES)
        homes = class_homes(session)[:_HOMES]
        news = [_news_view(session, each.organisation_id, each.pack) for each in adoptions_with_news(session, may_edit)]
    return render_template(
        "admin/achievements.html",
        classes=rows,
        query=words,
        total=page.total,
        several=len(ids) > 1,
        may_edit=bool(may_edit),
        packs=[{"name": each.name, "url": url_for("admin.packs", organisation=each.slug)} for each in homes],
        news=news,
        pagination=pagination(page, "admin.achievements", q=words),
    )


def _news_view(session: Session, organisation_id: int, pack: PackRecord) -> View:
    organisation = list_by_ids(session, [organisation_id])[0]
    return {
        "pack": pack.name,
        "organisation": organisation.name,
        "url": url_for("admin.pack_update", organisation=organisation.slug, pack=pack.address),
    }


def achievement(organisation: str, achievement: str) -> str:
    """GET /admin/badges/<organisation>/<slug>: one of them, and what can be done with it."""
    with service().database.read() as session:
        found = class_in_scope(session, organisation, achievement, Permission.READ_CLASSES)
        draft, newest = find_draft(session, found), newest_of(session, found)
        version = newest or draft
        assert version is not None, "a class has a version from its first moment"
        page = search_awards(session, award_scope(), achievement_id=found.id, size=_ROWS)
        view = admin_class_view(version, with_page=True)
        view |= {
            "public_url": view["url"] if newest else None,
            "awards_count": page.total,
            "awards_url": url_for("admin.awards", q=version.name) if page.total > _ROWS else None,
            "state": state_of(found),
            "has_draft": newest is not None and draft is not None,
            "local_note": version.local_note,
            "first_question": version.first_question,
            "mail_text": version.mail_text,
            "licence": LICENCE_WORDING[content_of(version).licence],
            "credit": credit_view(version),
            "pack": _pack_view(session, found),
        }
        may_edit = grants().allows(Permission.EDIT_CLASSES, found.organisation_id)
        return render_template(
            "admin/achievement.html",
            achievement=view,
            recent_awards=award_rows(page),
            may_edit=may_edit,
            may_award=grants().allows(Permission.AWARD, found.organisation_id),
            places={"organisation": organisation, "achievement": achievement},
        )


def _pack_view(session: Session, found: AchievementRecord) -> View | None:
    pack = session.get(PackRecord, found.pack_id) if found.pack_id else None
    return {"name": pack.name, "url": url_for("public.pack", pack=pack.address)} if pack else None


def class_picture(organisation: str, achievement: str, version: int) -> Response:
    """GET /admin/badges/<organisation>/<slug>/<version>.svg: the picture of any version, drafts too."""
    with service().database.read() as session:
        found = class_in_scope(session, organisation, achievement, Permission.READ_CLASSES)
        for each in (find_draft(session, found), newest_of(session, found)):
            if each is not None and each.version == version:
                return answer(OwnDocument(each.image_svg.encode(), SVG))
    raise NotFoundError("There is no page at this address.")
