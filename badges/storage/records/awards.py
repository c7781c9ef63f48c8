"""Awards, the people who hold them, and the exact texts that were signed."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.storage.records.achievements import AchievementVersionRecord
from badges.storage.records.base import Record
from badges.storage.records.batches import CredentialTemplateRecord
from badges.storage.records.organisations import OrganisationRecord
from badges.storage.types import UtcDateTime


class PersonRecord(Record):
    """Somebody who holds badges: the address that the badge was sent to, and nothing that is not needed.

    words: of the address and the names on the badges, that somebody is found by (`storage/words.py`).
    """

    __tablename__ = "person"
    __table_args__ = (
        Index("ix_person_words", text("array_to_tsvector(string_to_array(words, ' '))"), postgresql_using="gin").ddl_if(
            dialect="postgresql"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    words: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))


_STANDING = text("NOT repeated AND revoked_at IS NULL")


class AwardRecord(Record):
    """One award. The columns from achievement_version_id to status_index, person_id left out, are inside the signed
    bytes: they change only when a newer version of the credential is signed (`superseded.py` keeps the older ones).
    name is what the awarder typed, page_name what the holder wants on the page.

    ob2_signed_id: the id of the signed assertion of Open Badges 2.0 once there was an older one; None: the award's.
    """

    __tablename__ = "award"
    __table_args__ = (
        # Two admins at once: the second insert of a standing award fails here, whatever the code thought.
        Index(
            "uq_award_standing",
            "achievement_id",
            "person_id",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        UniqueConstraint("status_list_number", "status_index"),
        Index(
            "ix_award_revoked",
            "status_list_number",
            sqlite_where=text("revoked_at IS NOT NULL"),
            postgresql_where=text("revoked_at IS NOT NULL"),
        ),
        Index(None, "organisation_id", "awarded_at", "id"),
        Index(None, "organisation_id", "achievement_id", "awarded_at"),
        Index(
            "ix_award_revoked_by_organisation",
            "organisation_id",
            sqlite_where=text("revoked_at IS NOT NULL"),
            postgresql_where=text("revoked_at IS NOT NULL"),
        ),
        Index(
            "ix_award_ending",
            "valid_until",
            sqlite_where=text("valid_until IS NOT NULL AND revoked_at IS NULL"),
            postgresql_where=text("valid_until IS NOT NULL AND revoked_at IS NULL"),
        ),
        Index(None, "person_id"),
        Index(None, "awarded_by_id", "awarded_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    achievement_id: Mapped[int] = mapped_column(ForeignKey("achievement.id"))
    achievement_version_id: Mapped[int] = mapped_column(ForeignKey("achievement_version.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    subject_id: Mapped[uuid.UUID]
    identity_hash: Mapped[str | None] = mapped_column(String(80))
    identity_salt: Mapped[str | None] = mapped_column(String(64))
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    results: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    source: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    ob2_signed_id: Mapped[uuid.UUID | None]
    status_list_number: Mapped[int] = mapped_column(ForeignKey("status_list.number"))
    status_index: Mapped[int]
    repeated: Mapped[bool] = mapped_column(default=False)
    awarded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    awarded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(200), default="")
    # What the holder chooses; none of it is inside the signed bytes.
    page_name: Mapped[str] = mapped_column(String(200), default="")
    shows_name: Mapped[bool] = mapped_column(default=False)
    is_private: Mapped[bool] = mapped_column(default=False)
    # Withdrawal.
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revocation_reason: Mapped[str | None] = mapped_column(String(40))
    revocation_note: Mapped[str] = mapped_column(Text, default="")

    organisation: Mapped[OrganisationRecord] = relationship(lazy="joined", innerjoin=True)
    achievement_version: Mapped[AchievementVersionRecord] = relationship(lazy="joined", innerjoin=True)
    person: Mapped[PersonRecord | None] = relationship(lazy="joined")


class CredentialForm(StrEnum):
    """The signed or hosted texts that one award has."""

    OB3 = "ob3"
    OB3_JWT = "ob3-jwt"
    OB3_JWT_ES256 = "ob3-jwt-es256"
    OB2_HOSTED = "ob2-hosted"
    OB2_JWS = "ob2-jws"


class CredentialTextRecord(Record):
    """The exact text of one form of one award, as it was signed. Served as stored, never rebuilt.

    content: the text; None where its values are in `packed`, beside a template (`services/stored_texts.py`).
    """

    __tablename__ = "credential_text"

    award_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("award.id"), primary_key=True)
    form: Mapped[str] = mapped_column(String(20), primary_key=True)
    content: Mapped[str | None] = mapped_column(Text)
    packed: Mapped[bytes | None] = mapped_column(LargeBinary)
    template_id: Mapped[int | None] = mapped_column(ForeignKey("credential_template.id"))
    signing_key_id: Mapped[str | None] = mapped_column(ForeignKey("signing_key.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    template: Mapped[CredentialTemplateRecord | None] = relationship(lazy="joined")
