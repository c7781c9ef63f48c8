"""Lines of the audit, found for pages and exports."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from badges.storage.records import AuditLineRecord

PAGE_SIZE: Final = 50
_CHUNK: Final = 2_000


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which lines. None and "" do not narrow.

    organisation_ids: whose lines; None is everybody's, those of nobody too. account_ids: in addition, what was done to
    these accounts themselves. since, until: from the one moment on, before the other.
    """

    organisation_ids: Collection[int] | None = None
    account_ids: Collection[int] = ()
    account_id: int | None = None
    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def condition(self) -> ColumnElement[bool]:
        line = AuditLineRecord
        wanted: list[ColumnElement[bool]] = []
        if self.organisation_ids is not None:
            subjects = [str(number) for number in self.account_ids]
            own = and_(line.organisation_id.is_(None), line.action.like("account.%"), line.subject.in_(subjects))
            wanted.append(or_(line.organisation_id.in_(self.organisation_ids), own if subjects else false()))
        if self.account_id is not None:
            wanted.append(line.account_id == self.account_id)
        if self.action:
            wanted.append(line.action == self.action if "." in self.action else line.action.like(f"{self.action}.%"))
        if self.subject:
            wanted.append(line.subject == self.subject)
        if self.since is not None:
            wanted.append(line.at >= self.since)
        if self.until is not None:
            wanted.append(line.at < self.until)
        return and_(True, *wanted)


def list_lines(
    session: Session, chosen: AuditFilter, *, before: int | None = None, size: int = PAGE_SIZE
) -> Sequence[AuditLineRecord]:
    """Return the newest lines. before: older than the line of this number."""
    query = select(AuditLineRecord).where(chosen.condition)
    if before is not None:
        query = query.where(AuditLineRecord.number < before)
    return session.scalars(query.order_by(AuditLineRecord.number.desc()).limit(size)).all()


def each_line(session: Session, chosen: AuditFilter, *, most: int) -> Iterator[AuditLineRecord]:
    """Yield the newest lines, at most so many, a chunk at a time."""
    before, left = None, most
    while left > 0:
        lines = list_lines(session, chosen, before=before, size=min(_CHUNK, left))
        if not lines:
            return
        yield from lines
        before, left = lines[-1].number, left - len(lines)
        session.expunge_all()
