"""How people sign in besides links and passwords, and where they are signed in."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.storage.records.accounts import AccountRecord
from badges.storage.records.base import Record
from badges.storage.records.organisations import OrganisationRecord
from badges.storage.types import UtcDateTime


class SessionRecord(Record):
    """One browser in which somebody is signed in. Its secret is in the browser; here is its hash.

    how: by what they signed in. has_second: whether with a second factor. proven_at: when they showed who they are.
    browser: in words, such as "Firefox on Windows".
    """

    __tablename__ = "session"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    how: Mapped[str] = mapped_column(String(20))
    has_second: Mapped[bool] = mapped_column(default=False)
    browser: Mapped[str] = mapped_column(String(100))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proven_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    account: Mapped[AccountRecord] = relationship(lazy="joined", innerjoin=True)


class PasskeyRecord(Record):
    """The public half of a passkey. Source: Web Authentication Level 3, "Credential Record"."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCodeRecord(Record):
    """A code that stands in for a second factor, once. Only a keyed hash is kept."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ProviderRecord(Record):
    """An organisation's own sign-in (OpenID Connect). client_secret: encrypted.

    domains: of the e-mail addresses for which it speaks. vouches: whether its word counts for addresses without
    `email_verified`, as the directory of an employer's does.
    """

    __tablename__ = "provider"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    issuer: Mapped[str] = mapped_column(String(500))
    client_id: Mapped[str] = mapped_column(String(200))
    client_secret: Mapped[str] = mapped_column(Text)
    domains: Mapped[list[str]] = mapped_column(JSON)
    vouches: Mapped[bool] = mapped_column(default=False)

    organisation: Mapped[OrganisationRecord] = relationship(lazy="joined", innerjoin=True)


class IdentityRecord(Record):
    """Somebody at a provider, linked to an account. subject: who they are there, never an address."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(500))
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)
