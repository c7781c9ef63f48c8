"""The audit: one line for every change and every signature, each bound to the one before it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from badges.storage.records.base import Record
from badges.storage.types import UtcDateTime


class AuditLineRecord(Record):
    """One line, never changed once written (`storage/audit_chain.py` writes it). Ids, never names or addresses: who is
    erased leaves the chain whole. For the same reason nothing here refers to another table.

    number: from 1, without gaps. subject: the id of what it was done to; `Action` says what that is.
    hash: SHA-256, hex, over this line and the hash of the one before.
    """

    __tablename__ = "audit_line"
    __table_args__ = (
        Index(None, "organisation_id", "number"),
        Index(None, "subject", "number"),
        Index(None, "account_id", "number"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[int | None]
    session_id: Mapped[str | None] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(200))
    organisation_id: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    hash: Mapped[str] = mapped_column(String(64))


class AuditHeadRecord(Record):
    """The end of the chain: one row, locked by whoever writes the next line."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
