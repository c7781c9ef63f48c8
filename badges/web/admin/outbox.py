"""The outbox: every mail about an award, with what became of it."""

from __future__ import annotations

from typing import Any, Final

from flask import render_template, request, url_for

from badges.storage.queries.mails import MOST_COUNTED, count_mails, list_mails
from badges.storage.records import UNDELIVERED, AwardRecord, MailState, Notice, OutboxMailRecord
from badges.web.admin.awards import mail_message
from badges.web.admin.scope import award_scope
from badges.web.admin.views import recipient_text
from badges.web.current import service
from badges.web.paging import page_asked_for, pagination
from badges.wording import Wording, say

_STATES: Final[dict[MailState, Wording]] = {
    MailState.WAITING: say("Waiting"),
    MailState.REFUSED: say("Refused"),
    MailState.BOUNCED: say("Came back"),
    MailState.SENT: say("Sent"),
}
_NOTICES: Final[dict[str, Wording]] = {
    Notice.BADGE_AWARDED: say("Your badge"),
    Notice.BADGE_REISSUED: say("A newer version"),
    Notice.BADGE_WITHDRAWN: say("Withdrawn"),
    Notice.BADGE_ENDING: say("Ends soon"),
}


def outbox() -> str:
    """GET /admin/outbox?state=refused&page=2."""
    asked = request.args.get("state", "")
    with service().database.read() as session:
        scope = award_scope()
        counts = {state: count_mails(session, scope, state) for state in _STATES}
        state = MailState(asked) if asked in _STATES else MailState.WAITING
        if asked not in _STATES and not counts[state]:
            state = next((each for each in UNDELIVERED if counts[each]), MailState.SENT)
        page = list_mails(session, scope, state, page=page_asked_for())
        return render_template(
            "admin/outbox.html",
            mails=[_row(mail, award) for mail, award in page.mails],
            filters=[
                {
                    "text": say("%(state)s %(count)s", state=_STATES[each], count=_count(counts[each])),
                    "url": url_for("admin.outbox", state=each.value),
                    "current": each is state,
                }
                for each in _STATES
            ],
            pagination=pagination(page, "admin.outbox", state=state.value),
        )


def _count(number: int) -> str:
    return f"{MOST_COUNTED:,}+" if number >= MOST_COUNTED else f"{number:,}"


def _row(mail: OutboxMailRecord, award: AwardRecord) -> dict[str, Any]:
    can_resend = mail.state in (MailState.SENT, *UNDELIVERED) and award.person_id and not award.revoked_at
    return {
        "recipient": recipient_text(award),
        "email": award.person.email if award.person else "",
        "url": url_for("admin.award_detail", award_id=award.id),
        "badge_name": award.achievement_version.name,
        "kind": _NOTICES.get(mail.notice, say("Mail")),
        "at": mail.sent_at or mail.created_at,
        "message": mail_message(mail),
        "resend_url": url_for("admin.resend", award_id=award.id) if can_resend else None,
    }
