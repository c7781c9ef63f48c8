"""The worker's process: Huey on a SQLite file of its own, which only says *when*; *what* is in our tables."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from huey import SqliteHuey, crontab
from huey.serializer import SignedSerializer

from badges.bootstrap import Service, make_service
from badges.jobs.batches import work_on_due_batches
from badges.jobs.signing import hide_memory, start_agent
from badges.jobs.tasks import (
    deliver_due_mail,
    offer_starter_pack,
    publish_registry,
    renew_status_lists,
    seal_audit,
    sign_carriers_anew,
    tidy_up,
)
from badges.services.batch_starting import UNDO_TIME
from badges.vocab.audit import WORKER

_log = logging.getLogger(__name__)
_QUEUE_FILE: Final = "jobs.sqlite"


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue, and what can be put into it: sending due mail, signing status lists again, awarding lists of people
    once the time to undo is over.
    """

    huey: SqliteHuey
    send_mail: Callable[[], Any]
    renew_lists: Callable[[], Any]
    award_batches: Callable[[], Any]


def make_queue(service: Service) -> Queue:
    """Return this installation's queue."""
    secret = service.installation.secrets.secret("jobs").hex()
    service.settings.instance_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    queue = SqliteHuey(
        "badges",
        filename=str(service.settings.instance_folder / _QUEUE_FILE),
        serializer=SignedSerializer(secret=secret),
        results=False,
        fsync=False,
    )

    mailing = threading.Lock()

    def deliver() -> None:
        with mailing:
            deliver_due_mail(service)
            seal_audit(service)

    @queue.task()  # type: ignore[untyped-decorator]
    def send_mail() -> None:
        deliver()

    # What a crash left behind, and what must be tried again, is found here within a minute.
    @queue.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]
    def send_due_mail() -> None:
        deliver()

    @queue.periodic_task(crontab(minute="*/10"))  # type: ignore[untyped-decorator]
    def renew_lists() -> None:
        renew_status_lists(service)
        sign_carriers_anew(service)
        publish_registry(service)

    @queue.periodic_task(crontab(minute="17"))  # type: ignore[untyped-decorator]
    def tidy() -> None:
        tidy_up(service)
        offer_starter_pack(service)

    # One at a time: it takes all cores by itself. What is left lying is found within a minute.
    at_work = threading.Lock()

    def work() -> None:
        if not at_work.acquire(blocking=False):
            return
        try:
            if work_on_due_batches(service, by=WORKER):
                send_mail()
        finally:
            at_work.release()

    @queue.task()  # type: ignore[untyped-decorator]
    def award_batches() -> None:
        work()

    @queue.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]
    def award_due_batches() -> None:
        work()

    def award_soon() -> None:
        award_batches.schedule(delay=int(UNDO_TIME.total_seconds()) + 1)

    return Queue(queue, send_mail, renew_lists, award_soon)


def run_worker(parent: int | None = None) -> None:
    """Work until stopped by a signal. parent: a process to end with, should it be killed."""
    hide_memory()
    service = make_service(by=WORKER)
    if not service.settings.sign_in_web:
        start_agent(service)
    offer_starter_pack(service)
    queue = make_queue(service)
    queue.renew_lists()
    queue.send_mail()
    consumer = queue.huey.create_consumer(
        workers=3,  # a long list holds up no mail
        worker_type="thread",
        periodic=True,
        check_worker_health=True,
        initial_delay=0.1,
        max_delay=1.0,
        backoff=1.15,
    )
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    consumer.run()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    _log.warning("The process that started this worker is gone; ending")
    os._exit(0)
