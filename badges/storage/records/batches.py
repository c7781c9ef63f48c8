"""Batches: many awards of one badge, kept row by row before any work is done."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.storage.records.achievements import AchievementVersionRecord
from badges.storage.records.base import Record
from badges.storage.records.organisations import OrganisationRecord
from badges.storage.types import UtcDateTime


class BatchState(StrEnum):
    """draft: rows can be changed. queued: it begins at starts_at, and can be undone until then. working: its chunks are
    being awarded. done: nothing is left to award.
    """

    DRAFT = "draft"
    QUEUED = "queued"
    WORKING = "working"
    DONE = "done"


class BatchSource(StrEnum):
    """Where the rows came from."""

    WEB = "web"
    SHELL = "shell"
    API = "api"


class RowState(StrEnum):
    """ready: to be awarded. held: they have this badge already. look: somebody should look before it is awarded.
    wrong: it cannot be awarded as it is. out: left out on purpose. awarded: done.
    """

    READY = "ready"
    HELD = "held"
    LOOK = "look"
    WRONG = "wrong"
    OUT = "out"
    AWARDED = "awarded"


class BatchRecord(Record):
    """Many awards of one badge by one organisation.

    seed: 32 random bytes in hexadecimal; with a row's number it gives the ids of that row's award, so that a second try
    after a crash gives the same badge. columns: the heading of what was handed in, with what each column is taken for.
    rows: how many; rows_kept: whether they are still there. starts_at: until when it can be undone. moment: of the
    awards; fixed when the work begins. problem: why it cannot go on now, as rows keep theirs.
    """

    __tablename__ = "batch"
    __table_args__ = (
        Index(None, "organisation_id", "created_at"),
        Index(
            "ix_batch_open",
            "state",
            "starts_at",
            sqlite_where=text("state IN ('queued', 'working')"),
            postgresql_where=text("state IN ('queued', 'working')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    achievement_version_id: Mapped[int] = mapped_column(ForeignKey("achievement_version.id"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    source: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default=BatchState.DRAFT)
    seed: Mapped[str] = mapped_column(String(64))
    columns: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    rows: Mapped[int] = mapped_column(default=0)
    rows_kept: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    moment: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    organisation: Mapped[OrganisationRecord] = relationship(lazy="joined", innerjoin=True)
    achievement_version: Mapped[AchievementVersionRecord] = relationship(lazy="joined", innerjoin=True)


_ASIDE = text("state NOT IN ('ready', 'awarded')")


class BatchRowRecord(Record):
    """One row. number: its place in what was handed in, from 1.

    date: as it was typed; valid_from: what it means. problem: why it is not ready, as a template and its values.
    cells: what stood in the row, kept only while it is left aside. suggestion: an address that may be meant. is_sure:
    somebody has looked at the address, and it is right.
    """

    __tablename__ = "batch_row"
    __table_args__ = (
        Index("ix_batch_row_aside", "batch_id", "number", sqlite_where=_ASIDE, postgresql_where=_ASIDE),
        {"sqlite_with_rowid": False},
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(10))
    email: Mapped[str] = mapped_column(String(254), default="")
    name: Mapped[str] = mapped_column(String(200), default="")
    narrative: Mapped[str] = mapped_column(Text, default="")
    evidence_url: Mapped[str] = mapped_column(String(1000), default="")
    date: Mapped[str] = mapped_column(String(40), default="")
    valid_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reference: Mapped[str] = mapped_column(String(200), default="")
    is_sure: Mapped[bool] = mapped_column(default=False)
    suggestion: Mapped[str | None] = mapped_column(String(254))
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    cells: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))


class BatchChunkRecord(Record):
    """Some rows of a batch that are awarded in one transaction.

    first_row, last_row: numbers. list_number, first_place: the status list, and the first of the places in it that
    these rows have. lease_until: until when nobody else takes it. done_at: when its transaction was.
    """

    __tablename__ = "batch_chunk"
    __table_args__ = (
        Index(
            "ix_batch_chunk_waiting",
            "batch_id",
            "number",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_row: Mapped[int]
    last_row: Mapped[int]
    list_number: Mapped[int] = mapped_column(ForeignKey("status_list.number"))
    first_place: Mapped[int]
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    awarded: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CredentialTemplateRecord(Record):
    """What the texts of the badges of a batch have in common. It never changes: without it they could not be read.

    content: the text, with `%s` for each value. places: which value belongs where. slots: those that differ, in the
    order in which a badge's values are packed. print: a hash of all that they have in common: signed with one key, they
    carry the same endorsements.
    """

    __tablename__ = "credential_template"
    __table_args__ = (Index(None, "batch_id", "print"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    print: Mapped[str] = mapped_column(String(64))
    slots: Mapped[str] = mapped_column(String(200))
    places: Mapped[str] = mapped_column(String(1000))
    content: Mapped[str] = mapped_column(Text)


class LedgerChunkRecord(Record):
    """What a key signed in one chunk of a batch. hashes: 32 bytes each, in the order of the rows. Never removed."""

    __tablename__ = "ledger_chunk"

    signing_key_id: Mapped[str] = mapped_column(ForeignKey("signing_key.id"), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hashes: Mapped[bytes] = mapped_column(LargeBinary)
