"""The badge page: one plain sentence, then the checks, then what had to be done, then the technical details."""

from __future__ import annotations

import unicodedata
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from badges.rendering.qr import qr_svg
from badges.services.endorsement_values import standing_succession
from badges.services.own_badges import verify_own
from badges.services.results import results_in_words
from badges.services.revocation import reason_wording
from badges.storage.records import AwardRecord, OrganisationRecord
from badges.verifying.inside_words import endorsed_words, first_problem
from badges.verifying.report import CheckName, Report
from badges.web.current import installation
from badges.web.forms import Form
from badges.web.markdown import to_html
from badges.web.public.report_views import check_views, state_of
from badges.web.public.views import class_page_view, evidence_views, organisation_view
from badges.wording import Wording, say

_LONDON = ZoneInfo("Europe/London")
NO_FORM = Form()


def render_badge_page(
    session: Session,
    award: AwardRecord,
    *,
    form: Form = NO_FORM,
    holder: dict[str, Any] | None = None,
    email_result: dict[str, Any] | None = None,
) -> str:
    """Return the page of one of our badges, as anybody or its holder sees it."""
    if award.is_private and holder is None:
        return render_template("public/credential.html", badge={"state": "private"}, holder=None, form=form)
    return render_template(
        "holder/badge.html" if holder else "public/credential.html",
        badge=_badge_view(session, award),
        holder=holder,
        form=form,
        email_result=email_result,
    )


def _badge_view(session: Session, award: AwardRecord) -> dict[str, Any]:
    addresses = installation().addresses
    report = verify_own(session, installation(), award)
    state = state_of(report, installation().clock())
    achievement = class_page_view(award.achievement_version, addresses)
    name = award.page_name if award.shows_name and award.page_name else None
    name_then = (report.view.issuer.name if report.view else "") or award.organisation.name
    return {
        "state": state,
        "name": achievement["name"],
        "image_url": addresses.path("credential_svg", award_id=award.id),
        "image_alt": achievement["image_alt"],
        "sentence": _sentence(award, state, name, first_problem(report), name_then),
        "organisation": organisation_view(award.organisation, addresses),
        "name_then": name_then,
        "issuer_note": _issuer_note(award.organisation, name_then),
        "statement_url": _statement_url(session, award.organisation),
        "recipient_name": name,
        "awarded_on": award.awarded_at,
        "expires_on": award.valid_until,
        "withdrawn_reason": reason_wording(award),
        "evidence": evidence_views(award),
        "results": results_in_words(award.achievement_version, award.results),
        "source": award.source,
        "endorsements": _endorsements(report),
        "checks": check_views(report, leave_out=frozenset({CheckName.RECIPIENT})),
        "criteria_html": achievement["criteria_html"],
        "achievement_url": achievement["url"],
        "newest_url": None if achievement["is_newest"] else achievement["newest_url"],
        "alignments": achievement["alignments"],
        "email_check_url": addresses.path("credential_email", award_id=award.id) if award.identity_hash else None,
        "technical": _technical(award, report.text),
    }


def _endorsements(report: Report) -> list[dict[str, Any]]:
    """Return who else stands behind the badge: only what was confirmed."""
    confirmed = [
        (each.report.view, endorsed_words(each, report.view))
        for each in report.inside
        if each.place is CheckName.ENDORSEMENTS and not each.doubt
    ]
    return [
        {
            "by": view.issuer.name,
            "about": about,
            "comment_html": to_html(view.comment),
            "url": installation().addresses.path_of(view.id),
        }
        for view, about in confirmed
        if view is not None
    ]


def _statement_url(session: Session, organisation: OrganisationRecord) -> str | None:
    """Return where the signed statement is that an organisation is part of another."""
    addresses = installation().addresses
    if organisation.merged_into is None:
        return None
    statement = standing_succession(session, addresses.organisation_did(organisation.slug))
    return addresses.path("endorsement", endorsement_id=statement.id) if statement is not None else None


def _issuer_note(organisation: OrganisationRecord, name_then: str) -> Wording | None:
    """Return what has become of whoever awarded a badge: another name, or a part of another organisation."""
    if organisation.merged_into is not None:
        return say(
            "%(name)s is now part of %(successor)s.", name=organisation.name, successor=organisation.merged_into.name
        )
    if organisation.name != name_then:
        return say("It is called %(name)s now.", name=organisation.name)
    return None


def _sentence(award: AwardRecord, state: str, name: str | None, problem: Wording | None, name_then: str) -> Wording:
    """Return the one sentence that answers: does it count, who awarded what to whom, when.

    name_then: what the organisation was called when it awarded the badge.
    """
    values: dict[str, object] = {
        "organisation": name_then,
        "badge": award.achievement_version.name,
        "name": _isolated(name) if name else say("the holder of this badge"),
        "date": award.awarded_at.astimezone(_LONDON).date(),
    }
    if state == "valid":
        return say("Valid. %(organisation)s awarded “%(badge)s” to %(name)s on %(date)s.", **values)
    if state == "withdrawn":
        return say("Withdrawn. %(organisation)s awarded “%(badge)s” on %(date)s and has taken it back.", **values)
    if state == "expired":
        return say("Expired. %(organisation)s awarded “%(badge)s” to %(name)s on %(date)s.", **values)
    if state == "unknown":
        return say("Not certain. %(problem)s", problem=problem or "")
    return say("Not valid. %(problem)s", problem=problem or "")


def _isolated(name: str) -> str:
    """Return a name that, written from right to left, does not turn the sentence around it."""
    turns = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in name)
    return f"\u2068{name}\u2069" if turns else name


def _technical(award: AwardRecord, text: str) -> dict[str, Any]:
    addresses = installation().addresses
    page = addresses.url("credential", award_id=award.id)

    def url(name: str) -> str:
        return addresses.url(name, award_id=award.id)

    return {
        "credential_url": page,
        "json_url": url("credential_json"),
        "jwt_url": url("credential_jwt"),
        "jwt_es256_url": url("credential_jwt_es256"),
        "png_url": url("credential_png"),
        "svg_url": url("credential_svg"),
        "ob2_url": url("ob2_assertion"),
        "status_list_url": addresses.url("status_list", number=award.status_list_number),
        "did": addresses.organisation_did(award.organisation.slug),
        "key_id": text.partition('"verificationMethod":"')[2].partition('"')[0],
        "proof_type": "DataIntegrityProof, eddsa-rdfc-2022",
        "qr_svg": Markup(qr_svg(page, label="QR code of this page")),  # noqa: S704 — drawn by us from an address
    }
