"""The queue in PostgreSQL, with workers as they really run: several, ended, and with the database gone for a while."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, select, text, update

from badges.errors import UnavailableError
from badges.issuing.recipients import read_text
from badges.jobs.postgres_queue import PostgresQueue, make_tables
from badges.services.achievements import find_class_to_award
from badges.services.batch_starting import start_batch
from badges.services.batches import draft_batch, find_batch
from badges.storage.records import (
    AwardRecord,
    BatchChunkRecord,
    BatchSource,
    BatchState,
    MailState,
    OutboxMailRecord,
    PersonRecord,
)
from tests.instances import Bench

PEOPLE = 120
PATIENCE_SECONDS = 60


@contextmanager
def workers(bench: Bench, count: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run workers as `badges worker` does; end them as a supervisor does."""
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "badges.jobs", str(os.getpid())],
            env={**os.environ, **bench.variables()},
            cwd=Path(__file__).parents[2],
        )
        for _ in range(count)
    ]
    try:
        yield running
        for each in running:
            each.send_signal(signal.SIGTERM)
        assert [each.wait(PATIENCE_SECONDS) for each in running] == [0] * count
    finally:
        for each in running:
            each.kill()
            each.wait()


def follow_the_clock(bench: Bench) -> None:
    """Have the same time as the workers."""
    bench.clock.now = datetime.now(UTC).replace(microsecond=0)


def begin(bench: Bench) -> int:
    follow_the_clock(bench)
    people = "".join(f"Person {n},person{n}@example.org\n" for n in range(PEOPLE))
    with bench.service.database.write() as session:
        version = find_class_to_award(session, "supporter", None)
        batch = draft_batch(session, bench.service.installation, version, read_text(people), source=BatchSource.WEB)
        batch_id = batch.id
    with bench.service.database.write() as session:
        start_batch(session, bench.service.installation, batch_id, undo_time=timedelta(0))
    return batch_id


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.1)


def is_done(bench: Bench, batch_id: int) -> bool:
    with bench.service.database.read() as session:
        states = Counter(session.scalars(select(OutboxMailRecord.state)))
        return find_batch(session, batch_id).state == BatchState.DONE and states == {MailState.SENT: PEOPLE}


def test_two_workers_award_each_row_once_and_end_when_told(postgres_bench: Bench) -> None:
    batch_id = begin(postgres_bench)
    with workers(postgres_bench, 2):
        wait_for(lambda: is_done(postgres_bench, batch_id))
    assert postgres_bench.count(AwardRecord) == postgres_bench.count(PersonRecord) == PEOPLE


def test_mail_that_is_asked_for_waits_once_and_goes_out(postgres_bench: Bench) -> None:
    queue = PostgresQueue(postgres_bench.service)
    with pytest.raises(UnavailableError):
        queue.send_mail()  # no worker has made its tables yet
    make_tables(postgres_bench.service.database)
    queue.send_mail()
    queue.send_mail()
    assert jobs(postgres_bench) == 1
    with workers(postgres_bench, 1):
        follow_the_clock(postgres_bench)
        wait_for(lambda: jobs(postgres_bench) == 0)
        postgres_bench.award()
        queue.send_mail()
        wait_for(lambda: bool(list(postgres_bench.folders.outbox.glob("*.eml"))))


def test_worker_that_waits_for_the_database_ends_when_told(
    postgres_bench: Bench, capfd: pytest.CaptureFixture[str]
) -> None:
    batch_id = begin(postgres_bench)
    with workers(postgres_bench, 1) as running:
        wait_for(lambda: is_done(postgres_bench, batch_id))
        with gone(postgres_bench):
            wait_for(lambda: "does not answer" in capfd.readouterr().err)
            running[0].send_signal(signal.SIGTERM)
            assert running[0].wait(PATIENCE_SECONDS) == 0


def test_database_that_was_gone_loses_nothing(postgres_bench: Bench) -> None:
    batch_id = begin(postgres_bench)
    with workers(postgres_bench, 2) as running:
        wait_for(lambda: postgres_bench.count(AwardRecord) > 0 or taken(postgres_bench))
        with gone(postgres_bench):
            time.sleep(3)
        assert [each.poll() for each in running] == [None, None]
        with postgres_bench.service.database.write() as session:  # what time does
            session.execute(update(BatchChunkRecord).values(lease_until=None))
            session.execute(
                update(OutboxMailRecord)
                .where(OutboxMailRecord.state == MailState.WAITING)
                .values(next_attempt_at=postgres_bench.clock() - timedelta(days=1))
            )
        PostgresQueue(postgres_bench.service)._ask("award_batches")
        wait_for(lambda: is_done(postgres_bench, batch_id))
    assert postgres_bench.count(AwardRecord) == postgres_bench.count(PersonRecord) == PEOPLE


def taken(bench: Bench) -> bool:
    with bench.service.database.read() as session:
        return bool(session.scalar(select(BatchChunkRecord.number).where(BatchChunkRecord.attempts > 0).limit(1)))


def jobs(bench: Bench) -> int:
    with bench.service.database.read() as session:
        return int(session.scalar(text("SELECT count(*) FROM badges_jobs.procrastinate_jobs WHERE status <> 'failed'")))


@contextmanager
def gone(bench: Bench) -> Iterator[None]:
    """Have the database answer nobody, and throw everybody out."""
    url = make_url(bench.service.settings.database_url)
    engine = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS false"))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": url.database}
        )
        try:
            yield
        finally:
            connection.execute(text(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS true"))
            bench.service.database.close()
    engine.dispose()
