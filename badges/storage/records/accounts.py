"""Accounts of those who sign in to award, and their one-time links."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.storage.records.base import Record
from badges.storage.records.organisations import OrganisationRecord
from badges.storage.types import UtcDateTime


class MembershipRecord(Record):
    """One role of an account in an organisation, and perhaps in all below it."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("account_id", "organisation_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    covers_below: Mapped[bool] = mapped_column(default=False, server_default=false())

    organisation: Mapped[OrganisationRecord] = relationship(lazy="joined", innerjoin=True)


class AccountRecord(Record):
    """One person who signs in.

    password_hash: argon2, or None while only links are used. failures: wrong passwords and codes since failures_since.
    totp_secret: of the authenticator app, encrypted, or None. totp_last_step: the newest of its codes that was used.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    is_active: Mapped[bool] = mapped_column(default=True)
    has_signed_in: Mapped[bool] = mapped_column(default=False)
    totp_secret: Mapped[str | None] = mapped_column(Text)
    totp_last_step: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    failures: Mapped[int] = mapped_column(default=0)
    failures_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    memberships: Mapped[list[MembershipRecord]] = relationship(lazy="selectin")


class SignInLinkRecord(Record):
    """A one-time link. Its secret is not here: it is computed from the id and a key outside the database.

    browser_hash: SHA-256 of the mark left in the browser that asked, or None when it was asked for in a terminal.
    """

    __tablename__ = "sign_in_link"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    browser_hash: Mapped[str | None] = mapped_column(String(64))
    failures: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    account: Mapped[AccountRecord] = relationship(lazy="joined", innerjoin=True)
