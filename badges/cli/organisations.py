"""`badges organisations`: who awards here."""

from __future__ import annotations

import click

from badges.bootstrap import ready_service
from badges.cli.output import example, json_option, plain_errors, print_json
from badges.errors import ConflictError
from badges.services.evidence import checked_url
from badges.services.invitations import invite_organisation
from badges.services.organisations import (
    checked_identifiers,
    checked_parent,
    create_organisation,
    find_organisation,
    list_organisations,
    slug_of,
)
from badges.services.pack_adopting import adopt_starter_pack
from badges.standards.identity import normalise_email
from badges.storage.records import OrganisationRecord
from badges.vocab.json import JsonObject
from badges.vocab.profile import TAKING_PART, OrganisationKind

_kind_option = click.option(
    "--kind",
    type=click.Choice([kind.value for kind in TAKING_PART]),
    default=OrganisationKind.SERVICE.value,
    help="What it is in the campaign.",
)
_above_option = click.option(
    "--above", metavar="SLUG", help="The nation or region that it is below: who owns that for all below owns it too."
)


@click.group()
def organisations() -> None:
    """The organisations that award here."""


@organisations.command(
    "add", epilog=example("badges organisations add 'County Library Service' --email library@county.example.org")
)
@click.argument("name")
@click.option("--email", required=True, metavar="EMAIL", help="Where to reach it; public in every badge.")
@click.option(
    "--slug", default="", metavar="SLUG", help="Its short name in addresses, for ever; made of NAME when left out."
)
@click.option("--url", default="", metavar="URL", help="Its website; its page here when left out.")
@click.option("--description", default="", metavar="TEXT", help="Who it is, in a sentence or two.")
@click.option("--part-of", nargs=2, metavar="NAME URL", help="The organisation that it is a part of.")
@click.option(
    "--identifier",
    "identifiers",
    multiple=True,
    metavar="TYPE=VALUE",
    help="Another name of it, such as ext:ods=RX1. May be given several times.",
)
@_kind_option
@_above_option
@click.option("--no-pack", is_flag=True, help="Without the badges of the starter pack.")
@json_option
@plain_errors
def add(
    name: str,
    email: str,
    slug: str,
    url: str,
    description: str,
    part_of: tuple[str, str] | None,
    identifiers: tuple[str, ...],
    kind: str,
    above: str | None,
    no_pack: bool,
    as_json: bool,
) -> None:
    """Add an organisation that can award.

    It gets keys and a page of its own, and the badges of the starter pack. Invite its people with `badges people
    invite`, or award in its name with `badges award … --organisation SLUG`.
    """
    service = ready_service()
    with service.database.write() as session:
        if name.strip() in {each.name for each in list_organisations(session)}:
            raise ConflictError(
                'There is an organisation called "%(name)s" already. Two of one name need fuller names.',
                name=name.strip(),
            )
        made = create_organisation(
            session,
            service.installation,
            name=name,
            url=checked_url(url.strip(), field="url"),
            email=normalise_email(email),
            description=description.strip(),
            slug=slug,
            kind=OrganisationKind(kind),
            above=find_organisation(session, above) if above else None,
        )
        made.parent = checked_parent(*part_of) if part_of else None
        made.other_identifiers = checked_identifiers(identifiers) or None
        if not no_pack:
            adopt_starter_pack(session, service.installation, made)
        summary = _summary(made)
    if as_json:
        print_json(summary)
        return
    click.echo(f"{summary['slug']}  {summary['name']}")
    if not slug and not slug_of(name):
        click.echo(
            "Its name has no letters from a to z, so it got a short name that says little; --slug chooses another."
        )


@organisations.command(
    "invite", epilog=example("badges organisations invite 'County Library Service' --email kim@county.example.org")
)
@click.argument("name")
@click.option("--email", required=True, metavar="EMAIL", help="Of its first owner.")
@click.option("--slug", default="", metavar="SLUG", help="Its short name in addresses, for ever.")
@_kind_option
@_above_option
@json_option
@plain_errors
def invite_command(name: str, email: str, slug: str, kind: str, above: str | None, as_json: bool) -> None:
    """Add an organisation, and invite its first owner.

    The mail leads them through the rest in two steps: name, logo, contact, colour; then which badges.
    """
    service = ready_service()
    with service.database.write() as session:
        made = invite_organisation(
            session,
            service.installation,
            name,
            email,
            slug=slug,
            kind=OrganisationKind(kind),
            above=find_organisation(session, above) if above else None,
        )
        summary = _summary(made)
    if as_json:
        print_json(summary)
    else:
        click.echo(f"{summary['slug']}  {summary['name']}\n{summary['email']} gets a mail with the invitation.")


@organisations.command("list", epilog=example("badges organisations list"))
@json_option
@plain_errors
def list_command(as_json: bool) -> None:
    """Show every organisation that takes part. The short name for commands and addresses, and the name."""
    service = ready_service()
    with service.database.read() as session:
        found = [_summary(each) for each in list_organisations(session) if each.kind in TAKING_PART]
    if as_json:
        print_json(found)
    else:
        for each in found:
            click.echo(f"{each['slug']}  {each['name']}")


def _summary(organisation: OrganisationRecord) -> JsonObject:
    return {
        "slug": organisation.slug,
        "name": organisation.name,
        "email": organisation.email,
        "url": organisation.url,
        "kind": organisation.kind,
        "part_of": organisation.merged_into.slug if organisation.merged_into else None,
    }
