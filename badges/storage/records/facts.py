"""Facts about the installation itself."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from badges.storage.records.base import Record


class FactName(StrEnum):
    """base_url: the address that is inside signed badges, fixed by the first award. keys_backed_up: when, last."""

    BASE_URL = "base_url"
    KEYS_BACKED_UP = "keys_backed_up"


class FactRecord(Record):
    """A named fact that nobody sets by hand."""

    __tablename__ = "fact"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
