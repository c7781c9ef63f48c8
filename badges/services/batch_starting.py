"""Starting a batch, and taking that back while there is time."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.errors import BadgesError, ConflictError
from badges.services.audit import leave_line
from badges.services.batch_rows import kept_problem
from badges.services.batches import find_batch, lock_batch
from badges.services.context import Installation
from badges.storage.queries.batches import count_rows
from badges.storage.records import BatchChunkRecord, BatchRecord, BatchState
from badges.vocab.audit import Action

UNDO_TIME: Final = timedelta(seconds=60)


def start_batch(
    session: Session, installation: Installation, batch_id: int, *, undo_time: timedelta = UNDO_TIME
) -> BatchRecord:
    """Have the ready rows awarded, once the time to undo is over. Safe to repeat: what is under way stays as it is.

    Raises ConflictError when no row is ready, or the class is retired.
    """
    batch = lock_batch(session, batch_id)
    if batch.state in (BatchState.QUEUED, BatchState.WORKING):
        return batch
    if batch.achievement_version.achievement.retired_at is not None:
        raise ConflictError('"%(name)s" is retired: it is not awarded any more.', name=batch.achievement_version.name)
    ready = count_rows(session, batch).ready
    if not ready:
        if batch.state == BatchState.DONE:  # somebody else was a moment faster, or it was sent twice
            return batch
        raise ConflictError("No row of this list is ready to be awarded.")
    batch.state, batch.starts_at = BatchState.QUEUED, installation.clock() + undo_time
    leave_line(session, installation, Action.BATCH_STARTED, batch.id, organisation=batch.organisation_id, ready=ready)
    return batch


def undo_batch(session: Session, installation: Installation, batch_id: int) -> BatchRecord:
    """Take the start back, while there is time. Nothing of it was signed or sent. Safe to repeat.

    Raises ConflictError when the time is over.
    """
    batch = lock_batch(session, batch_id)
    if batch.state == BatchState.DRAFT:
        return batch
    if batch.state != BatchState.QUEUED or batch.starts_at is None or batch.starts_at <= installation.clock():
        raise ConflictError(
            "It is too late to undo: the badges are being signed. You can withdraw the whole list when it is done."
        )
    was_done = session.scalar(select(BatchChunkRecord.number).where(BatchChunkRecord.batch_id == batch.id).limit(1))
    batch.state = BatchState.DRAFT if was_done is None else BatchState.DONE
    batch.starts_at = None
    leave_line(session, installation, Action.BATCH_UNDONE, batch.id, organisation=batch.organisation_id)
    return batch


def note_problem(session: Session, batch_id: int, problem: BadgesError) -> None:
    """Keep why a batch cannot go on now, for those who watch it. It is forgotten when the batch is done."""
    find_batch(session, batch_id).problem = kept_problem(problem.message, "")
