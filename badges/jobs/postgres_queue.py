"""The queue of an installation on PostgreSQL: Procrastinate, for any number of workers on any number of machines.

Its tables are in a schema of their own, and hold nothing that would be missed: another version of Procrastinate
makes them anew.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import time
from contextlib import suppress
from functools import partial
from importlib.metadata import version
from typing import Any, Final

from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.schema import SchemaManager
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from badges.bootstrap import Service
from badges.errors import UnavailableError
from badges.jobs.duties import AT_A_TIME, AT_START, SCHEDULE, Duties
from badges.services.batch_starting import UNDO_TIME
from badges.storage.engine import Database

_log = logging.getLogger(__name__)
_SCHEMA: Final = "badges_jobs"
_MADE_BY: Final = f"procrastinate {version('procrastinate')}"
# Any number; whoever makes the tables holds it.
_LOCK: Final = 4_180_203_391
_PAUSE_SECONDS: Final = 5
_POOL_SECONDS: Final = 5.0
_GRACE_SECONDS: Final = 10


class PostgresQueue:
    """A `Queue`."""

    def __init__(self, service: Service) -> None:
        self._database = service.database
        url = service.database.engine.url.set(drivername="postgresql")
        connecting: dict[str, Any] = {
            "conninfo": url.render_as_string(hide_password=False),
            "kwargs": {"options": f"-c search_path={_SCHEMA}"},
            "timeout": _POOL_SECONDS,
            "min_size": 1,
        }
        # Asking and working are apart: who only asks needs no connection before.
        self._asking = App(connector=SyncPsycopgConnector(max_size=2, **connecting))
        self._working = App(connector=PsycopgConnector(max_size=AT_A_TIME + 2, **connecting))
        duties = Duties(service)
        # While one waits in the queue, no second is put there.
        for name, cron in SCHEDULE.items():
            for task in (name, f"{name}_in_time"):
                self._working.task(name=task, queueing_lock=name)(partial(_do, getattr(duties, name)))
            self._working.periodic(cron=cron)(self._working.tasks[f"{name}_in_time"])
        self._is_open = False
        self._is_told_to_end = False
        self._under_way: tuple[asyncio.AbstractEventLoop, asyncio.Future[None]] | None = None

    def send_mail(self) -> None:
        """As `Queue`."""
        self._ask("send_mail")

    def award_batches(self) -> None:
        """As `Queue`."""
        # Another one may be waiting for an earlier list, so it is not the only one.
        self._ask("award_batches", schedule_in={"seconds": int(UNDO_TIME.total_seconds()) + 1}, is_only=False)

    def _ask(self, name: str, *, is_only: bool = True, **more: Any) -> None:
        """Put a duty into the queue. is_only: not while the same one waits there."""
        try:
            if not self._is_open:
                self._asking.open()
                self._is_open = True
            self._asking.configure_task(name=name, queueing_lock=name if is_only else None, **more).defer()
        except AlreadyEnqueued:
            return
        except ConnectorException as problem:
            raise UnavailableError("The queue in PostgreSQL does not answer.") from problem

    def work(self) -> None:
        """As `Queue`. While PostgreSQL is gone it waits, and goes on when it is back."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._end)
        while True:
            try:
                make_tables(self._database)
                for name in AT_START:
                    self._ask(name)
                asyncio.run(self._work())
            except (ConnectorException, DBAPIError, OSError, UnavailableError) as problem:
                _log.error("The queue in PostgreSQL does not answer: %s", problem)
            if self._is_told_to_end:
                # A list that is being awarded would hold up the end; its chunks are taken again when their leases end.
                os._exit(0)
            # Procrastinate returns, too, when it has lost its connection.
            time.sleep(_PAUSE_SECONDS)

    async def _work(self) -> None:
        async with self._working.open_async():
            working = asyncio.ensure_future(
                self._working.run_worker_async(
                    concurrency=AT_A_TIME,
                    delete_jobs="always",
                    shutdown_graceful_timeout=_GRACE_SECONDS,
                    install_signal_handlers=False,
                )
            )
            self._under_way = asyncio.get_running_loop(), working
            try:
                with suppress(asyncio.CancelledError):
                    await working
            finally:
                self._under_way = None

    def _end(self, *_: object) -> None:
        """End as a supervisor tells it: after what is under way, or at once where it only waits for PostgreSQL."""
        if self._under_way is None:
            os._exit(0)
        self._is_told_to_end = True
        loop, working = self._under_way
        loop.call_soon_threadsafe(working.cancel)


def _do(duty: Any, timestamp: int = 0) -> None:  # noqa: ARG001 — the moment that the schedule says
    duty()


def make_tables(database: Database) -> None:
    """Make Procrastinate's tables where they are missing, or of another version. Raises DBAPIError."""
    with database.engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
        made_by = connection.scalar(
            text("SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = :name"),
            {"name": _SCHEMA},
        )
        if made_by == _MADE_BY:
            return
        for step in (
            f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE",
            f"CREATE SCHEMA {_SCHEMA}",
            f"COMMENT ON SCHEMA {_SCHEMA} IS '{_MADE_BY}'",
            f"SET LOCAL search_path TO {_SCHEMA}",
        ):
            connection.execute(text(step))
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute(SchemaManager.get_schema())
