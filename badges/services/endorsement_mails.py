"""The mails about requests for endorsements."""

from __future__ import annotations

from email.message import EmailMessage

from sqlalchemy.orm import Session

from badges.errors import NotFoundError
from badges.rendering.mail import MailTexts
from badges.services.context import Installation
from badges.services.endorsement_asking import LIFETIME, endorse_code, endorse_url, endorsed_of, is_open
from badges.services.mail_message import message_of, sender_of
from badges.storage.records import (
    AccountRecord,
    EndorsementRequestRecord,
    Notice,
    OutboxMailRecord,
)


def endorsement_mail(
    session: Session, installation: Installation, texts: MailTexts, mail: OutboxMailRecord
) -> EmailMessage | None:
    """Return the mail; None when it would not be true any more, or there is nobody to write to."""
    record = session.get(EndorsementRequestRecord, mail.endorsement_request_id)
    if record is None or not record.email:
        return None
    try:
        name = endorsed_of(session, installation, record).name
    except NotFoundError:
        return None
    made = record.endorsement
    context = {
        "organisation": record.organisation.name,
        "about": name,
        "endorser": made.organisation.name if made else record.endorser_name,
        "link": endorse_url(installation, record),
        "code": endorse_code(installation, record),
        "message": record.message or None,
        "days": LIFETIME.days,
        "comment": made.comment if made else None,
        "note": record.decline_note or None,
        "answer": _answer(record),
        "page": installation.addresses.url("endorsement", endorsement_id=made.id) if made else None,
    }
    recipient = record.email
    if mail.notice == Notice.ENDORSEMENT_ANSWERED:
        asker = session.get(AccountRecord, record.asked_by_id) if record.asked_by_id else None
        recipient = asker.email if asker else record.organisation.email
        if not recipient:
            return None
    elif mail.notice == Notice.ENDORSEMENT_ASKED and not is_open(record, installation):
        return None
    text = texts.render(mail.notice, context)
    return message_of(
        installation, mail, recipient, text.subject, text.text, text.html, **sender_of(record.organisation)
    )


def _answer(record: EndorsementRequestRecord) -> str:
    """Return given, declined or withdrawn."""
    if record.endorsement is None:
        return "declined"
    return "withdrawn" if record.endorsement.revoked_at else "given"
