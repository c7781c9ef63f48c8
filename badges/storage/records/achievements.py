"""Badge classes and their versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from badges.storage.records.base import Record
from badges.storage.records.organisations import EMPTY, OrganisationRecord
from badges.storage.types import UtcDateTime


class AchievementRecord(Record):
    """A badge class of an organisation: its address for ever. What it says is in its versions.

    newest_version: of those that are published; 0 while it is a first draft. retired_at: since when it is not awarded
    any more. pack_id, pack_class: of which pack it was adopted and its slug there; what it says is then the pack's.
    """

    __tablename__ = "achievement"
    __table_args__ = (UniqueConstraint("organisation_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    slug: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(default=0)
    newest_version: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pack_id: Mapped[int | None] = mapped_column(ForeignKey("pack.id"), index=True)
    pack_class: Mapped[str] = mapped_column(String(60), default="", server_default=EMPTY)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    organisation: Mapped[OrganisationRecord] = relationship(lazy="joined", innerjoin=True)


class AchievementVersionRecord(Record):
    """One version, never changed once it is published: awards pin it. A class has at most one that is a draft.

    published_at: None while it is a draft. art: the designed picture as `BadgeArt`, or {"uploaded": "svg" or "png"}.
    licence: under which others may copy it, "" for not. credit: of whose class it is a copy, as `Credit`.
    pack_version: of the pack that it was adopted from. local_note: what the organisation adds to a class of a pack.
    """

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
    first_question: Mapped[str] = mapped_column(Text, default="", server_default=EMPTY)
    mail_text: Mapped[str] = mapped_column(Text, default="", server_default=EMPTY)
    local_note: Mapped[str] = mapped_column(Text, default="", server_default=EMPTY)
    licence: Mapped[str] = mapped_column(String(20), default="", server_default=EMPTY)
    credit: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    pack_version: Mapped[int | None]
    art: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    image_alt: Mapped[str] = mapped_column(Text)
    image_svg: Mapped[str] = deferred(mapped_column(Text))
    image_png: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    achievement: Mapped[AchievementRecord] = relationship(lazy="joined", innerjoin=True)
