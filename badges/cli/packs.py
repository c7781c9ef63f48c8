"""`badges packs`: badges that are made once and shared."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy.orm import Session

from badges.bootstrap import ready_service
from badges.cli.output import example, json_option, plain_errors, print_json, write_output
from badges.cli.verify import read_documents
from badges.errors import InvalidInputError
from badges.network.sources import MapFetcher
from badges.services.class_comparing import differences, is_other_picture
from badges.services.organisations import find_organisation
from badges.services.own_documents import own_fetcher
from badges.services.pack_adopting import ClassChange, adopt_pack, list_changes, take_update
from badges.services.pack_making import PackInput, publish_own_pack
from badges.services.pack_signing import import_pack, open_pack
from badges.services.packs import LARGEST_PACK_BYTES, find_own_pack, find_pack, find_pack_version, pack_of, search_packs
from badges.storage.records import PackRecord
from badges.vocab.json import JsonObject

_pack_argument = click.argument("pack", metavar="PACK")
_organisation_argument = click.argument("organisation", metavar="SLUG")


@click.group()
def packs() -> None:
    """Packs of badges, made once and shared. Their format: docs/packs.md."""


@packs.command("list", epilog=example("badges packs list"))
@json_option
@plain_errors
def list_command(as_json: bool) -> None:
    """Show the packs that are here. Each with how many organisations use it."""
    service = ready_service()
    with service.database.read() as session:
        page = search_packs(session)
        found = list(page.found)
        for number in range(2, page.pages + 1):
            found += search_packs(session, page=number).found
        rows = [_summary(pack) | {"used_by": used_by} for pack, used_by in found]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['pack']}  version {row['version']}  used by {row['used_by']}  {row['name']} ({row['by']})")


@packs.command("adopt", epilog=example("badges packs adopt starter county-library"))
@_pack_argument
@_organisation_argument
@click.argument("badges", metavar="[BADGE...]", nargs=-1)
@plain_errors
def adopt_command(pack: str, organisation: str, badges: tuple[str, ...]) -> None:
    """Give an organisation the badges of a pack. All of them when none is named."""
    service = ready_service()
    with service.database.write() as session:
        version = find_pack_version(session, find_pack(session, pack))
        for slug in badges:
            pack_of(version).find_class(slug)
        home = find_organisation(session, organisation)
        count = adopt_pack(session, service.installation, home, version, only=badges or None)
    click.echo(f"Added: {count}")


@packs.command("update", epilog=example("badges packs update starter county-library --dry-run"))
@_pack_argument
@_organisation_argument
@click.option("--add", "new", multiple=True, metavar="BADGE", help="A new badge to add. May be given several times.")
@click.option("--dry-run", is_flag=True, help="Only show what is different.")
@plain_errors
def update_command(pack: str, organisation: str, new: tuple[str, ...], dry_run: bool) -> None:
    """Take the newer version of a pack. What was awarded, and notes of one's own, stay."""
    service = ready_service()
    if dry_run:
        with service.database.read() as session:
            _print_changes(session, pack, organisation)
        return
    with service.database.write() as session:
        version = find_pack_version(session, find_pack(session, pack))
        count = take_update(session, service.installation, find_organisation(session, organisation), version, new=new)
    click.echo(f"Changed or added: {count}")


def _print_changes(session: Session, pack: str, organisation: str) -> None:
    version = find_pack_version(session, find_pack(session, pack))
    for change in list_changes(session, find_organisation(session, organisation), version):
        click.echo(f"{change.slug}: {_what(change)}")


def _what(change: ClassChange) -> str:
    if change.before is None or change.after is None:
        return "new" if change.before is None else "not in the pack any more; it stays as it is"
    fields = [str(each.label) for each in differences(change.before, change.after)]
    picture = ["Picture"] if is_other_picture(change.before, change.after) else []
    return ", ".join(picture + fields)


@packs.command("export", epilog=example("badges packs export starter --output starter.json"))
@_pack_argument
@click.option("--version", type=click.IntRange(min=1), help="Which version; the newest when left out.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it.")
@plain_errors
def export_command(pack: str, version: int | None, output: Path | None) -> None:
    """Write a pack for another installation. It is exactly as it was signed."""
    service = ready_service()
    with service.database.read() as session:
        content = find_pack_version(session, find_pack(session, pack), version).content
    write_output(content.encode(), output, is_text=True)


@packs.command("import", epilog=example("badges packs import journal-clubs.json"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--documents",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A JSON file from address to file: documents that are not asked for over the network, as for `badges verify`.",
)
@json_option
@plain_errors
def import_command(file: Path, documents: Path | None, as_json: bool) -> None:
    """Bring in a pack of another installation. Its signature is checked, and its pictures are made safe."""
    service = ready_service()
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST_PACK_BYTES + 1)
    except OSError as problem:
        raise InvalidInputError(
            'The file "%(path)s" cannot be read: %(problem)s.', path=file, problem=problem.strerror
        ) from problem
    with service.database.read() as session:
        fetcher = own_fetcher(session, service.installation, service.web_fetcher)
        opened = open_pack(data, MapFetcher(read_documents(documents), fetcher) if documents else fetcher)
    with service.database.write() as session:
        summary = _summary(import_pack(session, service.installation, opened, by=None).pack)
    if as_json:
        print_json(summary)
    else:
        click.echo(f"{summary['pack']}  version {summary['version']}  {summary['name']} ({summary['by']})")


@packs.command("publish", epilog=example("badges packs publish county-library 'Journal clubs' reader journal-club"))
@_organisation_argument
@click.argument("name", metavar="NAME")
@click.argument("badges", metavar="BADGE...", nargs=-1, required=True)
@click.option("--description", default="", metavar="TEXT", help="What it is for; its name when left out.")
@click.option("--licence", default="CC-BY-4.0", show_default=True, metavar="SPDX", help="For those who use it.")
@click.option("--credit", default="", metavar="TEXT", help="Whom to name; the organisation when left out.")
@click.option("--next", "next_of", metavar="PACK", help="The pack of which this is the next version.")
@json_option
@plain_errors
def publish_command(
    organisation: str,
    name: str,
    badges: tuple[str, ...],
    description: str,
    licence: str,
    credit: str,
    next_of: str | None,
    as_json: bool,
) -> None:
    """Sign and publish a pack of own badges. Its texts stay as they are."""
    service = ready_service()
    with service.database.write() as session:
        home = find_organisation(session, organisation)
        record = find_own_pack(session, home, next_of) if next_of else None
        texts = pack_of(find_pack_version(session, record)).texts if record else ()
        given = PackInput(
            name=name,
            description=description or name,
            licence=licence,
            credit=credit or home.name,
            classes=badges,
            texts=tuple((each.title, each.text) for each in texts),
        )
        summary = _summary(publish_own_pack(session, service.installation, home, given, record).pack)
    if as_json:
        print_json(summary)
    else:
        click.echo(f"{summary['pack']}  version {summary['version']}  {summary['name']} ({summary['by']})")


def _summary(pack: PackRecord) -> JsonObject:
    return {
        "pack": pack.address,
        "name": pack.name,
        "version": pack.newest_version,
        "by": pack.publisher_name,
        "publisher": pack.publisher,
    }
