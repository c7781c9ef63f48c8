"""The text of a queued mail, made at the moment of sending: links are computed here and kept nowhere."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID

from sqlalchemy.orm import Session

from badges.rendering.mail import MailTexts
from badges.services.achievements import achievement_of
from badges.services.award_values import find_award
from badges.services.context import Installation
from badges.services.endorsement_mails import endorsement_mail
from badges.services.holders import holder_url
from badges.services.invitations import LIFETIME, invitation_code, invitation_url
from badges.services.links import LinkPurpose
from badges.services.mail_message import message_of, sender_of
from badges.services.notices import find_mail
from badges.services.reminders import DAYS_BEFORE
from badges.services.revocation import reason_wording
from badges.services.signing_in import LINK_LIFETIME_MINUTES, sign_in_url
from badges.storage.records import (
    AccountRecord,
    AwardRecord,
    InvitationRecord,
    Notice,
    OutboxMailRecord,
    SignInLinkRecord,
)
from badges.vocab.people import ROLE_MEANING, ROLE_WORDING, Role


def compose_mail(session: Session, installation: Installation, texts: MailTexts, mail_id: UUID) -> EmailMessage | None:
    """Return the mail, ready to hand over; None when there is nobody to write to, or it would not be true any more."""
    mail = find_mail(session, mail_id)
    if mail.sign_in_link_id is not None:
        return _sign_in_mail(session, installation, texts, mail)
    if mail.invitation_id is not None:
        return _invitation_mail(session, installation, texts, mail)
    if mail.endorsement_request_id is not None:
        return endorsement_mail(session, installation, texts, mail)
    award = find_award(session, mail.award_id) if mail.award_id else None
    if award is None or award.person is None:
        return None
    if mail.notice != Notice.BADGE_WITHDRAWN and award.revoked_at is not None:
        return None
    context = _award_context(installation, award)
    if mail.notice == Notice.BADGE_ENDING:
        left = award.valid_until - installation.clock() if award.valid_until else None
        if award.valid_until is None or left is None or not timedelta(0) < left <= timedelta(days=max(DAYS_BEFORE)):
            return None  # it was renewed meanwhile, or is over
        context["ends_on"] = award.valid_until.strftime("%d %B %Y").lstrip("0")
    text = texts.render(mail.notice, context)
    return message_of(
        installation,
        mail,
        award.person.email,
        text.subject,
        text.text,
        text.html,
        **sender_of(award.organisation),
    )


def _award_context(installation: Installation, award: AwardRecord) -> dict[str, object]:
    achievement = achievement_of(award.achievement_version, installation.addresses)
    return {
        "person_name": award.name or None,
        "badge": {
            "name": achievement.name,
            "description": achievement.description,
            "image_url": achievement.image.url,
            "image_alt": achievement.image.caption,
        },
        "organisation": {"name": award.organisation.name, "email": award.organisation.email},
        "link": holder_url(installation, award),
        "message": next((evidence["narrative"] for evidence in award.evidence), None) or None,
        "class_text": award.achievement_version.mail_text or None,
        "reason": reason_wording(award),
    }


def _invitation_mail(
    session: Session, installation: Installation, texts: MailTexts, mail: OutboxMailRecord
) -> EmailMessage | None:
    record = session.get(InvitationRecord, mail.invitation_id)
    if record is None or record.accepted_at or record.withdrawn_at or record.expires_at <= installation.clock():
        return None
    inviter = session.get(AccountRecord, record.invited_by_id) if record.invited_by_id else None
    text = texts.render(
        Notice.INVITATION,
        {
            "link": invitation_url(installation, record),
            "code": invitation_code(installation, record),
            "organisation": record.organisation.name,
            "roles": [ROLE_WORDING[Role(role)] for role in record.roles],
            "meanings": [ROLE_MEANING[Role(role)] for role in record.roles],
            "inviter": inviter.email if inviter else "",
            "days": LIFETIME.days,
        },
    )
    return message_of(
        installation, mail, record.email, text.subject, text.text, text.html, **sender_of(record.organisation)
    )


def _sign_in_mail(
    session: Session, installation: Installation, texts: MailTexts, mail: OutboxMailRecord
) -> EmailMessage | None:
    link = session.get(SignInLinkRecord, mail.sign_in_link_id)
    if link is None or link.used_at is not None or link.expires_at <= installation.clock():
        return None
    text = texts.render(
        Notice.SIGN_IN,
        {
            "link": sign_in_url(installation, link),
            "code": installation.links.code(LinkPurpose.SIGN_IN, link.id),
            "minutes": LINK_LIFETIME_MINUTES,
        },
    )
    return message_of(installation, mail, link.account.email, text.subject, text.text, text.html)
