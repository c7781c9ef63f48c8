"""`badges award-batch`: many awards of one badge, from a file."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import FrameType

import click
from sqlalchemy.orm import Session

from badges.bootstrap import Service, ready_service
from badges.cli.output import example, fail, json_option, plain_errors, print_json
from badges.errors import ConflictError
from badges.jobs.batches import award_batch
from badges.services.achievements import find_class_to_award
from badges.services.batch_rows import problem_wording
from badges.services.batch_starting import start_batch
from badges.services.batches import MOST_ROWS_IN_THE_SHELL, draft_batch, find_batch
from badges.services.recipient_files import read_recipients
from badges.storage.queries.batches import BatchCounts, count_rows, rows_aside, rows_done
from badges.storage.records import BatchRecord, BatchSource, RowState
from badges.vocab.audit import SHELL
from badges.vocab.json import JsonObject

_MOST_PRINTED = 20


class _Stop:
    """Whether somebody has pressed Ctrl-C: what is under way is finished, nothing new is begun."""

    def __init__(self) -> None:
        self.is_asked = False

    def ask(self, _signal: int, _frame: FrameType | None) -> None:
        if self.is_asked:
            raise KeyboardInterrupt
        self.is_asked = True
        click.echo("\nStopping after the badges that are being signed …", err=True)


@click.command(
    "award-batch",
    epilog=example(
        "badges award-batch supporter people.csv --dry-run\n"
        "badges award-batch supporter people.xlsx\n"
        "badges award-batch --resume 12"
    ),
)
@click.argument("achievement", metavar="CLASS", required=False)
@click.argument("file", metavar="FILE", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--organisation", metavar="SLUG", help="Who awards, when several organisations have the class.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen to each row.")
@click.option(
    "--resume", type=int, metavar="ID", help="Go on with a batch that was stopped, instead of CLASS and FILE."
)
@click.option("--processes", type=click.IntRange(1, 64), metavar="N", help="How many at a time; as many as cores.")
@json_option
@plain_errors
def award_batch_command(
    achievement: str | None,
    file: Path | None,
    organisation: str | None,
    dry_run: bool,
    resume: int | None,
    processes: int | None,
    as_json: bool,
) -> None:
    """Award a badge to everybody in a list.

    FILE is CSV, tabs, addresses, or an Excel workbook.
    Rows that cannot be awarded are left aside, and hold up no others. Whoever has the badge already keeps the first
    one, so the same file can be given again. Ctrl-C stops after the badges that are being signed; --resume goes on.

    Exit 1 when a row was left aside because it is wrong.
    """
    if (resume is None) == (achievement is None or file is None) or (resume is not None and dry_run):
        raise click.UsageError("Give a CLASS and a FILE, or --resume ID.")
    service = ready_service()
    if achievement is not None and file is not None:
        batch_id = _draft(service, achievement, organisation, file, dry_run=dry_run, as_json=as_json)
        if batch_id is None:
            return
    else:
        assert resume is not None
        batch_id = resume
    _award(service, batch_id, processes, as_json=as_json)


def _draft(
    service: Service, achievement: str, organisation: str | None, file: Path, *, dry_run: bool, as_json: bool
) -> int | None:
    """Keep the rows. Returns the number of the batch; None for a dry run, which keeps nothing."""
    with service.database.write() as session, file.open("rb") as opened:
        version = find_class_to_award(session, achievement, organisation)
        batch = draft_batch(
            session,
            service.installation,
            version,
            read_recipients(opened),
            source=BatchSource.SHELL,
            keeps_cells=False,
            most_rows=MOST_ROWS_IN_THE_SHELL,
        )
        if not dry_run:
            return batch.id
        session.flush()
        counts = count_rows(session, batch)
        result = {**_result(session, batch, counts), "batch": None, "ready": counts.ready}
        session.rollback()
    _print(result, as_json=as_json, what=f"{counts.ready:,} would be awarded")
    return None


def _award(service: Service, batch_id: int, processes: int | None, *, as_json: bool) -> None:
    with service.database.write() as session:
        batch = find_batch(session, batch_id)
        total = count_rows(session, batch).ready
        if total:  # what is under way goes on as it is
            start_batch(session, service.installation, batch_id, undo_time=timedelta(0))
    stop = _Stop()
    with _stopping_by(stop), _progress(service, batch_id, total, is_quiet=as_json) as look:
        is_done = total == 0 or award_batch(
            service, batch_id, by=SHELL, processes=processes, stopping=lambda: stop.is_asked, look=look
        )
    with service.database.read() as session:
        batch = find_batch(session, batch_id)
        counts = count_rows(session, batch)
        result = _result(session, batch, counts)
    _print(result, as_json=as_json, what=f"{counts.awarded:,} awarded")
    if not is_done:
        raise ConflictError(
            "%(left)s rows are left: some are being awarded elsewhere, or it was stopped. "
            "Go on with: badges award-batch --resume %(id)s",
            left=f"{counts.ready:,}",
            id=batch_id,
        )
    if counts.wrong or counts.look:
        fail(f"{counts.wrong + counts.look:,} rows were left aside.")


def _result(session: Session, batch: BatchRecord, counts: BatchCounts) -> JsonObject:
    return {
        "batch": batch.id,
        "awarded": counts.awarded,
        "already_held": counts.held,
        "refused": counts.wrong + counts.look,
        "aside": [
            {
                "row": row.number,
                "email": row.email,
                "state": row.state,
                "why": str(problem_wording(row.problem) or ""),
                **({"suggestion": row.suggestion} if row.suggestion else {}),
            }
            for row in rows_aside(session, batch)
        ],
    }


def _print(result: JsonObject, *, as_json: bool, what: str) -> None:
    if as_json:
        print_json(result)
        return
    aside = [row for row in result["aside"] if row["state"] != RowState.HELD]
    for row in aside[:_MOST_PRINTED]:
        click.echo(f"row {row['row']}: {row['email']}: {row['why']}")
    if len(aside) > _MOST_PRINTED:
        click.echo(f"… --json lists {len(aside):,} of them")
    batch = f"batch {result['batch']}: " if result["batch"] else ""
    click.echo(f"{batch}{what}, {result['already_held']:,} have it already, {result['refused']:,} left aside")


@contextmanager
def _stopping_by(stop: _Stop) -> Iterator[None]:
    before = signal.signal(signal.SIGINT, stop.ask)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress(service: Service, batch_id: int, total: int, *, is_quiet: bool) -> Iterator[Callable[[], None]]:
    """Show on standard error, where that is a terminal, how far it is: rows, rows a second, time left."""
    if is_quiet or not total or not sys.stderr.isatty():
        yield lambda: None
        return
    begun, last = time.monotonic(), 0.0
    with service.database.read() as session:
        before = rows_done(session, batch_id)
    nothing: list[str] | None = None
    with click.progressbar(
        nothing,
        length=total,
        label="Awarding",
        file=sys.stderr,
        show_pos=True,
        item_show_func=lambda rate: str(rate or ""),
    ) as bar:

        def look() -> None:
            nonlocal last
            now = time.monotonic()
            if now - last < 0.2:
                return
            last = now
            with service.database.read() as session:
                done = rows_done(session, batch_id) - before
            bar.update(done - bar.pos, f"{done / (now - begun):,.0f} a second")

        yield look
        last = 0.0
        look()
