"""`badges audit`: what was done, and whether the record of it is whole."""

from __future__ import annotations

from pathlib import Path

import click

from badges.bootstrap import ready_service
from badges.cli.output import example, json_option, plain_errors, print_json
from badges.services.audit_heads import seal
from badges.services.audit_verifying import verify_audit


@click.group()
def audit() -> None:
    """The record of what was done."""


@audit.command("verify", epilog=example("badges audit verify --heads /mnt/elsewhere/audit-heads.jsonl"))
@click.option(
    "--heads",
    "files",
    multiple=True,
    metavar="FILE",
    help="A file of signed heads, such as a copy kept elsewhere; those of the settings when left out.",
)
@click.option(
    "--key",
    "trusted_keys",
    multiple=True,
    metavar="KEY",
    help="By which public key (z6Mk…) heads must be signed; the service's own, from the keys folder, when left out.",
)
@click.option("--since", type=click.IntRange(0), default=0, metavar="NUMBER", help="Begin after this line.")
@json_option
@plain_errors
def verify_command(files: tuple[str, ...], trusted_keys: tuple[str, ...], since: int, as_json: bool) -> None:
    """Check every line, their chain, and the signed heads.

    Ends with 0 when all is whole, with 1 when something is not.
    """
    service = ready_service()
    with service.database.read() as session:
        report = verify_audit(
            session,
            service.installation,
            files=[Path(file).absolute() for file in files] or None,
            trusted_keys=list(trusted_keys) or None,
            since=since,
        )
    if as_json:
        print_json(
            {
                "whole": report.is_whole,
                "lines": report.lines,
                "heads": report.heads,
                "sealed": report.sealed,
                "findings": [str(finding) for finding in report.findings],
                "notes": [str(note) for note in report.notes],
            }
        )
    else:
        for finding in report.findings:
            click.echo(f"WRONG: {finding}")
        for note in report.notes:
            click.echo(f"Note: {note}")
        state = "The audit is whole." if report.is_whole else "The audit is NOT whole."
        click.echo(
            f"{state} Lines: {report.lines}. Signed heads that hold: {report.heads}; the newest seals line "
            f"{report.sealed}."
        )
    if not report.is_whole:
        raise SystemExit(1)


@audit.command("seal", epilog=example("badges audit seal"))
@plain_errors
def seal_command() -> None:
    """Sign the newest line, outside the database.

    The worker does it every minute by itself.
    """
    service = ready_service()
    with service.database.read() as session:
        number = seal(session, service.installation)
    click.echo(f"Sealed up to line {number}: {', '.join(map(str, service.settings.audit_heads))}")
