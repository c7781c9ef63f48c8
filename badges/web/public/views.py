"""What public pages show of our own records."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from badges.addresses import Addresses
from badges.services.achievements import achievement_of
from badges.services.endorsement_values import list_standing
from badges.services.organisations import profile_of
from badges.services.own_badges import verify_own_endorsement
from badges.storage.records import AchievementVersionRecord, AwardRecord, OrganisationRecord
from badges.verifying.report import Verdict
from badges.vocab.class_content import LICENCE_URLS, LICENCE_WORDING, Licence
from badges.web.current import installation
from badges.web.markdown import to_html
from badges.wording import Wording, say

View = dict[str, Any]


def class_view(version: AchievementVersionRecord, addresses: Addresses) -> View:
    """Return one version of a class, for pages and galleries."""
    achievement = version.achievement
    organisation = achievement.organisation
    places: View = {"organisation": organisation.slug, "achievement": achievement.slug, "version": version.version}
    value = achievement_of(version, addresses)
    return {
        "name": version.name,
        "slug": achievement.slug,
        "organisation_slug": organisation.slug,
        "version": version.version,
        "description": version.description,
        "audience": version.who_can_earn or version.audience,
        "how_to_earn": version.how_to_earn,
        "tags": version.tags,
        "alignments": value.alignments,
        "image_url": addresses.path("achievement_svg", **places)
        if version.published_at
        else url_for("admin.class_picture", **places),
        "image_alt": version.image_alt,
        "url": addresses.path("achievement", **places),
        "json_url": addresses.url("achievement_json", **places),
        "validity": validity_sentence(version.validity_months),
        "is_newest": version.version == achievement.newest_version,
        "newest_url": addresses.path(
            "achievement_newest", organisation=organisation.slug, achievement=achievement.slug
        ),
    }


def class_page_view(version: AchievementVersionRecord, addresses: Addresses) -> View:
    """Return one version of a class with what only its own page shows."""
    licence = Licence(version.licence)
    places: View = {"organisation": version.achievement.organisation.slug, "achievement": version.achievement.slug}
    return class_view(version, addresses) | {
        "criteria_html": to_html(achievement_of(version, addresses).criteria),
        "published_at": version.published_at,
        "is_retired": version.achievement.retired_at is not None,
        "credit": credit_view(version),
        "licence": LICENCE_WORDING[licence],
        "licence_url": LICENCE_URLS[licence],
        "copy_url": url_for("admin.class_copy", **places) if licence else None,
    }


def credit_view(version: AchievementVersionRecord) -> View | None:
    """Return of whose badge a version is a copy, None for one of the organisation's own making."""
    credit = version.credit
    if not credit:
        return None
    licence = Licence(credit["licence"])
    is_page = credit["id"].startswith(("https://", "http://"))
    return {
        "name": credit["name"],
        "by": credit["by"],
        "url": credit["id"] if is_page else None,
        "licence": LICENCE_WORDING[licence] if licence else None,
        "licence_url": LICENCE_URLS[licence],
    }


def organisation_view(organisation: OrganisationRecord, addresses: Addresses) -> View:
    """Return who awards."""
    return {
        "name": organisation.name,
        "url": profile_of(organisation, addresses).url,
        "email": organisation.email,
        "website": organisation.url,
        "contact_name": organisation.contact_name,
        "description": organisation.description,
        "ask_url": organisation.ask_url,
        "page_url": addresses.path("organisation", organisation=organisation.slug),
        "successor": _successor_view(organisation, addresses),
        "image_url": f"{addresses.path('organisation_logo', organisation=organisation.slug)}?v={organisation.logo_mark}"
        if organisation.logo_mark
        else None,
        "colour_url": url_for("public.colour", organisation=organisation.slug, v=organisation.colour[1:])
        if organisation.colour
        else None,
    }


def _successor_view(organisation: OrganisationRecord, addresses: Addresses) -> View | None:
    """Return of which organisation one has become a part."""
    successor = organisation.merged_into
    if successor is None:
        return None
    return {"name": successor.name, "page_url": addresses.path("organisation", organisation=successor.slug)}


def evidence_views(award: AwardRecord) -> list[View]:
    """Return what shows a badge. Narratives are Markdown. Source: Open Badges 3.0, "Evidence"."""
    return [{**item, "narrative_html": to_html(item.get("narrative") or "")} for item in award.evidence or []]


def endorsement_views(session: Session, endorsed_id: str) -> list[View]:
    """Return who stands behind a class or an organisation: what was not withdrawn and can be confirmed."""
    ours = installation()
    return [
        {
            "by": record.organisation.name,
            "who": ", ".join(filter(None, (record.said_by_name, record.said_by_role))),
            "comment_html": to_html(record.comment),
            "url": ours.addresses.path("endorsement", endorsement_id=record.id),
        }
        for record in list_standing(session, endorsed_id)
        if verify_own_endorsement(session, ours, record).verdict is Verdict.VALID
    ]


def validity_sentence(months: int | None) -> Wording:
    """Return how long a badge counts, in words."""
    if months is None:
        return say("For ever.")
    if months % 12:
        return say("For %(months)s months.", months=months)
    if months == 12:
        return say("For one year. It can be renewed.")
    return say("For %(years)s years. It can be renewed.", years=months // 12)
