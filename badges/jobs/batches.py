"""Working on batches: chunk after chunk, in as many processes as there are cores.

The truth is in the tables: which chunk is taken, until when, and which is done. A process that dies in the middle of a
chunk leaves nothing of it behind; the chunk is taken again when its lease has run out, and gives the same badges.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from multiprocessing.synchronize import Event
from typing import Final

from badges.bootstrap import Service, make_service
from badges.config import Settings
from badges.errors import BadgesError
from badges.issuing.lints import LintError
from badges.jobs.signing import hide_memory
from badges.services.batch_chunks import (
    BatchChunk,
    begin_batch,
    count_waiting_chunks,
    due_batches,
    finish_batch,
    give_back,
    take_chunk,
)
from badges.services.batch_signing import ChunkSigner
from badges.services.batch_starting import note_problem
from badges.services.batch_storing import ChangedMeanwhileError, refuse_chunk, store_chunk
from badges.vocab.audit import Actor

_log = logging.getLogger(__name__)
_MOST_CHANGES: Final = 5
_LOOK_EVERY_SECONDS: Final = 0.25

Stopping = Callable[[], bool]
Lock = AbstractContextManager[object]


def work_on_due_batches(service: Service, *, by: Actor, processes: int | None = None) -> int:
    """Award what is due. Returns how many batches were looked at. What fails is logged, and tried again later."""
    with service.database.read() as session:
        batch_ids = due_batches(session, service.installation)
    for batch_id in batch_ids:
        try:
            award_batch(service, batch_id, by=by, processes=processes)
        except BadgesError as problem:
            _log.exception("The batch %s could not be awarded now", batch_id)
            with suppress(BadgesError), service.database.write() as session:
                note_problem(session, batch_id, problem)
    return len(batch_ids)


def award_batch(
    service: Service,
    batch_id: int,
    *,
    by: Actor,
    processes: int | None = None,
    stopping: Stopping = lambda: False,
    look: Callable[[], None] = lambda: None,
) -> bool:
    """Award the chunks of a batch that nobody else awards. Returns whether the batch is done.

    processes: how many at a time; as many as there are cores. stopping: whether to end after the chunks that are under
    way. look: called several times a second while others work.

    Raises BadgesError when a chunk cannot be awarded: the others, and those of other processes, are not affected.
    """
    with service.database.write() as session:
        begin_batch(session, service.installation, batch_id)
    with service.database.read() as session:
        waiting = count_waiting_chunks(session, service.installation, batch_id)
    wanted = min(processes or os.cpu_count() or 1, waiting)
    if wanted > 1:
        _award_in_processes(service, batch_id, by, wanted, stopping, look)
    else:
        award_chunks(service, batch_id, stopping=stopping, look=look)
    with service.database.write() as session:
        return finish_batch(session, batch_id)


def award_chunks(
    service: Service,
    batch_id: int,
    *,
    stopping: Stopping = lambda: False,
    look: Callable[[], None] = lambda: None,
    writing: Lock | None = None,
) -> None:
    """Take chunks of a batch and award them, until none is left to take. Raises as award_batch.

    writing: held while something is written, so that processes do not wait for a database that has one writer.
    """
    signer = ChunkSigner(service.installation)
    turn = writing or nullcontext()
    while not stopping():
        with turn, service.database.write() as session:
            chunk = take_chunk(session, service.installation, batch_id)
        if chunk is None:
            return
        try:
            award_chunk(service, signer, chunk, turn)
        except LintError as problem:
            _log.exception("The chunk %s could not be signed", chunk)
            with turn, service.database.write() as session:
                refuse_chunk(session, service.installation, chunk, problem)
        except BaseException:
            with turn, service.database.write() as session:
                give_back(session, chunk)
            raise
        look()


def award_chunk(service: Service, signer: ChunkSigner, chunk: BatchChunk, writing: Lock) -> None:
    """Sign and store one chunk. Raises LintError for what must not be signed, UnavailableError."""
    for _ in range(_MOST_CHANGES):
        with service.database.read() as session:
            prepared = signer.prepare(session, chunk)
        if prepared is None:
            return
        signer.sign(prepared)
        with service.database.read() as session:
            signer.verify(session, prepared)
        try:
            with writing, service.database.write() as session:
                store_chunk(session, service.installation, chunk, prepared)
        except ChangedMeanwhileError:
            continue
        return
    raise ChangedMeanwhileError("The badge changes again and again while it is being signed.")


def _award_in_processes(
    service: Service, batch_id: int, by: Actor, count: int, stopping: Stopping, look: Callable[[], None]
) -> None:
    context = multiprocessing.get_context("spawn")
    ending = context.Event()
    # SQLite has one writer at a time: who waits for a lock gets it at once, who waits for the file looks again later.
    writing = context.Lock() if service.database.sqlite_path else None
    workers = [
        context.Process(
            target=_run_process, args=(service.settings, by, batch_id, os.getpid(), ending, writing), daemon=True
        )
        for _ in range(count)
    ]
    service.database.close()
    for worker in workers:
        worker.start()
    try:
        while any(worker.is_alive() for worker in workers):
            if stopping():
                ending.set()
            look()
            workers[0].join(_LOOK_EVERY_SECONDS)
            time.sleep(0 if workers[0].is_alive() else _LOOK_EVERY_SECONDS)
    finally:
        ending.set()
        for worker in workers:
            worker.join()
    failed = [worker.exitcode for worker in workers if worker.exitcode]
    if failed and not stopping():
        # What went wrong was said by the process; one that can go on here does, or says it again.
        award_chunks(service, batch_id, stopping=stopping, look=look)


def _run_process(
    settings: Settings, by: Actor, batch_id: int, parent: int, ending: Event, writing: Lock | None
) -> None:
    hide_memory()  # it opens the keys, as the worker does
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent says when to end
    service = make_service(settings, by=by)

    def stopping() -> bool:
        return ending.is_set() or os.getppid() != parent

    try:
        award_chunks(service, batch_id, stopping=stopping, writing=writing)
    except BadgesError as problem:
        _log.error("A process that awards the batch %s ended: %s", batch_id, problem)
        raise SystemExit(1) from problem
    finally:
        service.database.close()
