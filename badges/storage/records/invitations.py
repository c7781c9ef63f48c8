"""Invitations: to be something in an organisation."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.storage.records.base import Record
from badges.storage.records.organisations import OrganisationRecord
from badges.storage.types import UtcDateTime


class InvitationRecord(Record):
    """One invitation by mail. The secret of its link is not here (`services/links.py`).

    roles: members of `Role`. round: how often it was sent; links of earlier rounds open nothing. failures: wrong codes.
    """

    __tablename__ = "invitation"
    __table_args__ = (Index(None, "organisation_id", "created_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    email: Mapped[str] = mapped_column(String(254))
    roles: Mapped[list[str]] = mapped_column(JSON)
    covers_below: Mapped[bool] = mapped_column(default=False)
    round: Mapped[int] = mapped_column(default=1)
    failures: Mapped[int] = mapped_column(default=0)
    invited_by_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organisation: Mapped[OrganisationRecord] = relationship(lazy="joined", innerjoin=True)
