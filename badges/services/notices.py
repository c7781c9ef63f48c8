"""Mails: queued with what they tell about, sent afterwards, each in its own transaction, tried again when refused."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from badges.errors import ConflictError, NotFoundError
from badges.services.audit import leave_line
from badges.services.context import Installation
from badges.storage.records import (
    AwardRecord,
    EndorsementRequestRecord,
    InvitationRecord,
    MailState,
    Notice,
    OutboxMailRecord,
    SignInLinkRecord,
)
from badges.vocab.audit import Action

# After each failure a longer pause; after the last the mail is given up and shown as refused.
RETRY_PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
# A mail that a worker took is left alone for this long. If the worker died, it is sent then: at least once.
_LEASE: Final = timedelta(minutes=5)


def queue_award_mail(
    session: Session, installation: Installation, award: AwardRecord, notice: Notice
) -> OutboxMailRecord:
    """Put a mail about an award into the outbox, in the transaction of what it tells about."""
    return _queue(session, installation, OutboxMailRecord(notice=notice, award_id=award.id))


def queue_sign_in_mail(session: Session, installation: Installation, link: SignInLinkRecord) -> OutboxMailRecord:
    """Put the mail with a one-time link into the outbox."""
    return _queue(session, installation, OutboxMailRecord(notice=Notice.SIGN_IN, sign_in_link_id=link.id))


def queue_invitation_mail(
    session: Session, installation: Installation, invitation: InvitationRecord
) -> OutboxMailRecord:
    """Put the mail with an invitation into the outbox."""
    return _queue(session, installation, OutboxMailRecord(notice=Notice.INVITATION, invitation_id=invitation.id))


def queue_endorsement_mail(
    session: Session, installation: Installation, request: EndorsementRequestRecord, notice: Notice
) -> OutboxMailRecord:
    """Put a mail about a request for an endorsement into the outbox."""
    return _queue(session, installation, OutboxMailRecord(notice=notice, endorsement_request_id=request.id))


def resend_award_mail(session: Session, installation: Installation, award: AwardRecord) -> OutboxMailRecord:
    """Queue the award's mail once more.

    Raises ConflictError when there is no address, the award was withdrawn, or a mail is waiting already.
    """
    if award.revoked_at is not None:
        raise ConflictError("This badge was withdrawn, so its mail is not sent again.")
    if award.person_id is None:
        raise ConflictError("This badge was awarded without an e-mail address, so there is nobody to write to.")
    last = last_award_mail(session, award)
    if last is not None and last.state == MailState.WAITING and last.attempts == 0:
        raise ConflictError("A mail for this badge is waiting to be sent already.")
    leave_line(session, installation, Action.MAIL_SENT_AGAIN, award.id, organisation=award.organisation_id)
    return queue_award_mail(session, installation, award, Notice.BADGE_AWARDED)


def last_award_mail(session: Session, award: AwardRecord) -> OutboxMailRecord | None:
    """Return the newest mail about an award."""
    return session.scalars(
        select(OutboxMailRecord)
        .where(OutboxMailRecord.award_id == award.id)
        .order_by(OutboxMailRecord.created_at.desc(), OutboxMailRecord.id.desc())
        .limit(1)
    ).one_or_none()


def take_due_mail(session: Session, installation: Installation) -> uuid.UUID | None:
    """Take the mail that has waited longest and return its id; None when there is none, or as many went out within the
    minute as may. Nobody else takes it during the lease.
    """
    now = installation.clock()
    if _is_minute_full(session, installation):
        return None
    record = session.scalars(
        select(OutboxMailRecord)
        .where(OutboxMailRecord.state == MailState.WAITING, OutboxMailRecord.next_attempt_at <= now)
        .order_by(OutboxMailRecord.next_attempt_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if record is None:
        return None
    record.attempts += 1
    record.next_attempt_at = now + _LEASE
    return record.id


def _is_minute_full(session: Session, installation: Installation) -> bool:
    """Whether as many mails went out within the last minute as may."""
    most = installation.settings.mail_per_minute
    if not most:
        return False
    # By the index of what is due: a mail that was sent is marked with the end of the lease of its last try.
    since = installation.clock() - timedelta(minutes=1)
    sent = select(func.count()).where(
        OutboxMailRecord.state == MailState.SENT, OutboxMailRecord.next_attempt_at > since + _LEASE
    )
    return (session.scalar(sent) or 0) >= most


def mark_sent(session: Session, installation: Installation, mail_id: uuid.UUID) -> None:
    """Note that a mail was handed over."""
    record = find_mail(session, mail_id)
    record.state, record.sent_at, record.problem = MailState.SENT, installation.clock(), ""


def mark_dropped(session: Session, mail_id: uuid.UUID) -> None:
    """Note that a mail was not sent, because what it was to say is not true any more."""
    find_mail(session, mail_id).state = MailState.DROPPED


def mark_failed(
    session: Session, installation: Installation, mail_id: uuid.UUID, problem: str, *, for_good: bool
) -> None:
    """Note why a mail was not taken; try again later, or give up for good."""
    record = find_mail(session, mail_id)
    record.problem = problem[:500]
    if for_good or record.attempts > len(RETRY_PAUSES):
        record.state = MailState.REFUSED
    else:
        record.next_attempt_at = installation.clock() + RETRY_PAUSES[record.attempts - 1]


def mark_bounced(session: Session, mail_id: uuid.UUID, problem: str) -> bool:
    """Note that a mail which was sent did not arrive. Returns whether that is news."""
    record = session.get(OutboxMailRecord, mail_id)
    if record is None or record.state != MailState.SENT:
        return False
    record.state, record.problem = MailState.BOUNCED, problem[:500]
    return True


def waiting_since(session: Session) -> datetime | None:
    """Return since when the oldest mail that is due has waited, or None when none is due."""
    return session.scalar(
        select(func.min(OutboxMailRecord.next_attempt_at)).where(OutboxMailRecord.state == MailState.WAITING)
    )


def delete_old_sign_in_links(session: Session, installation: Installation) -> None:
    """Delete one-time links, and the rows of their mails, a day after they ran out."""
    old = select(SignInLinkRecord.id).where(SignInLinkRecord.expires_at < installation.clock() - timedelta(days=1))
    session.execute(delete(OutboxMailRecord).where(OutboxMailRecord.sign_in_link_id.in_(old)))
    session.execute(delete(SignInLinkRecord).where(SignInLinkRecord.id.in_(old)))


def delete_old_invitations(session: Session, installation: Installation) -> None:
    """Delete invitations, and the rows of their mails, a month after they ran out: accepted ones too."""
    old = select(InvitationRecord.id).where(InvitationRecord.expires_at < installation.clock() - timedelta(days=30))
    session.execute(delete(OutboxMailRecord).where(OutboxMailRecord.invitation_id.in_(old)))
    session.execute(delete(InvitationRecord).where(InvitationRecord.id.in_(old)))


def find_mail(session: Session, mail_id: uuid.UUID) -> OutboxMailRecord:
    """Return one mail. Raises NotFoundError."""
    record = session.get(OutboxMailRecord, mail_id)
    if record is None:
        raise NotFoundError("There is no mail with the number %(id)s here.", id=mail_id)
    return record


def _queue(session: Session, installation: Installation, record: OutboxMailRecord) -> OutboxMailRecord:
    now = installation.clock()
    record.id = installation.random.uuid()
    record.state, record.attempts, record.problem = MailState.WAITING, 0, ""
    record.created_at = record.next_attempt_at = now
    session.add(record)
    return record
