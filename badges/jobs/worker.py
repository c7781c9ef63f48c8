"""The worker's process."""

from __future__ import annotations

import logging
import os
import threading
import time

from badges.bootstrap import make_service
from badges.jobs.queues import make_queue
from badges.jobs.signing import hide_memory, start_agent
from badges.jobs.tasks import offer_starter_pack
from badges.vocab.audit import WORKER

_log = logging.getLogger(__name__)


def run_worker(parent: int | None = None) -> None:
    """Work until stopped by a signal. parent: a process to end with, should it be killed."""
    hide_memory()
    service = make_service(by=WORKER)
    if not service.settings.sign_in_web:
        start_agent(service)
    offer_starter_pack(service)
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    make_queue(service).work()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    _log.warning("The process that started this worker is gone; ending")
    os._exit(0)
