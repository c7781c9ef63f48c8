"""Organisations and their signing keys (public halves only)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.storage.records.base import Record
from badges.storage.types import UtcDateTime
from badges.vocab.profile import OrganisationKind


class OrganisationRecord(Record):
    """One issuer. Its slug is in its addresses and its did:web, so it never changes.

    kind: a member of `OrganisationKind`. above_id: the organisation above it in the campaign; who has a role there for
    all below has it here. parent: an organisation outside this service of which this one says that it is a part.
    """

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(
        String(20), default=OrganisationKind.SERVICE, server_default=OrganisationKind.SERVICE
    )
    above_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(500))
    email: Mapped[str] = mapped_column(String(254), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    parent: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    other_identifiers: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class KeyState(StrEnum):
    """active: signs new badges. retired: signs no more. compromised: signs no more, and others may have it.

    Whatever its state, the public half stays published for ever: old badges need it.
    """

    ACTIVE = "active"
    RETIRED = "retired"
    COMPROMISED = "compromised"


class SigningKeyRecord(Record):
    """The public half of a key, and the URI under which the keyring finds the private one.

    organisation: whose key it is; None for the service's own. compromised_since: from when on others may have had it.
    """

    __tablename__ = "signing_key"
    __table_args__ = (Index(None, "organisation_id", "algorithm", "state"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    algorithm: Mapped[str] = mapped_column(String(10))
    public_jwk: Mapped[dict[str, Any]] = mapped_column(JSON)
    uri: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    compromised_since: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organisation: Mapped[OrganisationRecord | None] = relationship(lazy="joined")
