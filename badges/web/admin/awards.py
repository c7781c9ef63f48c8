"""Awards: found in a list, looked at one by one, their mail sent again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from badges.services.correcting import is_renewable
from badges.services.notices import last_award_mail, resend_award_mail
from badges.services.revocation import reason_wording
from badges.standards.plain_text import strip_controls
from badges.storage.queries.awards import search_awards
from badges.storage.records import UNDELIVERED, AccountRecord, AwardRecord, MailState, OutboxMailRecord
from badges.vocab.people import Permission
from badges.web.admin.scope import award_in_scope, award_scope
from badges.web.admin.views import MAIL_STATES, award_rows, award_state, recipient_text
from badges.web.current import call_worker, grants, installation, service, write
from badges.web.paging import page_asked_for, pagination
from badges.web.public.views import evidence_views
from badges.web.templating import notice
from badges.wording import Wording, say


def awards() -> str:
    """GET /admin/awards?q=words&page=2&mail=failed."""
    words = strip_controls(request.args.get("q", "")[:200])
    mail = "failed" if request.args.get("mail") == "failed" else ""
    with service().database.read() as session:
        page = search_awards(
            session,
            award_scope(),
            words=words,
            mail_failed=bool(mail),
            page=page_asked_for(),
        )
        return render_template(
            "admin/awards.html",
            awards=award_rows(page),
            query=words,
            filters=[
                {"text": say("All"), "url": url_for("admin.awards", q=words or None), "current": not mail},
                {
                    "text": say("Mail not delivered"),
                    "url": url_for("admin.awards", q=words or None, mail="failed"),
                    "current": bool(mail),
                },
            ],
            total=page.total,
            is_cut=page.is_cut,
            pagination=pagination(page, "admin.awards", q=words, mail=mail),
        )


def award_detail(award_id: UUID) -> str:
    """GET /admin/awards/<uuid>."""
    with service().database.read() as session:
        award = award_in_scope(session, award_id, Permission.AWARD)
        return render_template("admin/award_detail.html", award=_detail_view(session, award))


def resend(award_id: UUID) -> Response:
    """POST /admin/awards/<uuid>/resend: queues the mail once more."""
    with write() as session:
        resend_award_mail(session, installation(), award_in_scope(session, award_id, Permission.AWARD))
    call_worker()
    notice(say("The mail is on its way again."))
    return redirect(url_for("admin.award_detail", award_id=award_id), 303)


def _detail_view(session: Session, award: AwardRecord) -> dict[str, Any]:
    addresses = installation().addresses
    version = award.achievement_version
    by = session.get(AccountRecord, award.awarded_by_id) if award.awarded_by_id else None

    def url(name: str) -> str:
        return addresses.url(name, award_id=award.id)

    return {
        "recipient": recipient_text(award),
        "name": award.name,
        "email": award.person.email if award.person else "",
        "state": award_state(award),
        "badge_name": version.name,
        "image_url": addresses.path("credential_svg", award_id=award.id),
        "image_alt": version.image_alt,
        "awarded_at": award.awarded_at,
        "awarded_by": by.email if by else "",
        "expires_on": award.valid_until,
        "evidence": evidence_views(award),
        "withdrawn_at": award.revoked_at,
        "withdrawn_reason": reason_wording(award),
        "withdrawn_note": award.revocation_note,
        "page_url": addresses.path("credential", award_id=award.id),
        "page_on": not award.is_private,
        "withdraw_url": url_for("admin.withdraw", award_id=award.id) if _may_withdraw(award) else None,
        "correct_url": url_for("admin.correct", award_id=award.id) if award.revoked_at is None else None,
        "renew_url": url_for("admin.renew", award_id=award.id) if is_renewable(installation(), award) else None,
        "resend_url": url_for("admin.resend", award_id=award.id) if award.person and not award.revoked_at else None,
        "mail": _mail_view(last_award_mail(session, award)),
        "technical": {
            "credential_url": url("credential"),
            "json_url": url("credential_json"),
            "ob2_url": url("ob2_assertion"),
            "png_url": url("credential_png"),
            "svg_url": url("credential_svg"),
            "status_list_url": addresses.url("status_list", number=award.status_list_number),
            "status_index": award.status_index,
        },
    }


def _may_withdraw(award: AwardRecord) -> bool:
    return award.revoked_at is None and grants().allows(Permission.REVOKE, award.organisation_id)


def _mail_view(mail: OutboxMailRecord | None) -> dict[str, Any]:
    if mail is None:
        return {"state": "none", "at": None, "message": None}
    return {"state": MAIL_STATES[mail.state], "at": mail.sent_at, "message": mail_message(mail)}


def mail_message(mail: OutboxMailRecord) -> Wording | None:
    """Return what is the matter with a mail, or None when nothing is."""
    if mail.state in UNDELIVERED:
        return say(
            "It could not be delivered: %(problem)s Check the address, then send it again.",
            problem=mail.problem,
        )
    if mail.state == MailState.DROPPED:
        return say("It was not sent: the badge was withdrawn before.")
    if mail.problem:
        return say("Not taken yet: %(problem)s We try again by ourselves.", problem=mail.problem)
    return None
