"""Organisations and their signing keys (public halves only)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, false, text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship, validates

from badges.standards.issuer_list import plain_name
from badges.storage.records.base import Record
from badges.storage.types import UtcDateTime
from badges.vocab.profile import OrganisationKind

EMPTY: Final = text("''")


class OrganisationRecord(Record):
    """One issuer. Its slug is in its addresses and its did:web, so it never changes.

    name_key: its name as names are compared (`plain_name`). kind: a member of `OrganisationKind`. above_id: the one
    above it in the campaign; who has a role there for all below has it here. offer: what it can do for you, Markdown.
    ask_url: where to ask it; its e-mail otherwise. sender_name, reply_to: of its mails; its name and e-mail when "".
    colour: its accent, "#RRGGBB"; the campaign's when "". logo_mark: of the logo's content, "" without one.
    is_set_up: whether its first owner has been through the first steps. merged_into_id: which organisation it has
    become a part of; it awards no more. parent: one outside this service of which this one says that it is a part.
    """

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(
        String(20), default=OrganisationKind.SERVICE, server_default=OrganisationKind.SERVICE
    )
    above_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(400), default="", server_default=EMPTY, index=True)
    url: Mapped[str] = mapped_column(String(500))
    email: Mapped[str] = mapped_column(String(254), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    contact_name: Mapped[str] = mapped_column(String(200), default="", server_default=EMPTY)
    offer: Mapped[str] = mapped_column(Text, default="", server_default=EMPTY)
    ask_url: Mapped[str] = mapped_column(String(500), default="", server_default=EMPTY)
    sender_name: Mapped[str] = mapped_column(String(100), default="", server_default=EMPTY)
    reply_to: Mapped[str] = mapped_column(String(254), default="", server_default=EMPTY)
    colour: Mapped[str] = mapped_column(String(7), default="", server_default=EMPTY)
    logo_png: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    logo_mark: Mapped[str] = mapped_column(String(16), default="", server_default=EMPTY)
    is_set_up: Mapped[bool] = mapped_column(default=False, server_default=false())
    requires_second_factor: Mapped[bool] = mapped_column(default=False, server_default=false())
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    merged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    parent: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    other_identifiers: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    merged_into: Mapped[OrganisationRecord | None] = relationship(
        foreign_keys=[merged_into_id], remote_side=[id], lazy="select"
    )

    @validates("name")
    def _keep_name_key(self, _attribute: str, name: str) -> str:
        self.name_key = plain_name(name)[:400]
        return name


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
