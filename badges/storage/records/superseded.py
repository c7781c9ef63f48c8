"""Older versions of awards' credentials: what was signed before, exactly, and where its status is kept."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.storage.records.base import Record
from badges.storage.types import UtcDateTime


class SupersededTextRecord(Record):
    """The exact text of one form of an older version. Kept, and served to nobody."""

    __tablename__ = "superseded_text"

    superseded_id: Mapped[int] = mapped_column(ForeignKey("superseded_credential.id"), primary_key=True)
    form: Mapped[str] = mapped_column(String(20), primary_key=True)
    content: Mapped[str] = mapped_column(Text)
    signing_key_id: Mapped[str | None] = mapped_column(ForeignKey("signing_key.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SupersededCredentialRecord(Record):
    """One older version. Its place in a status list says for ever that it is not the one that counts.

    ob2_signed_id: under which id the revocation list of Open Badges 2.0 names it. reason: why there is a newer one.
    """

    __tablename__ = "superseded_credential"
    __table_args__ = (
        UniqueConstraint("award_id", "valid_from"),
        UniqueConstraint("status_list_number", "status_index"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("award.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    status_list_number: Mapped[int] = mapped_column(ForeignKey("status_list.number"))
    status_index: Mapped[int]
    ob2_signed_id: Mapped[uuid.UUID]
    reason: Mapped[str] = mapped_column(String(40))
    superseded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    texts: Mapped[list[SupersededTextRecord]] = relationship(order_by=SupersededTextRecord.form)
