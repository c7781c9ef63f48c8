"""Requests for endorsements: somebody outside was asked by mail to stand behind something."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.storage.records.base import Record
from badges.storage.records.endorsements import EndorsementRecord
from badges.storage.records.organisations import OrganisationRecord
from badges.storage.types import UtcDateTime


class EndorsementRequestRecord(Record):
    """One request. The secret of its link is not here (`services/links.py`).

    organisation: who asks. kind, target: what is to be endorsed, as in `EndorsementRequest`. endorser_name: who is
    asked, as the asker wrote it. round: how often it was sent; links of earlier rounds open nothing. failures: wrong
    codes. taken_back_at: by who asked. endorsement: what came of it; the link then withdraws it.
    """

    __tablename__ = "endorsement_request"
    __table_args__ = (Index(None, "organisation_id", "created_at"), Index(None, "email"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(20))
    target: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    endorser_name: Mapped[str] = mapped_column(String(200))
    message: Mapped[str] = mapped_column(Text, default="")
    round: Mapped[int] = mapped_column(default=1)
    failures: Mapped[int] = mapped_column(default=0)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decline_note: Mapped[str] = mapped_column(Text, default="")
    endorsement_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("endorsement.id"), index=True)

    organisation: Mapped[OrganisationRecord] = relationship(lazy="joined", innerjoin=True)
    endorsement: Mapped[EndorsementRecord | None] = relationship(lazy="joined")
