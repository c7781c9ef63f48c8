"""A disk that is full and a clock that was put back: the list waits, then every row is awarded once."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import event, select

from badges.errors import UnavailableError
from badges.jobs.batches import award_batch, work_on_due_batches
from badges.services.batch_chunks import begin_batch, take_chunk
from badges.services.batches import find_batch
from badges.storage.records import AwardRecord, BatchRowRecord, BatchState, CredentialTextRecord, OutboxMailRecord
from badges.vocab.audit import WORKER
from tests.instances import Bench
from tests.services.batching import draft, start

PEOPLE = 2_500
LIST = "Name,Email\n" + "".join(f"Person {n},person{n}@example.org\n" for n in range(PEOPLE))
# Room for one chunk of the three, and not for two.
ROOM_PAGES = 600


def counted(bench: Bench, batch_id: int) -> None:
    """Every row once, with all that belongs to it."""
    with bench.service.database.read() as session:
        assert find_batch(session, batch_id).state == BatchState.DONE
        assert Counter(session.scalars(select(BatchRowRecord.state))) == {"awarded": PEOPLE}
        places = session.execute(select(AwardRecord.status_list_number, AwardRecord.status_index)).all()
    assert len(set(places)) == PEOPLE
    for record in (AwardRecord, CredentialTextRecord, OutboxMailRecord):
        assert bench.count(record) == PEOPLE


def test_full_disk_stops_the_list_and_half_of_nothing_is_kept(bench: Bench) -> None:
    batch_id = draft(bench, LIST)
    start(bench, batch_id)
    engine = bench.service.database.engine

    def limit(connection: Any, _record: Any) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + ROOM_PAGES}")

    event.listen(engine, "connect", limit)
    engine.dispose()
    with pytest.raises(UnavailableError, match="full"):
        award_batch(bench.service, batch_id, by=WORKER, processes=1)
    event.remove(engine, "connect", limit)
    engine.dispose()
    done = bench.count(AwardRecord)
    assert done in (1_000, 2_000)
    assert bench.count(CredentialTextRecord) == bench.count(OutboxMailRecord) == done
    bench.clock.advance(minutes=3)  # the lease of the chunk that was being stored
    assert award_batch(bench.service, batch_id, by=WORKER, processes=1)
    counted(bench, batch_id)


def test_clock_that_was_put_back_holds_up_nothing(bench: Bench) -> None:
    batch_id = draft(bench, LIST)
    start(bench, batch_id, seconds=60)
    bench.clock.advance(days=-3)
    with bench.service.database.write() as session:
        assert begin_batch(session, bench.service.installation, batch_id)
        assert take_chunk(session, bench.service.installation, batch_id) is not None  # by somebody who dies
    bench.clock.advance(days=-1)
    assert work_on_due_batches(bench.service, by=WORKER, processes=1) == 1
    counted(bench, batch_id)


def test_time_to_undo_is_kept_by_a_clock_that_is_right(bench: Bench) -> None:
    batch_id = draft(bench, LIST)
    start(bench, batch_id, seconds=60)
    assert work_on_due_batches(bench.service, by=WORKER) == 0
    bench.clock.advance(seconds=59)
    assert work_on_due_batches(bench.service, by=WORKER) == 0
    assert bench.count(AwardRecord) == 0
