"""Awarding many: rows in a file to badges that are signed, stored, in status lists, and queued for mail.

    python -m benchmarks.batch [ROWS] [DATABASE_URL]

ROWS: 50,000 if left out. The database is SQLite in a fresh folder if none is named. With `--curve FILE` the rate and
the memory over time are written as CSV; with `--plot FILE` they are drawn as SVG.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sqlite3
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select

from badges.bootstrap import Service, make_service
from badges.config import read_settings
from badges.jobs.batches import award_batch
from badges.services.achievements import find_class_to_award
from badges.services.batch_starting import start_batch
from badges.services.batches import MOST_ROWS_IN_THE_SHELL, draft_batch
from badges.services.instance import make_instance, prepare_folders
from badges.services.recipient_files import read_recipients
from badges.standards.jsonld.contexts import CONTEXT_FILES, bundled_context
from badges.storage.queries.batches import rows_done
from badges.storage.records import AwardRecord, BatchSource, CredentialTextRecord, OutboxMailRecord
from badges.storage.schema import upgrade_schema
from badges.vocab.audit import SHELL
from benchmarks._material import make_documents
from benchmarks._measuring import machine, peer_rate, print_table, rate_of, report, times
from benchmarks._plotting import draw_growth

ROWS: Final = 50_000
LEAST: Final = 5_600
AIM: Final = 10_000
LEAST_TIMES_PEER: Final = 60
LEAST_SIZE_BYTES: Final = 1_500
MOST_MEMORY_MB: Final = 500
_MB: Final = 1024 * 1024


def main() -> None:
    arguments = argparse.ArgumentParser(prog="benchmarks.batch")
    arguments.add_argument("rows", nargs="?", type=int, default=int(os.environ.get("BENCH_ROWS", ROWS)))
    arguments.add_argument("database", nargs="?", default="")
    arguments.add_argument("--curve", type=Path)
    arguments.add_argument("--plot", type=Path)
    asked = arguments.parse_args()
    peer = _peer()
    limit = _limit()
    with tempfile.TemporaryDirectory(prefix="badges-") as folder:
        _measure(Path(folder), asked.rows, asked.database, asked.curve, asked.plot, peer, limit)


def _measure(
    folder: Path,
    rows: int,
    database: str,
    curve: Path | None,
    plot: Path | None,
    peer: float | None,
    limit: float,
) -> None:
    service = fresh_service(folder, database)
    file = write_people(folder, rows)
    started = time.perf_counter()
    batch_id = hand_in(service, file)
    drafted = time.perf_counter()
    watch = _Watch(service, batch_id)
    watch.start()
    assert award_batch(service, batch_id, by=SHELL)
    done = time.perf_counter()
    watch.stop()
    with service.database.read() as session:
        for record in (AwardRecord, CredentialTextRecord, OutboxMailRecord):
            assert session.scalar(select(func.count()).select_from(record)) == rows, record
    rate, whole = rows / (done - drafted), rows / (done - started)
    first, last = watch.first_and_last()
    path = service.database.sqlite_path
    size = path.stat().st_size / rows if path else None
    print(f"{machine()}, {rows:,} rows")
    print_table(
        f"Award a batch of {rows:,}, a second",
        (
            ("@digitalbazaar/vc, signing only, one process", peer, ""),
            ("limit: one Ed25519 signature and one row, one process", limit, ""),
            ("ours: rows read, looked at and kept", rows / (drafted - started), ""),
            (
                "ours: signed, stored, status-listed, queued",
                rate,
                f"{times(rate, peer)}; {rate / limit:.2f} of the limit",
            ),
            ("ours: both, one after the other", whole, times(whole, peer)),
            ("ours: the first tenth", first, ""),
            ("ours: the last tenth", last, f"{last / first:.0%} of the first"),
        ),
    )
    print(f"  seconds in all: {done - started:,.1f}; memory of the largest process: {watch.most_mb:,.0f} MB")
    if size is not None:
        print(f"  on disk: {size:,.0f} bytes a badge")
    checks = [
        (f"at least {LEAST:,} a second", rate >= LEAST),
        (f"the aim of {AIM:,} a second", rate >= AIM),
        ("the last tenth within 20% of the first", last >= 0.8 * first),
        (f"memory below {MOST_MEMORY_MB} MB", watch.most_mb < MOST_MEMORY_MB),
    ]
    if peer is not None:
        checks.append((f"at least {LEAST_TIMES_PEER} times @digitalbazaar/vc", rate >= LEAST_TIMES_PEER * peer))
    if size is not None:
        checks.append((f"below {LEAST_SIZE_BYTES:,} bytes a badge on disk", size < LEAST_SIZE_BYTES))
    report(checks)
    if curve:
        watch.write(curve)
    if plot:
        plot.write_text(draw_growth(watch.seen, rows))
    service.database.close()


def write_people(folder: Path, rows: int) -> Path:
    """Return a file with so many people."""
    file = folder / "people.csv"
    with file.open("w") as opened:
        opened.write("email,name\n")
        opened.writelines(f"person{n}@example.org,Person Number {n}\n" for n in range(rows))
    return file


def hand_in(service: Service, file: Path) -> int:
    """Hand a file in, to be awarded at once. Returns the number of the batch."""
    with service.database.write() as session, file.open("rb") as opened:
        batch = draft_batch(
            session,
            service.installation,
            find_class_to_award(session, "supporter", None),
            read_recipients(opened),
            source=BatchSource.SHELL,
            keeps_cells=False,
            most_rows=MOST_ROWS_IN_THE_SHELL,
        )
    with service.database.write() as session:
        start_batch(session, service.installation, batch.id, undo_time=timedelta(0))
    return batch.id


def variables_of(folder: Path, database: str = "") -> dict[str, str]:
    """Return what leads the service in this folder."""
    return {
        "BADGES_INSTANCE": f"{folder}/instance",
        "BADGES_KEYS": f"{folder}/keys",
        "BADGES_BASE_URL": "https://badges.example.org",
        "BADGES_SMTP_URL": "smtp://127.0.0.1:2525",
        **({"BADGES_DATABASE_URL": database} if database else {}),
    }


def fresh_service(folder: Path, database: str) -> Service:
    service = make_service(read_settings(variables_of(folder, database)))
    prepare_folders(service.installation)
    upgrade_schema(service.database)
    with service.database.write() as session:
        make_instance(session, service.installation, organisation=None, admin_email=None)
    return service


class _Watch:
    """Looks twice a second how many rows are done, and how much memory this process and its children have."""

    def __init__(self, service: Service, batch_id: int) -> None:
        self._service, self._batch_id = service, batch_id
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.seen: list[tuple[float, int, float]] = []
        self._begun = time.perf_counter()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        self._thread.join()
        self._look()

    def _run(self) -> None:
        while not self._ending.wait(0.5):
            self._look()

    def _look(self) -> None:
        with self._service.database.read() as session:
            done = rows_done(session, self._batch_id)
        self.seen.append((time.perf_counter() - self._begun, done, _largest_mb()))

    @property
    def most_mb(self) -> float:
        return max(memory for _, _, memory in self.seen)

    def first_and_last(self) -> tuple[float, float]:
        """Return the rates of the first and the last tenth of the rows; the start of the processes is left out."""
        seen = [(at, done) for at, done, _ in self.seen if done]
        total = seen[-1][1]
        lower = [each for each in seen if each[1] <= max(total * 0.1, seen[min(2, len(seen) - 1)][1])]
        upper = [each for each in seen if each[1] >= min(total * 0.9, seen[max(-3, -len(seen))][1])]
        return _rate(lower), _rate(upper)

    def write(self, path: Path) -> None:
        with path.open("w", newline="") as opened:
            writer = csv.writer(opened)
            writer.writerow(("seconds", "awarded", "memory_mb"))
            writer.writerows((f"{at:.1f}", done, f"{memory:.0f}") for at, done, memory in self.seen)


def _rate(seen: list[tuple[float, int]]) -> float:
    (begin, before), (end, after) = seen[0], seen[-1]
    return (after - before) / (end - begin) if end > begin else float(after)


def _largest_mb() -> float:
    ours = [os.getpid(), *_children(os.getpid())]
    return max(_memory_mb(each) for each in ours)


def _children(process: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def _memory_mb(process: int) -> float:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / _MB
    except OSError:
        return 0.0


def _peer() -> float | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "material.json"
        contexts = {url: bundled_context(url) for url in CONTEXT_FILES}
        path.write_text(json.dumps({"documents": list(make_documents(50)), "contexts": contexts}))
        return peer_rate("sign_peer.mjs", path, seconds=3)


def _limit() -> float:
    """Return how often a process can sign 64 bytes and insert a row of that size, a thousand to a transaction."""
    key = Ed25519PrivateKey.generate()
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(f"{folder}/limit.sqlite")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE badge (id INTEGER PRIMARY KEY, content BLOB)")

        def work() -> None:
            with connection:
                connection.executemany(
                    "INSERT INTO badge (content) VALUES (?)", [(key.sign(b"h" * 64) * 4,) for _ in range(1_000)]
                )

        rate = rate_of(work, items=1_000)
        connection.close()
        return rate


if __name__ == "__main__":
    main()
