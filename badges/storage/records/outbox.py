"""The outbox: every mail is a row with its state, written in the transaction of what it tells about."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from badges.storage.records.base import Record
from badges.storage.types import UtcDateTime


class Notice(StrEnum):
    """Which mail. Each has a folder of that name in `templates/email/`."""

    BADGE_AWARDED = "badge_awarded"
    BADGE_REISSUED = "badge_reissued"
    BADGE_ENDING = "badge_ending"
    BADGE_WITHDRAWN = "badge_withdrawn"
    ENDORSEMENT_ASKED = "endorsement_asked"
    ENDORSEMENT_GIVEN = "endorsement_given"
    ENDORSEMENT_ANSWERED = "endorsement_answered"
    INVITATION = "invitation"
    SIGN_IN = "sign_in"


class MailState(StrEnum):
    """waiting: to be sent, or tried again. sent: taken by the mail server. refused: it will not be tried again.
    bounced: it was taken, and did not arrive. dropped: it was not sent, as what it was to say is not true any more.
    """

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"
    BOUNCED = "bounced"
    DROPPED = "dropped"


UNDELIVERED: Final = (MailState.REFUSED, MailState.BOUNCED)


class OutboxMailRecord(Record):
    """One mail. Its text is made when it is sent: it holds links, and secrets are never kept in the database."""

    __tablename__ = "outbox_mail"
    __table_args__ = (
        Index(None, "state", "next_attempt_at"),
        Index(None, "award_id", "created_at"),
        Index(None, "sign_in_link_id"),
        Index(None, "invitation_id"),
        Index(None, "endorsement_request_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    notice: Mapped[str] = mapped_column(String(40))
    award_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("award.id"))
    sign_in_link_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("sign_in_link.id"))
    invitation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("invitation.id"))
    endorsement_request_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("endorsement_request.id"))
    state: Mapped[str] = mapped_column(String(10), default=MailState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime)
    problem: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
