"""Packs of badge classes: whose they are, their signed versions, and who has adopted them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.storage.records.base import Record
from badges.storage.records.organisations import OrganisationRecord
from badges.storage.types import UtcDateTime


class PackRecord(Record):
    """A pack that organisations here can adopt.

    address: its short name in our addresses, for ever. slug: its short name at its publisher. publisher: the DID that
    signs it. organisation: the publisher, when it is one of ours; None for the campaign's own and for imported ones.
    """

    __tablename__ = "pack"
    __table_args__ = (UniqueConstraint("publisher", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(120), unique=True)
    slug: Mapped[str] = mapped_column(String(60))
    publisher: Mapped[str] = mapped_column(String(500))
    publisher_name: Mapped[str] = mapped_column(String(200))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text)
    newest_version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    organisation: Mapped[OrganisationRecord | None] = relationship(lazy="joined")


class PackVersionRecord(Record):
    """One version of a pack, exactly as it was signed.

    pictures: its uploaded pictures by class, made safe: {svg} or {png, in base 64}.
    """

    __tablename__ = "pack_version"
    __table_args__ = (UniqueConstraint("pack_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"))
    version: Mapped[int]
    content: Mapped[str] = mapped_column(Text, deferred=True)
    pictures: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, deferred=True)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)

    pack: Mapped[PackRecord] = relationship(lazy="joined", innerjoin=True)


class PackAdoptionRecord(Record):
    """That an organisation uses a pack. version: the one that its classes have now."""

    __tablename__ = "pack_adoption"

    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)
    version: Mapped[int]
    adopted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    pack: Mapped[PackRecord] = relationship(lazy="joined", innerjoin=True)
