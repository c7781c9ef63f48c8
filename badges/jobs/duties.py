"""What the worker does of itself and when asked, whichever queue says when."""

from __future__ import annotations

import threading
from typing import Final

from badges.bootstrap import Service
from badges.jobs.batches import work_on_due_batches
from badges.jobs.tasks import (
    deliver_due_mail,
    note_bounces,
    offer_starter_pack,
    publish_registry,
    remind,
    renew_status_lists,
    seal_audit,
    sign_carriers_anew,
    tidy_up,
)
from badges.vocab.audit import WORKER

# How many duties at a time, so that a long list holds up no mail.
AT_A_TIME: Final = 3
# By the name of the duty, as cron writes it. What a crash left behind, what a queue has lost, and what must be tried
# again is found within a minute.
SCHEDULE: Final = {
    "send_mail": "* * * * *",
    "award_batches": "* * * * *",
    "renew": "*/10 * * * *",
    "tidy": "17 * * * *",
}
# What is done as soon as a worker begins.
AT_START: Final = ("send_mail", "award_batches", "renew")


class Duties:
    """The duties of one worker. Each is safe to repeat, and to do on several machines at once."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._mailing = threading.Lock()
        self._awarding = threading.Lock()

    def send_mail(self) -> None:
        """Send what is due. One at a time in this process: there is one connection to the mail server."""
        with self._mailing:
            deliver_due_mail(self._service)
            seal_audit(self._service)

    def award_batches(self) -> None:
        """Award the lists whose time has come. One at a time in this process: it takes all cores by itself."""
        if not self._awarding.acquire(blocking=False):
            return
        try:
            has_awarded = work_on_due_batches(self._service, by=WORKER)
        finally:
            self._awarding.release()
        if has_awarded:
            self.send_mail()

    def renew(self) -> None:
        """Sign again what runs out soon; ask which mails did not arrive."""
        note_bounces(self._service)
        renew_status_lists(self._service)
        sign_carriers_anew(self._service)
        publish_registry(self._service)

    def tidy(self) -> None:
        """Delete what is of no use any more, and look for badges that end soon."""
        tidy_up(self._service)
        remind(self._service)
        offer_starter_pack(self._service)
