"""Badge classes and their versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from badges.storage.records.base import Record
from badges.storage.records.organisations import OrganisationRecord
from badges.storage.types import UtcDateTime


class AchievementRecord(Record):
    """A badge class of an organisation: its address for ever. What it says is in its versions."""

    __tablename__ = "achievement"
    __table_args__ = (UniqueConstraint("organisation_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    slug: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(default=0)
    newest_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    organisation: Mapped[OrganisationRecord] = relationship(lazy="joined", innerjoin=True)


class AchievementVersionRecord(Record):
    """One version, never changed once written: awards pin it."""

    __tablename__ = "achievement_version"
    __table_args__ = (UniqueConstraint("achievement_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    achievement_id: Mapped[int] = mapped_column(ForeignKey("achievement.id"))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    criteria: Mapped[str] = mapped_column(Text)
    achievement_type: Mapped[str] = mapped_column(String(60))
    audience: Mapped[str] = mapped_column(Text, default="")
    who_can_earn: Mapped[str] = mapped_column(Text, default="")
    how_to_earn: Mapped[str] = mapped_column(Text, default="")
    tags: Mapped[list[str]] = mapped_column(JSON)
    alignments: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    result_descriptions: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    related: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    other_identifiers: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    creator: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    validity_months: Mapped[int | None]
    image_alt: Mapped[str] = mapped_column(Text)
    image_svg: Mapped[str] = deferred(mapped_column(Text))
    image_png: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    achievement: Mapped[AchievementRecord] = relationship(lazy="joined", innerjoin=True)
