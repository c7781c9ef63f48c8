"""`badges people`: who may do what in an organisation."""

from __future__ import annotations

import click

from badges.bootstrap import ready_service
from badges.cli.output import example, json_option, plain_errors, print_json
from badges.errors import NotFoundError
from badges.services.accounts import find_account
from badges.services.invitations import invite
from badges.services.organisations import find_organisation
from badges.services.people import Member, checked_roles, find_member, list_members, set_roles
from badges.vocab.json import JsonObject
from badges.vocab.people import Role

_ROLE = click.Choice([role.value for role in Role])


@click.group()
def people() -> None:
    """Who may do what in an organisation."""


@people.command("list", epilog=example("badges people list anytown-hospitals-library"))
@click.argument("organisation", metavar="SLUG")
@json_option
@plain_errors
def list_command(organisation: str, as_json: bool) -> None:
    """Show the people of an organisation, and their roles."""
    service = ready_service()
    members: list[Member] = []
    with service.database.read() as session:
        found = find_organisation(session, organisation)
        page = list_members(session, found)
        members += page.members
        for number in range(2, page.pages + 1):
            members += list_members(session, found, page=number).members
    if as_json:
        print_json([_summary(member) for member in members])
        return
    for member in members:
        below = "  (and all below)" if member.covers_below else ""
        click.echo(f"{member.account.email}  {', '.join(member.roles)}{below}")


@people.command("invite", epilog=example("badges people invite anytown-hospitals-library kim@example.org awarder"))
@click.argument("organisation", metavar="SLUG")
@click.argument("email", metavar="EMAIL")
@click.argument("roles", metavar="ROLE...", nargs=-1, required=True, type=_ROLE)
@click.option("--below", is_flag=True, help="Also in all organisations below it.")
@json_option
@plain_errors
def invite_command(organisation: str, email: str, roles: tuple[str, ...], below: bool, as_json: bool) -> None:
    """Invite somebody by mail. The link counts for two weeks."""
    service = ready_service()
    with service.database.write() as session:
        found = find_organisation(session, organisation)
        record = invite(session, service.installation, found, email, roles, covers_below=below)
        summary = {"id": str(record.id), "email": record.email, "roles": record.roles}
    if as_json:
        print_json(summary)
    else:
        click.echo(f"{summary['email']} gets a mail with the invitation.")


@people.command("give", epilog=example("badges people give anytown-hospitals-library kim@example.org author awarder"))
@click.argument("organisation", metavar="SLUG")
@click.argument("email", metavar="EMAIL")
@click.argument("roles", metavar="ROLE...", nargs=-1, required=True, type=_ROLE)
@click.option("--below", is_flag=True, help="Also in all organisations below it.")
@json_option
@plain_errors
def give_command(organisation: str, email: str, roles: tuple[str, ...], below: bool, as_json: bool) -> None:
    """Give roles to somebody who has an account."""
    service = ready_service()
    with service.database.write() as session:
        found = find_organisation(session, organisation)
        account = find_account(session, email)
        if account is None:
            raise NotFoundError(
                "%(email)s has no account here. Invite them: badges people invite %(slug)s %(email)s %(roles)s",
                email=email,
                slug=organisation,
                roles=" ".join(roles),
            )
        held = {Role(each.role) for each in account.memberships if each.organisation_id == found.id}
        wanted = held | set(checked_roles(roles))
        set_roles(session, service.installation, found, account, wanted, covers_below=below)
        summary = _summary(find_member(session, found, account.id))
    _print(summary, as_json)


@people.command("take", epilog=example("badges people take anytown-hospitals-library kim@example.org awarder"))
@click.argument("organisation", metavar="SLUG")
@click.argument("email", metavar="EMAIL")
@click.argument("roles", metavar="[ROLE...]", nargs=-1, type=_ROLE)
@json_option
@plain_errors
def take_command(organisation: str, email: str, roles: tuple[str, ...], as_json: bool) -> None:
    """Take roles away; all of them when none is named."""
    service = ready_service()
    with service.database.write() as session:
        found = find_organisation(session, organisation)
        account = find_account(session, email)
        if account is None:
            raise NotFoundError("%(email)s has no account here.", email=email)
        member = find_member(session, found, account.id)
        left = [role for role in member.roles if roles and role not in roles]
        set_roles(session, service.installation, found, account, left, covers_below=member.covers_below)
        summary: JsonObject = {"email": account.email, "roles": [role.value for role in left]}
    _print(summary, as_json)


def _print(summary: JsonObject, as_json: bool) -> None:
    if as_json:
        print_json(summary)
    else:
        click.echo(f"{summary['email']}  {', '.join(summary['roles']) or 'no role any more'}")


def _summary(member: Member) -> JsonObject:
    return {
        "email": member.account.email,
        "roles": [role.value for role in member.roles],
        "covers_below": member.covers_below,
    }
