"""`badges classes`: the badges of an organisation, made and changed from files."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy.orm import Session

from badges.bootstrap import Service, ready_service
from badges.campaign.class_reading import read_class
from badges.campaign.reading import Table, read_toml
from badges.cli.output import example, json_option, plain_errors, print_json
from badges.errors import InvalidInputError
from badges.services.achievements import find_version
from badges.services.class_content import content_of, with_safe_art
from badges.services.classes import (
    add_class,
    bring_back_class,
    copy_class,
    discard_draft,
    find_class,
    publish_draft,
    retire_class,
    save_draft,
    standing_text,
)
from badges.services.frameworks import frameworks
from badges.services.organisations import find_organisation
from badges.storage.queries.achievements import search_classes, state_of
from badges.storage.records import AchievementRecord, AchievementVersionRecord
from badges.vocab.class_content import ClassContent
from badges.vocab.json import JsonObject

_publish_option = click.option("--publish", is_flag=True, help="Publish it at once; otherwise it is a draft.")
_class_argument = click.argument("name", metavar="ORGANISATION/BADGE")


@click.group()
def classes() -> None:
    """Make, change and retire badges. The format of their files: docs/badge-classes.md."""


@classes.command("list", epilog=example("badges classes list anytown-hospitals-library"))
@click.argument("organisation", metavar="SLUG")
@json_option
@plain_errors
def list_command(organisation: str, as_json: bool) -> None:
    """Show the badges of an organisation. Each with where it is in its life."""
    service = ready_service()
    with service.database.read() as session:
        home = find_organisation(session, organisation)
        page = search_classes(session, [home.id])
        found = list(page.found)
        for number in range(2, page.pages + 1):
            found += search_classes(session, [home.id], page=number).found
        rows = [_summary(version) for version in found]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['badge']}  {row['state']}  version {row['version']}  {row['name']}")


@classes.command("add", epilog=example("badges classes add reader.toml --organisation county-library --publish"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--organisation", required=True, metavar="SLUG", help="Whose badge it is.")
@_publish_option
@json_option
@plain_errors
def add_command(file: Path, organisation: str, publish: bool, as_json: bool) -> None:
    """Add a badge that a TOML file describes."""
    service = ready_service()
    content = _read(service, file)
    with service.database.write() as session:
        draft = add_class(session, service.installation, find_organisation(session, organisation), content)
        if publish:
            publish_draft(session, service.installation, draft.achievement)
        summary = _summary(draft)
    _print(summary, as_json)


@classes.command("change", epilog=example("badges classes change county-library/reader reader.toml --publish"))
@_class_argument
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_publish_option
@json_option
@plain_errors
def change_command(name: str, file: Path, publish: bool, as_json: bool) -> None:
    """Change a badge to what a TOML file says. It is its next version; what was awarded stays as it was."""
    service = ready_service()
    content = _read(service, file)
    with service.database.write() as session:
        found = _find(session, name)
        is_other = save_draft(session, service.installation, found, content)
        if publish and is_other:
            publish_draft(session, service.installation, found)
        summary = _summary(standing_text(session, found)) | {"changed": is_other}
    _print(summary, as_json)


@classes.command("publish", epilog=example("badges classes publish county-library/reader"))
@_class_argument
@json_option
@plain_errors
def publish_command(name: str, as_json: bool) -> None:
    """Publish the draft of a badge."""
    service = ready_service()
    with service.database.write() as session:
        summary = _summary(publish_draft(session, service.installation, _find(session, name)))
    _print(summary, as_json)


@classes.command("discard", epilog=example("badges classes discard county-library/reader"))
@_class_argument
@plain_errors
def discard_command(name: str) -> None:
    """Throw a draft away. A badge that was never published goes with it."""
    service = ready_service()
    with service.database.write() as session:
        is_there = discard_draft(session, service.installation, _find(session, name))
    click.echo("The draft is gone." if is_there else "The draft is gone, and the badge with it.")


@classes.command("retire", epilog=example("badges classes retire county-library/reader"))
@_class_argument
@json_option
@plain_errors
def retire_command(name: str, as_json: bool) -> None:
    """Award a badge no more. Badges that were awarded stay valid."""
    _change_state(name, as_json, retire=True)


@classes.command("bring-back", epilog=example("badges classes bring-back county-library/reader"))
@_class_argument
@json_option
@plain_errors
def bring_back_command(name: str, as_json: bool) -> None:
    """Award a retired badge again."""
    _change_state(name, as_json, retire=False)


@classes.command("copy", epilog=example("badges classes copy anytown-hospitals-library/supporter county-library"))
@_class_argument
@click.argument("organisation", metavar="SLUG")
@json_option
@plain_errors
def copy_command(name: str, organisation: str, as_json: bool) -> None:
    """Copy a badge into another organisation. It is a draft there, and names whose it was."""
    service = ready_service()
    with service.database.write() as session:
        found = _find(session, name)
        version = find_version(session, found.organisation.slug, found.slug)
        copied = copy_class(session, service.installation, version, find_organisation(session, organisation))
        summary = _summary(copied)
    _print(summary, as_json)


def _change_state(name: str, as_json: bool, *, retire: bool) -> None:
    service: Service = ready_service()
    with service.database.write() as session:
        found = _find(session, name)
        (retire_class if retire else bring_back_class)(session, service.installation, found)
        summary = _summary(standing_text(session, found))
    _print(summary, as_json)


def _find(session: Session, name: str) -> AchievementRecord:
    organisation, _, badge = name.partition("/")
    if not badge:
        raise InvalidInputError(
            'Say whose badge it is, with a / between: organisation/badge, not "%(name)s".', field="name", name=name
        )
    return find_class(session, organisation, badge)


def _read(service: Service, file: Path) -> ClassContent:
    """Return what a file describes. Raises ConfigurationError naming the field."""
    table = Table(file.name, "badge", read_toml(file.parent, file.name))
    return with_safe_art(read_class(table, frameworks(service.installation)))


def _summary(version: AchievementVersionRecord) -> JsonObject:
    achievement = version.achievement
    return {
        "badge": f"{achievement.organisation.slug}/{achievement.slug}",
        "name": version.name,
        "state": state_of(achievement).value,
        "version": version.version,
        "is_draft": version.published_at is None,
        "licence": content_of(version).licence.value,
    }


def _print(summary: JsonObject, as_json: bool) -> None:
    if as_json:
        print_json(summary)
    else:
        draft = ", draft" if summary["is_draft"] else ""
        click.echo(f"{summary['badge']}  {summary['state']}  version {summary['version']}{draft}  {summary['name']}")
