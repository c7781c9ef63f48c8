"""Keys of other systems, and what they asked for lately."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.storage.records.base import Record
from badges.storage.records.organisations import OrganisationRecord
from badges.storage.types import UtcDateTime


class ApiKeyRecord(Record):
    """A key by which another system acts for an organisation. The key is with that system; here is its hash.

    name: what it is for, as an admin wrote it. scopes: what it is good for. withdrawn_at: since when it opens nothing.
    """

    __tablename__ = "api_key"
    __table_args__ = (Index(None, "organisation_id", "created_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(80))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organisation: Mapped[OrganisationRecord] = relationship(lazy="joined", innerjoin=True)


class ApiRequestRecord(Record):
    """A request that came with an idempotency key: sent again, it gets the same answer, and nothing is done twice.

    key_hash, body_hash: SHA-256 in hexadecimal. batch_id: what it began; None where nothing was to be awarded.
    answer: None until it is given.
    """

    __tablename__ = "api_request"

    api_key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("api_key.id"), primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    answer: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
