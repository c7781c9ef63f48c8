"""The queue of an installation on one machine: Huey on a SQLite file of its own."""

from __future__ import annotations

from typing import Final

from huey import SqliteHuey, crontab
from huey.serializer import SignedSerializer

from badges.bootstrap import Service
from badges.jobs.duties import AT_A_TIME, AT_START, SCHEDULE, Duties
from badges.services.batch_starting import UNDO_TIME

_QUEUE_FILE: Final = "jobs.sqlite"


class FileQueue:
    """A `Queue`. What is in the file is signed: who can write it still cannot have anything done."""

    def __init__(self, service: Service) -> None:
        folder = service.settings.instance_folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.huey = SqliteHuey(
            "badges",
            filename=str(folder / _QUEUE_FILE),
            serializer=SignedSerializer(secret=service.installation.secrets.secret("jobs").hex()),
            results=False,
            fsync=False,
        )
        duties = Duties(service)
        self._asked = {name: self.huey.task(name=name)(getattr(duties, name)) for name in SCHEDULE}
        for name, cron in SCHEDULE.items():
            self.huey.periodic_task(crontab(*cron.split()), name=f"{name}_in_time")(getattr(duties, name))

    def send_mail(self) -> None:
        """As `Queue`."""
        self._asked["send_mail"]()

    def award_batches(self) -> None:
        """As `Queue`."""
        self._asked["award_batches"].schedule(delay=int(UNDO_TIME.total_seconds()) + 1)

    def work(self) -> None:
        """As `Queue`."""
        for name in AT_START:
            self._asked[name]()
        self.huey.create_consumer(
            workers=AT_A_TIME,
            worker_type="thread",
            periodic=True,
            check_worker_health=True,
            initial_delay=0.1,
            max_delay=1.0,
            backoff=1.15,
        ).run()
