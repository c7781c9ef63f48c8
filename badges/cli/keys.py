"""`badges keys`: the signing keys."""

from __future__ import annotations

from pathlib import Path

import click

from badges.bootstrap import make_service, ready_service
from badges.cli.output import example, json_option, plain_errors, print_json, write_private
from badges.errors import ConflictError, InvalidInputError
from badges.services.award_values import find_award
from badges.services.compromise import awards_to_reissue, compromise_key, read_since
from badges.services.key_changes import retire_key, rotate_keys, use_key
from badges.services.key_files import (
    Backup,
    change_passphrase,
    make_backup,
    note_restored,
    read_backup,
    restore_backup,
)
from badges.services.ledger import ledger_url
from badges.services.organisations import find_organisation, list_organisations
from badges.services.signing_keys import list_keys, owner_name, place_of
from badges.services.superseding import supersede_award
from badges.standards.moments import write_moment
from badges.storage.records import SigningKeyRecord
from badges.vocab.json import JsonObject
from badges.vocab.status import SupersessionReason


@click.group()
def keys() -> None:
    """The signing keys. Their private halves are in the keys folder and never printed."""


def _as_json(key: SigningKeyRecord) -> JsonObject:
    return {
        "id": key.id,
        "organisation": key.organisation.slug if key.organisation else None,
        "algorithm": key.algorithm,
        "state": key.state,
        "uri": key.uri,
        "created": key.created_at.isoformat(),
        "compromised_since": write_moment(key.compromised_since) if key.compromised_since else None,
        "public_jwk": key.public_jwk,
    }


def _owner(key: SigningKeyRecord) -> str:
    return key.organisation.slug if key.organisation else "(the service itself)"


def _line(key: SigningKeyRecord) -> str:
    since = f"  since {write_moment(key.compromised_since)}" if key.compromised_since else ""
    place = place_of(key)
    return f"{key.id}  {key.algorithm:6}  {key.state:11}  {key.created_at:%Y-%m-%d}  {place:7}  {_owner(key)}{since}"


@keys.command("list", epilog=example("badges keys list"))
@json_option
@plain_errors
def list_command(as_json: bool) -> None:
    """Show every key that ever signed. Its number, algorithm, state, since when, where it is kept, and whose."""
    service = ready_service()
    with service.database.read() as session:
        found = list_keys(session)
        if as_json:
            print_json([_as_json(key) for key in found])
        else:
            for key in found:
                click.echo(_line(key))


@keys.command("rotate", epilog=example("badges keys rotate --organisation anytown-hospitals-library"))
@click.option("--organisation", metavar="SLUG", help="Whose keys; all when left out, the service's own too.")
@json_option
@plain_errors
def rotate_command(organisation: str | None, as_json: bool) -> None:
    """Make new keys and retire those that signed until now. Old badges stay valid."""
    service = ready_service()
    with service.database.write() as session:
        chosen = [find_organisation(session, organisation)] if organisation else [None, *list_organisations(session)]
        done = rotate_keys(session, service.installation, *chosen)
    left = [{**_as_json(key), "reason": str(reason)} for key, reason in done.left]
    if as_json:
        print_json({"new": [_as_json(key) for key in done.fresh], "left": left})
        return
    if done.fresh:
        click.echo("New keys sign from now on. Make a new backup: badges keys backup FILE")
    for key in done.fresh:
        click.echo(_line(key))
    for key, reason in done.left:
        click.echo(f"Signs on: {_line(key)}\n  {reason}")


@keys.command("use", epilog=example("badges keys use aws-kms:alias/badges --organisation anytown-hospitals-library"))
@click.argument("uri")
@click.option("--organisation", metavar="SLUG", help="Who signs with it.")
@click.option("--service-itself", is_flag=True, help="The service signs with it, in its own name.")
@json_option
@plain_errors
def use_command(uri: str, organisation: str | None, service_itself: bool, as_json: bool) -> None:
    """Sign with a key that was made elsewhere.

    Such as aws-kms:arn:aws:kms:…, in AWS's Key Management Service. Its public half is fetched and published; it signs a
    trial; the old key of the same kind is retired.
    """
    if (organisation is None) is not service_itself:
        raise InvalidInputError("Say who signs with it: --organisation SLUG, or --service-itself.")
    service = ready_service()
    with service.database.write() as session:
        owner = None if organisation is None else find_organisation(session, organisation)
        key = use_key(session, service.installation, owner, uri)
    if as_json:
        print_json(_as_json(key))
        return
    click.echo(f"It signs from now on for {owner_name(key.organisation)}:")
    click.echo(_line(key))


@keys.command("retire", epilog=example("badges keys retire 3f2a9c0d1b7e4455"))
@click.argument("key_id", metavar="ID")
@json_option
@plain_errors
def retire_command(key_id: str, as_json: bool) -> None:
    """Stop signing with one key. It stays published for ever, so its badges stay valid."""
    service = ready_service()
    with service.database.write() as session:
        key = retire_key(session, service.installation, key_id)
        if as_json:
            print_json(_as_json(key))
        else:
            click.echo(f"Retired {key.id}. Badges that it signed stay valid.")


_from_file = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Where the passphrase is; it is asked for when left out.",
)


@keys.command("passphrase", epilog=example("badges keys passphrase --generate"))
@_from_file
@click.option("--generate", is_flag=True, help="Make one by chance, and put it into the file that has it now.")
@json_option
@plain_errors
def passphrase_command(passphrase_file: Path | None, generate: bool, as_json: bool) -> None:
    """Encrypt the key files with another passphrase.

    Stop the service first, and start it with the new one. Broken off, it goes on when it is run again.
    """
    if generate and passphrase_file:
        raise InvalidInputError("Choose one: --generate or --passphrase-file.")
    service = ready_service()
    new = "" if generate else _passphrase(passphrase_file, "New passphrase of the keys", is_new=True)
    with service.database.write() as session:
        count = change_passphrase(session, service.installation, new)
    if as_json:
        print_json({"keys": count})
        return
    click.echo(f"Keys that are encrypted anew: {count}")
    if not generate:
        click.echo("Start the service with it: BADGES_KEY_PASSPHRASE, or BADGES_KEY_PASSPHRASE_FILE.")
    click.echo("Backups that were made before open as they did.")


@keys.command("backup", epilog=example("badges keys backup /media/stick/badge-keys-2026-12-01.jwe"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_from_file
@json_option
@plain_errors
def backup_command(file: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Write all keys and secrets into one encrypted file.

    It has a passphrase of its own, which is asked for, and needs no other. Keep them in two places, offline.
    """
    if file.exists():
        raise ConflictError("There is a file %(file)s already. Choose another name.", file=file)
    service = ready_service()
    passphrase = _passphrase(passphrase_file, "Passphrase of the backup", is_new=True)
    with service.database.write() as session:
        text = make_backup(session, service.installation, passphrase)
        write_private(file, text.encode() + b"\n")
    backup = read_backup(file.read_text(), passphrase)
    if as_json:
        print_json({"file": str(file), "keys": len(backup.keys), "elsewhere": list(backup.elsewhere)})
        return
    click.echo(f"Backed up and read back: {len(backup.keys)} keys, {len(backup.secrets)} secrets, in {file}")
    _say_elsewhere(backup)


@keys.command("restore", epilog=example("badges keys restore /media/stick/badge-keys-2026-12-01.jwe"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_from_file
@json_option
@plain_errors
def restore_command(file: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Bring keys and secrets back from a backup.

    On a new machine run it before `badges init`, beside a copy of the database. What is there is never replaced.
    """
    service = make_service()
    text = file.read_text(errors="replace")
    done = restore_backup(service.installation, text, _passphrase(passphrase_file, "Passphrase of the backup"))
    missing = note_restored(service.database, service.installation, done)
    if as_json:
        print_json({"written": list(done.written), "kept": list(done.kept), "missing": missing})
        return
    click.echo(f"Brought back: {len(done.written)}. There already: {len(done.kept)}.")
    _say_elsewhere(done.backup)
    if missing is None:
        click.echo("There is no database here yet: put its copy in its place, then run `badges check`.")
    elif missing:
        click.echo(f"Keys that sign and are not in the backup: {', '.join(missing)}. See docs/keys.md.")
    else:
        click.echo("All keys of the database that sign are here.")


def _say_elsewhere(backup: Backup) -> None:
    for uri in backup.elsewhere:
        click.echo(f"Not in it, because it never leaves its place: {uri}")


def _passphrase(file: Path | None, question: str, *, is_new: bool = False) -> str:
    """Return a passphrase from a file or from the person. It is never an argument: those are seen by others."""
    if file is not None:
        return file.read_text().strip()
    answer: str = click.prompt(question, hide_input=True, confirmation_prompt=is_new, err=True)
    return answer


@keys.command("compromise", epilog=example("badges keys compromise 3f2a9c0d1b7e4455 --since 2026-11-20T14:30:00Z"))
@click.argument("key_id", metavar="ID")
@click.option(
    "--since", required=True, metavar="MOMENT", help="When others may have got it: 2026-11-20, or 2026-11-20T14:30:00Z."
)
@json_option
@plain_errors
def compromise_command(key_id: str, since: str, as_json: bool) -> None:
    """Say that others may have a key. It cannot be taken back.

    From now on a badge by this key is valid only if it is in the ledger of what was issued here. A new key signs
    instead, and the status lists are signed with it at once.
    """
    service = ready_service()
    installation = service.installation
    moment = read_since(since, installation.clock())
    with service.database.write() as session:
        done = compromise_key(session, installation, key_id, moment)
    where = ledger_url(done.key, installation.addresses)
    if as_json:
        result = {
            **_as_json(done.key),
            "issued": done.issued,
            "ledger": where,
            "status_lists_signed": done.lists_signed,
        }
        print_json({**result, "new_key": _as_json(done.fresh) if done.fresh else None})
        return
    click.echo(f"The key {done.key.id} of {owner_name(done.key.organisation)} signs no more. {_since(done.key)}")
    click.echo(f"Of its badges only those stay valid that were issued here: {done.issued}, listed at {where}{{digits}}")
    click.echo("({digits}: the first three digits of a badge's hash, such as 0a1; see docs/ledger.md)")
    if done.fresh:
        click.echo(f"The new key {done.fresh.id} signs instead. Make a new backup: badges keys backup FILE")
    if done.lists_signed:
        click.echo(f"Status lists that were signed again: {done.lists_signed}")
    if done.key.organisation is None:
        click.echo("Sign the list of issuers again, if you publish one: badges issuers sign")
    else:
        click.echo(f"All its badges get signatures by new keys with: badges keys reissue {done.key.id}")
    click.echo('What others see, and what to do next: docs/keys.md, "A stolen key".')


@keys.command("reissue", epilog=example("badges keys reissue 3f2a9c0d1b7e4455"))
@click.argument("key_id", metavar="ID")
@json_option
@plain_errors
def reissue_command(key_id: str, as_json: bool) -> None:
    """Sign the badges of a compromised key again.

    With today's keys, as newer versions of themselves. Nobody gets a mail. It can be broken off at any time and run
    again: it goes on where it was.
    """
    service = ready_service()
    with service.database.read() as session:
        found = awards_to_reissue(session, key_id)
    count = 0
    for award_id in found:
        with service.database.write() as session:
            award = find_award(session, award_id)
            if award.revoked_at is None:
                count += supersede_award(session, service.installation, award, SupersessionReason.KEY)
    if as_json:
        print_json({"key": key_id, "reissued": count})
    else:
        click.echo(f"Badges that were signed again with today's keys: {count}")


def _since(key: SigningKeyRecord) -> str:
    return f"Others may have had it since {write_moment(key.compromised_since)}." if key.compromised_since else ""
