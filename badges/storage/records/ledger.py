"""The ledger: what every key of ours signed."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from badges.storage.records.base import Record


class LedgerEntryRecord(Record):
    """One credential that one key signed. hash: SHA-256 in hexadecimal, see docs/ledger.md. Rows are never removed."""

    __tablename__ = "ledger_entry"

    signing_key_id: Mapped[str] = mapped_column(ForeignKey("signing_key.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
