"""`badges init`, `serve`, `check`, `sign-in-link`: the installation itself."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import click

from badges.bootstrap import Service, make_service, ready_service
from badges.cli.output import example, fail, json_option, plain_errors, print_json
from badges.config import read_settings, settings_file, write_setting
from badges.errors import ConfigurationError
from badges.services.accounts import find_account
from badges.services.facts import fixed_base_url
from badges.services.health import check_installation
from badges.services.instance import first_sign_in_url, make_instance, prepare_folders
from badges.services.organisations import list_organisations
from badges.services.signing_in import create_sign_in_link, sign_in_url
from badges.storage.engine import Database
from badges.storage.schema import is_schema_current, upgrade_schema


@click.command(
    epilog=example("badges init --base-url https://badges.example.org --organisation 'Anytown Hospitals Library'")
)
@click.option("--base-url", metavar="URL", help="The address that strangers use. It is written into every badge.")
@click.option("--organisation", metavar="NAME", help="The first organisation that awards.")
@click.option(
    "--admin-email",
    metavar="EMAIL",
    help="Who signs in first; also the organisation's contact, public in every badge.",
)
@json_option
@plain_errors
def init(base_url: str | None, organisation: str | None, admin_email: str | None, as_json: bool) -> None:
    """Make the instance, or what it lacks.

    Database, keys, organisation, starter pack, first account. Asks nothing. Safe to repeat: what is there stays as it
    is.
    """
    if base_url is not None:
        _keep_base_url(base_url)
    service = make_service()
    upgrade_schema(service.database)
    with service.database.write() as session:
        if not list_organisations(session):
            prepare_folders(service.installation)
        made = make_instance(session, service.installation, organisation=organisation, admin_email=admin_email)
    if as_json:
        print_json(
            {
                "instance": str(service.settings.instance_folder),
                "base_url": service.settings.base_url,
                "organisation": made.organisation,
                "admin_email": made.admin_email,
                "organisations_made": made.organisations_made,
                "classes_made": made.classes_made,
                "changes": list(made.changes),
            }
        )
    elif made.organisations_made:
        click.echo(f"Made the instance in {service.settings.instance_folder}:")
        click.echo(f"  {made.organisation}, with its keys in {service.settings.keys_folder} (make an offline copy)")
        click.echo(f"  {made.classes_made} badges of the starter pack")
        click.echo(f"  an account for {made.admin_email}")
    for change in made.changes:
        click.echo(f"Changed: {change}")


def _keep_base_url(url: str) -> None:
    """Write the base URL into the settings file, unless badges carry another one. Raises ConfigurationError."""
    environment = {**os.environ, "BADGES_BASE_URL": url}
    settings = read_settings(environment)
    from_environment = os.environ.get("BADGES_BASE_URL")
    if from_environment and read_settings().base_url != settings.base_url:
        raise ConfigurationError(
            "BADGES_BASE_URL says %(environment)s and --base-url says %(option)s. Leave one of them out.",
            environment=from_environment,
            option=url,
        )
    database = Database(settings.database_url)
    try:
        if is_schema_current(database):
            with database.read() as session:
                stored = fixed_base_url(session)
            if stored and stored != settings.base_url:
                raise ConfigurationError(
                    "The badges of this instance carry the address %(stored)s for ever, so it cannot become %(new)s. "
                    "Start it as before (make run PORT=…), or use another instance: BADGES_INSTANCE and BADGES_KEYS.",
                    stored=stored,
                    new=settings.base_url,
                )
    finally:
        database.close()
    path = settings_file()
    if not path.exists() or read_settings({**os.environ, "BADGES_BASE_URL": ""}).base_url != settings.base_url:
        write_setting(path, "base_url", settings.base_url)


@click.command(epilog=example("badges serve --port 8123"))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option("--no-worker", is_flag=True, help="The pages alone; `badges worker` runs elsewhere.")
@plain_errors
def serve(host: str, port: int, no_worker: bool) -> None:
    """Start the web service and its background worker. Ctrl-C ends both."""
    from badges.web.apart import run_apart
    from badges.web.server import run_server

    service = ready_service()
    run = run_server if service.settings.sign_in_web else run_apart
    run(service, host, port, _welcome(service, port), with_worker=not no_worker)


@click.command(epilog=example("badges worker"))
@plain_errors
def worker() -> None:
    """Run the background worker by itself.

    It sends mails and renews status lists; with BADGES_SIGN_IN_WEB=0 it signs for the web process. `badges serve`
    starts one unless told otherwise.
    """
    from badges.jobs.worker import run_worker

    ready_service()
    run_worker()


def _welcome(service: Service, port: int) -> str:
    with service.database.write() as session:
        link = first_sign_in_url(session, service.installation)
    lines = [f"The badge service is at {service.settings.base_url}"]
    if link:
        lines.append(f"Sign in, once, with this link: {link}")
    else:
        lines.append("Sign in at " + service.settings.base_url + "/sign-in, or make a link: badges sign-in-link EMAIL")
    expected = urlsplit(service.settings.base_url).port
    if service.settings.is_trial and expected not in (None, port):
        lines.append(f"It listens on port {port}, but its addresses name port {expected}: links will not work.")
    if not service.settings.smtp_url:
        lines.append(f"Mails are written into {service.settings.outbox_folder}")
    return "\n".join([*lines, "Ctrl-C ends it."])


@click.command(epilog=example("badges check"))
@json_option
@plain_errors
def check(as_json: bool) -> None:
    """Look whether all is well, and say what to do.

    Looks at database, keys, base URL, issuer list, mail and clock. Exit 1 if one is not ok.
    """
    service = make_service()
    results = check_installation(service.database, service.installation, service.mailer)
    if as_json:
        print_json([{"name": result.name, "ok": result.ok, "message": result.message} for result in results])
    else:
        for result in results:
            click.echo(f"{'ok  ' if result.ok else 'MEND'}  {result.name}: {result.message}")
    if not all(result.ok for result in results):
        raise SystemExit(1)


@click.command("sign-in-link", epilog=example("badges sign-in-link librarian@example.org"))
@click.argument("email")
@plain_errors
def sign_in_link(email: str) -> None:
    """Print a one-time sign-in link for an account. For when mail does not work."""
    service = ready_service()
    with service.database.write() as session:
        account = find_account(session, email)
        if account is None:
            fail(f"{email} has no account here.")
        click.echo(sign_in_url(service.installation, create_sign_in_link(session, service.installation, account, None)))
