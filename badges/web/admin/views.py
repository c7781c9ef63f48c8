"""What admin pages show of our records."""

from __future__ import annotations

from flask import url_for
from sqlalchemy.orm import Session

from badges.services.achievements import list_newest_versions
from badges.storage.queries.awards import AwardPage, last_awarded
from badges.storage.records import AchievementVersionRecord, AwardRecord
from badges.vocab.people import Permission
from badges.web.admin.scope import organisation_ids
from badges.web.current import installation
from badges.web.public.views import View, class_page_view, class_view
from badges.web.templating import translate
from badges.wording import say

# The words that the templates know, for the states that rows have.
MAIL_STATES = {"waiting": "queued", "sent": "sent", "refused": "failed", "bounced": "failed", "dropped": "none"}


def awardable(session: Session) -> list[View]:
    """Return the classes that the viewer may award, those awarded last first."""
    ids = organisation_ids(Permission.AWARD)
    recent = last_awarded(session, ids)
    versions = list_newest_versions(session, ids)
    awarded = sorted(
        (version for version in versions if version.achievement_id in recent),
        key=lambda version: recent[version.achievement_id],
        reverse=True,
    )
    return [admin_class_view(version) for version in awarded + [v for v in versions if v.achievement_id not in recent]]


def admin_class_view(version: AchievementVersionRecord, *, with_page: bool = False) -> View:
    """Return a class with the admin's links. with_page: also what only its own page shows."""
    view = (
        class_page_view(version, installation().addresses)
        if with_page
        else class_view(version, installation().addresses)
    )
    places = {"organisation": view["organisation_slug"], "achievement": view["slug"]}
    return view | {
        "award_url": url_for("admin.award_one", **places),
        "admin_url": url_for("admin.achievement", **places),
    }


def award_rows(page: AwardPage) -> list[View]:
    """Return the rows of a list of awards."""
    return [award_row(award, page.mail_states.get(award.id)) for award in page.awards]


def award_row(award: AwardRecord, mail_state: str | None) -> View:
    """Return one row. mail_state: of its newest mail, None when there is none."""
    return {
        "url": url_for("admin.award_detail", award_id=award.id),
        "recipient": recipient_text(award),
        "badge_name": award.achievement_version.name,
        "awarded_at": award.awarded_at,
        "state": award_state(award),
        "mail_state": MAIL_STATES.get(mail_state or "", "none"),
    }


def award_state(award: AwardRecord) -> str:
    """Return withdrawn, expired or valid, by the record: lists show many, and pages verify."""
    if award.revoked_at is not None:
        return "withdrawn"
    if award.valid_until is not None and award.valid_until < installation().clock():
        return "expired"
    return "valid"


def recipient_text(award: AwardRecord) -> str:
    """Return by what an admin knows the recipient."""
    known = award.name or (award.person.email if award.person else "")
    return known or translate(say("No name (%(number)s)", number=str(award.id)[:8]))
