"""Status lists: one signed list tells for many awards whether they were withdrawn."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.storage.records.base import Record
from badges.storage.records.organisations import OrganisationRecord
from badges.storage.types import UtcDateTime


class StatusListRecord(Record):
    """One list of one issuer. Its bits are not kept: they follow from the awards and endorsements that were withdrawn,
    and from the older versions of credentials.

    length: entries. used: how many are given out. signed_text: the list credential, exactly as signed.
    place_seed: 16 random bytes in hexadecimal, which set the order in which places are given out; "" for an older list.
    signed_at: when signed_text was made. expires_at: its validUntil.
    """

    __tablename__ = "status_list"
    __table_args__ = (Index(None, "organisation_id", "purpose", "is_open"), Index(None, "expires_at"))

    number: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    purpose: Mapped[str] = mapped_column(String(20))
    length: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    is_open: Mapped[bool] = mapped_column(default=True)
    place_seed: Mapped[str] = mapped_column(String(32), default="", server_default=text("''"))
    signed_text: Mapped[str] = mapped_column(Text, default="")
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organisation: Mapped[OrganisationRecord] = relationship(lazy="joined", innerjoin=True)
