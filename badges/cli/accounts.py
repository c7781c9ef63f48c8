"""`badges accounts`: who can sign in."""

from __future__ import annotations

import click
from sqlalchemy import select

from badges.bootstrap import ready_service
from badges.cli.output import example, json_option, plain_errors, print_json
from badges.errors import NotFoundError
from badges.services.accounts import find_account
from badges.services.second_factors import has_second_factor, reset_factors
from badges.services.sessions import end_sessions
from badges.storage.records import AccountRecord
from badges.vocab.json import JsonObject


@click.group()
def accounts() -> None:
    """Who can sign in."""


@accounts.command("list", epilog=example("badges accounts list"))
@json_option
@plain_errors
def list_command(as_json: bool) -> None:
    """Show every account, and whether it has a second factor."""
    service = ready_service()
    with service.database.read() as session:
        found = session.scalars(select(AccountRecord).order_by(AccountRecord.email)).all()
        rows: list[JsonObject] = [
            {"email": each.email, "second_factor": has_second_factor(session, each), "active": each.is_active}
            for each in found
        ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['email']}  {'second factor' if row['second_factor'] else ''}".rstrip())


@accounts.command("reset-factors", epilog=example("badges accounts reset-factors kim@example.org"))
@click.argument("email", metavar="EMAIL")
@plain_errors
def reset_command(email: str) -> None:
    """Take away the second factors of somebody who lost them.

    App, passkeys and recovery codes go, and all their sessions end. Make sure who asks first.
    """
    service = ready_service()
    with service.database.write() as session:
        account = find_account(session, email)
        if account is None:
            raise NotFoundError("%(email)s has no account here.", email=email)
        reset_factors(session, service.installation, account)
        end_sessions(session, service.installation, account)
    click.echo(f"{email} signs in with a link or a password alone now, and should set up a second factor again.")
