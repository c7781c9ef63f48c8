"""`badges organisations merge|succeed|move|import`: how organisations change, and how many come at once."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from badges.bootstrap import ready_service
from badges.cli.output import example, json_option, plain_errors, print_json
from badges.errors import InvalidInputError
from badges.services.mergers import merge, plan_merger, succeed
from badges.services.organisation_import import import_organisations, read_rows
from badges.services.organisation_tree import move_organisation
from badges.services.organisations import find_organisation

_LARGEST_BYTES = 2 * 1024 * 1024


@click.command("merge", epilog=example("badges organisations merge anytown-library newtown-library --dry-run"))
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--dry-run", is_flag=True, help="Only show what would move.")
@json_option
@plain_errors
def merge_command(old: str, new: str, dry_run: bool, as_json: bool) -> None:
    """Make OLD a part of NEW, for ever. Classes and people move; badges that OLD awarded stay valid."""
    service = ready_service()
    if dry_run:
        with service.database.read() as session:
            plan = plan_merger(
                session, service.installation, find_organisation(session, old), find_organisation(session, new)
            )
    else:
        with service.database.write() as session:
            plan = merge(
                session, service.installation, find_organisation(session, old), find_organisation(session, new)
            )
    if as_json:
        print_json(asdict(plan))
        return
    for name, count in asdict(plan).items():
        click.echo(f"{name + ':':13}{count}")


@click.command(
    "succeed",
    epilog=example(
        "badges organisations succeed nhs-england did:web:old.example.org --name 'Health Education England'"
    ),
)
@click.argument("successor", metavar="SLUG")
@click.argument("old", metavar="SLUG|DID|URL")
@click.option("--name", default="", metavar="TEXT", help="What the older one was called; needed for one elsewhere.")
@json_option
@plain_errors
def succeed_command(successor: str, old: str, name: str, as_json: bool) -> None:
    """Sign that an older issuer is now part of SLUG. It may be elsewhere. Withdraw it with badges endorse withdraw."""
    service = ready_service()
    with service.database.write() as session:
        home = find_organisation(session, successor)
        is_elsewhere = old.startswith(("did:", "https://"))
        called = name or ("" if is_elsewhere else find_organisation(session, old).name)
        record = succeed(session, service.installation, home, old, name=called)
        summary = {"id": str(record.id), "about": record.endorsed_id, "says": record.comment}
    if as_json:
        print_json(summary)
    else:
        click.echo(f"id: {summary['id']}\n{summary['says']}")


@click.command("move", epilog=example("badges organisations move anytown-library --above north-west"))
@click.argument("slug", metavar="SLUG")
@click.option("--above", metavar="SLUG", help="What it is to be below; nothing when left out.")
@plain_errors
def move_command(slug: str, above: str | None) -> None:
    """Put an organisation below another. Roles "for all below" follow at once."""
    service = ready_service()
    with service.database.write() as session:
        found = find_organisation(session, slug)
        move_organisation(session, service.installation, found, find_organisation(session, above) if above else None)
    click.echo(f"{slug} is below {above or 'none'}.")


@click.command("import", epilog=example("badges organisations import services.csv --dry-run"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only check the rows.")
@json_option
@plain_errors
def import_command(file: Path, dry_run: bool, as_json: bool) -> None:
    """Add many organisations from a CSV file, and invite their owners. Columns: name, email, kind, above, slug.

    All rows are checked first; with one mistake nothing is added. Rows whose organisation is there already are passed
    over, so the same file can be sent again.
    """
    service = ready_service()
    try:
        with file.open("rb") as stream:
            data = stream.read(_LARGEST_BYTES + 1)
    except OSError as problem:
        raise InvalidInputError(
            'The file "%(path)s" cannot be read: %(problem)s.', path=file, problem=problem.strerror
        ) from problem
    if len(data) > _LARGEST_BYTES:
        raise InvalidInputError("The file is too large: at most 2 megabytes.")
    rows = read_rows(data)
    with service.database.write() as session:
        done = import_organisations(session, service.installation, rows, dry_run=dry_run)
    summary = {"rows": len(rows), "added": done.added, "there": done.there, "dry_run": dry_run}
    if as_json:
        print_json(summary)
    else:
        click.echo(f"{'Would add' if dry_run else 'Added'}: {done.added}. There already: {done.there}.")


COMMANDS = (merge_command, succeed_command, move_command, import_command)
"""What is added to `badges organisations`."""
