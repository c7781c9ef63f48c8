"""Withdrawing an award: for ever, with a public reason from a list and a private note."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from badges.errors import ConflictError, InvalidInputError
from badges.services.audit import leave_line
from badges.services.award_values import lock_award
from badges.services.context import Installation
from badges.services.notices import queue_award_mail
from badges.services.status_lists import renew_list
from badges.standards.plain_text import strip_controls
from badges.storage.records import AwardRecord, Notice
from badges.vocab.audit import Action
from badges.vocab.status import REVOCATION_WORDING, RevocationReason
from badges.wording import Wording

NOTE_MAX: Final = 2000


def revoke_award(
    session: Session,
    installation: Installation,
    award: AwardRecord,
    reason: str,
    *,
    note: str = "",
    revoked_by_id: int | None = None,
) -> AwardRecord:
    """Withdraw an award: its status bit is set and the list signed again in the same transaction; the person is told.

    Raises InvalidInputError when the reason is not in the list, ConflictError when it was withdrawn before.
    """
    chosen = checked_reason(reason)
    note = checked_note(note)
    # Of two who withdraw at the same moment, the second waits here and sees that it is done.
    lock_award(session, award)
    if award.revoked_at is not None:
        raise ConflictError(
            "The badge %(id)s was withdrawn on %(date)s already.", id=award.id, date=award.revoked_at.date()
        )
    award.revoked_at = installation.clock()
    award.revoked_by_id = revoked_by_id
    award.revocation_reason = chosen
    award.revocation_note = note
    leave_line(
        session, installation, Action.AWARD_WITHDRAWN, award.id, organisation=award.organisation, reason=chosen.value
    )
    renew_list(session, installation, award.status_list_number)
    if award.person_id is not None:
        queue_award_mail(session, installation, award, Notice.BADGE_WITHDRAWN)
    return award


def checked_note(note: str) -> str:
    """Return what is kept for the organisation only, without control characters. Raises InvalidInputError."""
    cleaned = strip_controls(note).strip()
    if len(cleaned) > NOTE_MAX:
        raise InvalidInputError("The note has at most %(most)s characters.", field="note", most=NOTE_MAX)
    return cleaned


def checked_reason(reason: str) -> RevocationReason:
    """Return the reason of this name. Raises InvalidInputError listing those that there are."""
    try:
        return RevocationReason(reason)
    except ValueError:
        raise InvalidInputError(
            'The reason "%(reason)s" is not in the list. Choose one of: %(known)s.',
            field="reason",
            reason=reason,
            known=", ".join(RevocationReason),
        ) from None


def reason_wording(award: AwardRecord) -> Wording | None:
    """Return the public sentence of why an award was withdrawn, or None when it stands."""
    if award.revocation_reason is None:
        return None
    return REVOCATION_WORDING[RevocationReason(award.revocation_reason)]
