"""Withdrawing all badges of a batch at once: one reason, each status list signed once, every person told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from badges.errors import ConflictError
from badges.services.audit import leave_chunk_line
from badges.services.batch_ids import BatchIds
from badges.services.batches import lock_batch, require_changeable
from badges.services.context import Installation
from badges.services.revocation import checked_note, checked_reason
from badges.services.status_lists import renew_list
from badges.storage.engine import insert_many
from badges.storage.records import AwardRecord, BatchChunkRecord, BatchRecord, MailState, Notice, OutboxMailRecord
from badges.vocab.audit import Action

_AT_ONCE: Final = 1_000


def withdraw_batch(
    session: Session,
    installation: Installation,
    batch_id: int,
    reason: str,
    *,
    note: str = "",
    revoked_by_id: int | None = None,
) -> int:
    """Withdraw every badge of a batch that stands. Returns how many they were. As revoke_award for each.

    Raises InvalidInputError when the reason is not in the list; ConflictError while the batch is being awarded, and
    when none of its badges stands.
    """
    chosen, note = checked_reason(reason), checked_note(note)
    batch = lock_batch(session, batch_id)
    require_changeable(batch)
    now = installation.clock()
    lists: set[int] = set()
    count = 0
    for piece in _standing(session, batch):
        count += len(piece)
        ids = [award_id for award_id, _, _ in piece]
        lists.update(number for _, _, number in piece)
        session.execute(
            update(AwardRecord)
            .where(AwardRecord.id.in_(ids))
            .values(revoked_at=now, revoked_by_id=revoked_by_id, revocation_reason=chosen, revocation_note=note)
            .execution_options(synchronize_session=False)
        )
        told = [_mail(installation, award_id) for award_id, person_id, _ in piece if person_id is not None]
        if told:
            insert_many(session, OutboxMailRecord, told)
        leave_chunk_line(
            session,
            installation,
            Action.AWARD_WITHDRAWN,
            f"batch/{batch.id}",
            ids,
            organisation=batch.organisation_id,
        )
    if not count:
        raise ConflictError("No badge of this list stands: none was awarded, or all were withdrawn before.")
    for number in sorted(lists):
        renew_list(session, installation, number)
    return count


def count_standing(session: Session, batch: BatchRecord) -> int:
    """Return how many badges of a batch are not withdrawn."""
    return sum(len(piece) for piece in _standing(session, batch, locks=False))


def _standing(
    session: Session, batch: BatchRecord, *, locks: bool = True
) -> Iterator[list[tuple[UUID, int | None, int]]]:
    """Yield the standing awards of a batch in pieces: number, person, status list. locks: and hold them."""
    ids = BatchIds(batch.seed, batch.created_at)
    chunks = select(BatchChunkRecord.first_row, BatchChunkRecord.last_row).where(BatchChunkRecord.batch_id == batch.id)
    for first, last in session.execute(chunks.order_by(BatchChunkRecord.number)).all():
        for start in range(first, last + 1, _AT_ONCE):
            numbers = range(start, min(start + _AT_ONCE, last + 1))
            query = (
                select(AwardRecord.id, AwardRecord.person_id, AwardRecord.status_list_number)
                .where(
                    AwardRecord.id.in_([ids.of_row(number).award_id for number in numbers]),
                    AwardRecord.revoked_at.is_(None),
                )
                .order_by(AwardRecord.id)
            )
            if locks:
                query = query.with_for_update(of=AwardRecord)
            found = [tuple(row) for row in session.execute(query)]
            if found:
                yield found  # type: ignore[misc]


def _mail(installation: Installation, award_id: UUID) -> dict[str, Any]:
    now = installation.clock()
    return {
        "id": installation.random.uuid(),
        "notice": Notice.BADGE_WITHDRAWN.value,
        "award_id": award_id,
        "state": MailState.WAITING.value,
        "attempts": 0,
        "next_attempt_at": now,
        "problem": "",
        "created_at": now,
    }
