"""`badges issuers`: the signed list of whom this service knows."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from badges.bootstrap import Service, ready_service
from badges.cli.output import example, fail, json_option, plain_errors, print_json
from badges.errors import InvalidInputError
from badges.services.issuer_lists import ListState, list_state, sign_list
from badges.services.own_issuers import list_own_issuers
from badges.standards.issuer_list import LARGEST_LIST_BYTES, IssuerList, ListedIssuer
from badges.standards.moments import write_moment
from badges.vocab.json import JsonObject


@click.group()
def issuers() -> None:
    """The signed list of organisations that the verifier knows. Its format: docs/issuer-list.md."""


@issuers.command("sign", epilog=example("badges issuers sign list.json"))
@click.argument("file", metavar="FILE|-")
@click.option(
    "--output", metavar="FILE|-", help="Where to write the signed list; when left out, where the verifier reads it."
)
@plain_errors
def sign_command(file: str, output: str | None) -> None:
    """Sign a list as this service, and put it to use."""
    service = ready_service()
    text = _read(file)
    with service.database.read() as session:
        signed = json.dumps(sign_list(session, service.installation, text), ensure_ascii=False, indent=2) + "\n"
    if output == "-":
        sys.stdout.write(signed)
        return
    path = Path(output) if output else service.settings.issuer_list_path
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(signed, encoding="utf-8")
    fresh.replace(path)
    click.echo(f"Signed: {path}")


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(LARGEST_LIST_BYTES + 1)
    try:
        with Path(file).open("rb") as stream:
            return stream.read(LARGEST_LIST_BYTES + 1)
    except OSError as problem:
        raise InvalidInputError(
            'The file "%(path)s" cannot be read: %(problem)s.', path=file, problem=problem.strerror
        ) from problem


@issuers.command("show", epilog=example("badges issuers show"))
@json_option
@plain_errors
def show_command(as_json: bool) -> None:
    """Show whom the verifier knows: our own organisations, and the list. Exit 1 if there is one that is not used."""
    service = ready_service()
    with service.database.read() as session:
        own, state = list_own_issuers(session, service.installation), list_state(session, service.installation)
    if as_json:
        print_json(_as_json(own, state))
    else:
        _print(service, own, state)
    if state.problem is not None:
        raise SystemExit(1)


def _as_json(own: list[ListedIssuer], state: ListState) -> JsonObject:
    found = state.issuer_list
    shown: JsonObject = {"own": [_entry(entry) for entry in own]}
    if state.problem is not None:
        shown["problem"] = str(state.problem)
    if found is not None:
        shown["list"] = {
            "name": found.name,
            "publisher": found.publisher,
            "issued": write_moment(found.issued),
            "validUntil": write_moment(found.valid_until),
            "entries": [_entry(entry) for entry in found.entries],
        }
    return shown


def _entry(entry: ListedIssuer) -> JsonObject:
    shown: JsonObject = {
        "ids": list(entry.ids),
        "name": entry.name,
        "url": entry.url,
        "kind": entry.kind.value,
        "since": entry.since.isoformat(),
    }
    return shown | ({"until": entry.until.isoformat()} if entry.until else {})


def _print(service: Service, own: list[ListedIssuer], state: ListState) -> None:
    click.echo("Our own, part of the campaign:")
    for entry in own:
        click.echo(f"  {entry.name}  {entry.ids[0]}")
    if state.issuer_list is not None:
        _print_list(state.issuer_list)
    elif state.problem is None:
        click.echo(f"There is no list of others ({service.settings.issuer_list_path}).")
    else:
        fail(f"The list in {service.settings.issuer_list_path} is not used. {state.problem}")


def _print_list(issuer_list: IssuerList) -> None:
    click.echo(
        f"{issuer_list.name}, by {issuer_list.publisher}, {issuer_list.issued:%Y-%m-%d} to "
        f"{issuer_list.valid_until:%Y-%m-%d}:"
    )
    for entry in issuer_list.entries:
        until = f" to {entry.until:%Y-%m-%d}" if entry.until else ""
        click.echo(f"  {entry.kind.value:9}{entry.since:%Y-%m-%d}{until}  {entry.name}  {entry.ids[0]}")
