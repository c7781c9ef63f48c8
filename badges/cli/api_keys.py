"""`badges api-keys`: the keys with which other systems award for an organisation."""

from __future__ import annotations

from uuid import UUID

import click

from badges.bootstrap import ready_service
from badges.cli.output import example, json_option, plain_errors, print_json
from badges.services.api_keys import DAYS, list_keys, make_key, withdraw_key
from badges.services.organisations import find_organisation
from badges.storage.records import ApiKeyRecord
from badges.vocab.api import ApiScope
from badges.vocab.json import JsonObject


@click.group("api-keys")
def api_keys() -> None:
    """Keys with which other systems award for an organisation."""


@api_keys.command("make", epilog=example('badges api-keys make anytown-hospitals-library "Our learning system"'))
@click.argument("organisation", metavar="SLUG")
@click.argument("name", metavar="NAME")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([scope.value for scope in ApiScope]),
    help="What it is good for; award if left out. Several may be given.",
)
@click.option("--days", type=click.IntRange(1, max(DAYS)), default=max(DAYS), show_default=True, help="For how long.")
@json_option
@plain_errors
def make_command(organisation: str, name: str, scopes: tuple[str, ...], days: int, as_json: bool) -> None:
    """Make a key, and print it this once."""
    service = ready_service()
    with service.database.write() as session:
        found = find_organisation(session, organisation)
        record, secret = make_key(session, service.installation, found, name, scopes or (ApiScope.AWARD.value,), days)
        summary = {"id": str(record.id), "key": secret, "expires_at": record.expires_at.isoformat()}
    if as_json:
        print_json(summary)
    else:
        click.echo(summary["key"])


@api_keys.command("list", epilog=example("badges api-keys list anytown-hospitals-library"))
@click.argument("organisation", metavar="SLUG")
@json_option
@plain_errors
def list_command(organisation: str, as_json: bool) -> None:
    """Show the keys of an organisation; never the keys themselves."""
    service = ready_service()
    with service.database.read() as session:
        keys = list_keys(session, find_organisation(session, organisation))
    if as_json:
        print_json([_summary(key) for key in keys])
        return
    for key in keys:
        used = f"used {key.used_at:%Y-%m-%d}" if key.used_at else "never used"
        click.echo(f"{key.id}  {key.name}  {', '.join(key.scopes)}  until {key.expires_at:%Y-%m-%d}  {used}")


def _summary(key: ApiKeyRecord) -> JsonObject:
    return {
        "id": str(key.id),
        "name": key.name,
        "scopes": list(key.scopes),
        "expires_at": key.expires_at.isoformat(),
        "used_at": key.used_at.isoformat() if key.used_at else None,
    }


@api_keys.command(
    "withdraw",
    epilog=example("badges api-keys withdraw anytown-hospitals-library 0b9f7c1e-5d1b-4a57-9e37-2f8d3b6c1a00"),
)
@click.argument("organisation", metavar="SLUG")
@click.argument("key_id", metavar="ID", type=click.UUID)
@plain_errors
def withdraw_command(organisation: str, key_id: UUID) -> None:
    """Have a key open nothing any more."""
    service = ready_service()
    with service.database.write() as session:
        withdraw_key(session, service.installation, find_organisation(session, organisation), key_id)
    click.echo("The key opens nothing any more.")
