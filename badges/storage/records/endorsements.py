"""Endorsements: what one organisation says in favour of a class, a badge or another organisation."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.storage.records.base import Record
from badges.storage.records.organisations import EMPTY, OrganisationRecord
from badges.storage.types import UtcDateTime

_STANDING = text("revoked_at IS NULL")
_WITHDRAWN = text("revoked_at IS NOT NULL")
_CARRIED: Final = text("is_carried_still")


class EndorsementRecord(Record):
    """One endorsement, and its exact text as it was signed.

    organisation: who endorses. kind: a member of `EndorsedKind`. endorsed_id: the id of the endorsed thing as it
    stands in documents (an address of ours, or a did:web). external_did: under which somebody outside signed it with a
    key of their own, "" when the key is kept here; external_document: what its address answered when that was checked.
    said_by_name, said_by_role: who said it for the endorser; on pages only. said_from: at which domain the address was
    that the request went to. is_carried_still: it was withdrawn, and badges that carry it are to be signed anew.
    """

    __tablename__ = "endorsement"
    __table_args__ = (
        # One organisation says it once: the second of two at the same moment fails here.
        Index(
            "uq_endorsement_standing",
            "endorsed_id",
            "organisation_id",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        UniqueConstraint("status_list_number", "status_index"),
        Index(None, "is_carried_still", sqlite_where=_CARRIED, postgresql_where=_CARRIED),
        Index("ix_endorsement_revoked", "status_list_number", sqlite_where=_WITHDRAWN, postgresql_where=_WITHDRAWN),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(20))
    endorsed_id: Mapped[str] = mapped_column(String(500))
    comment: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    status_list_number: Mapped[int | None] = mapped_column(ForeignKey("status_list.number"))
    status_index: Mapped[int | None]
    content: Mapped[str] = mapped_column(Text)
    signing_key_id: Mapped[str | None] = mapped_column(ForeignKey("signing_key.id"))
    external_did: Mapped[str] = mapped_column(String(500), default="", server_default=EMPTY)
    external_document: Mapped[str | None] = mapped_column(Text, deferred=True)
    said_by_name: Mapped[str] = mapped_column(String(120), default="", server_default=EMPTY)
    said_by_role: Mapped[str] = mapped_column(String(120), default="", server_default=EMPTY)
    said_from: Mapped[str] = mapped_column(String(254), default="", server_default=EMPTY)
    endorsed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revocation_reason: Mapped[str | None] = mapped_column(String(40))
    revocation_note: Mapped[str] = mapped_column(Text, default="")
    is_carried_still: Mapped[bool] = mapped_column(default=False, server_default=false())

    organisation: Mapped[OrganisationRecord] = relationship(lazy="joined", innerjoin=True)
