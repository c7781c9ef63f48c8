"""Documents that the service itself signs, as they are published."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from badges.storage.records.base import Record
from badges.storage.types import UtcDateTime


class ServiceDocumentRecord(Record):
    """One document, exactly as it was signed. name: which, such as "registry"."""

    __tablename__ = "service_document"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    content: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
