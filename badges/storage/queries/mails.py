"""The outbox as a list: what waits, what was refused, what was sent lately. Read only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badges.storage.queries.awards import AwardScope
from badges.storage.records import AwardRecord, MailState, OutboxMailRecord

PAGE_SIZE: Final = 50
# Nobody looks further, and counting all would take longer the more there are.
MOST_COUNTED: Final = 1_000


@dataclass(frozen=True, slots=True)
class MailPage:
    """One page of mails about awards, with the award of each. total: of all pages, up to MOST_COUNTED."""

    mails: Sequence[tuple[OutboxMailRecord, AwardRecord]]
    total: int
    page: int
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


def list_mails(session: Session, scope: AwardScope, state: MailState, *, page: int = 1) -> MailPage:
    """Return a page of the mails of this scope in one state: what waits by when it is due, others newest first."""
    query = (
        select(OutboxMailRecord, AwardRecord)
        .join(AwardRecord, AwardRecord.id == OutboxMailRecord.award_id)
        .where(OutboxMailRecord.state == state, scope.among(AwardRecord))
    )
    total = count_mails(session, scope, state)
    page = min(max(page, 1), max(1, -(-total // PAGE_SIZE)))
    due = OutboxMailRecord.next_attempt_at
    order = due if state is MailState.WAITING else due.desc()
    rows = session.execute(query.order_by(order, OutboxMailRecord.id).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return MailPage([(mail, award) for mail, award in rows.unique()], total, page)


def count_mails(session: Session, scope: AwardScope, state: MailState) -> int:
    """Return how many mails of this scope are in one state, up to MOST_COUNTED."""
    some = (
        select(OutboxMailRecord.id)
        .join(AwardRecord, AwardRecord.id == OutboxMailRecord.award_id)
        .where(OutboxMailRecord.state == state, scope.among(AwardRecord))
        .limit(MOST_COUNTED)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(some)) or 0
