"""The files of keys and secrets: their passphrase changed, backed up into one file, brought back from it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.errors import ConfigurationError, ConflictError, InvalidInputError
from badges.keyring import key_folder
from badges.keyring.archive import seal, unseal
from badges.keyring.files import read_file, write_new
from badges.keyring.folder import FILE_SCHEME, KeyFolder, decrypted
from badges.keyring.place import key_id_of
from badges.keyring.signers import PrivateKey
from badges.services.audit import leave_line
from badges.services.context import Installation
from badges.services.signing_keys import list_keys, place_of
from badges.standards.moments import read_moment, write_moment
from badges.storage.engine import Database
from badges.storage.records import FactName, FactRecord, KeyState, SigningKeyRecord
from badges.storage.schema import is_schema_current
from badges.vocab.audit import Action
from badges.vocab.json import JsonObject

_TYPE: Final = "BadgeServiceKeys"
_KEY_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,100}\.pem")
_SUBJECT: Final = "keys"


@dataclass(frozen=True, slots=True)
class Backup:
    """What is in a backup. keys, secrets: by the names of their files. elsewhere: URIs of keys that are not in it."""

    keys: Mapping[str, PrivateKey]
    secrets: Mapping[str, bytes]
    made_at: datetime
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Restored:
    """What a backup brought back. written, kept: names of files that were missing, or there already."""

    written: tuple[str, ...]
    kept: tuple[str, ...]
    backup: Backup


def change_passphrase(session: Session, installation: Installation, new: str) -> int:
    """Encrypt the key files anew. As KeyFolder.change_passphrase."""
    count = key_folder(installation.settings).change_passphrase(new)
    leave_line(session, installation, Action.PASSPHRASE_CHANGED, _SUBJECT, keys=count)
    return count


def make_backup(session: Session, installation: Installation, passphrase: str) -> str:
    """Return all keys and secrets as one encrypted text, and note when. It opens with its own passphrase and needs no
    other.

    Raises ConfigurationError for a key or secret that cannot be read, InvalidInputError for a poor passphrase.
    """
    folder = key_folder(installation.settings)
    now = installation.clock().replace(microsecond=0)
    known = list_keys(session)
    files = {path.name: read_file(path).decode("ascii", "replace") for path in folder.key_files()}
    for path in folder.key_files():
        folder.read_key(path)  # one that does not open is of no use in a safe
    content = {
        "type": _TYPE,
        "version": 1,
        "made": write_moment(now),
        "baseUrl": installation.addresses.base_url,
        "passphrase": folder.read_passphrase().decode(),
        "files": files,
        "secrets": {path.name: read_file(path).decode("ascii", "replace") for path in installation.secrets.paths()},
        "keys": [_public_part(key) for key in known],
    }
    text = seal(json.dumps(content).encode(), passphrase)
    read_backup(text, passphrase)
    _note(session, now)
    leave_line(session, installation, Action.KEYS_BACKED_UP, _SUBJECT, keys=len(files))
    return text


def read_backup(text: str, passphrase: str) -> Backup:
    """Return what is in a backup. Raises InvalidInputError when it does not open, or is no backup of keys."""
    try:
        content = json.loads(unseal(text, passphrase))
        if content["type"] != _TYPE or content["version"] != 1:
            raise ValueError(content["type"])
        made_at = read_moment(content["made"])
        own = content["passphrase"].encode()
        keys = {name: decrypted(pem.encode(), own, Path(name)) for name, pem in content["files"].items()}
        secrets = {name: secret.encode() for name, secret in content["secrets"].items()}
        elsewhere = tuple(key["uri"] for key in content["keys"] if not key["uri"].startswith(f"{FILE_SCHEME}:"))
        if made_at is None or not all(_KEY_NAME.fullmatch(name) for name in keys):
            raise ValueError(content["made"])
    except (ValueError, KeyError, TypeError, AttributeError, ConfigurationError) as problem:
        raise InvalidInputError("This is no backup of keys that this version can read.", field="file") from problem
    return Backup(keys, secrets, made_at, elsewhere)


def restore_backup(installation: Installation, text: str, passphrase: str) -> Restored:
    """Write the keys and secrets of a backup that are missing here. What is there is never replaced. Safe to repeat.

    Keys are encrypted with this installation's passphrase; where none is set, one is made, as `badges init` does.

    Raises InvalidInputError when the backup does not open; ConflictError, before anything is written, when there is
    another key or secret under one of its names; UnavailableError.
    """
    backup = read_backup(text, passphrase)
    folder = key_folder(installation.settings)
    there = {path.name: path for path in folder.key_files()}
    secret_paths = {path.name: path for path in installation.secrets.paths()}
    if not set(secret_paths) <= set(backup.secrets):
        raise InvalidInputError("This backup lacks a secret that this version needs.", field="file")
    _refuse_others(folder, backup, there, secret_paths)
    folder.prepare()
    written, kept = [], []
    for name, key in backup.keys.items():
        if name in there:
            kept.append(name)
        else:
            folder.put_key(name, key)
            written.append(name)
    for name, path in secret_paths.items():
        if path.exists():
            kept.append(name)
        else:
            write_new(path, backup.secrets[name])
            written.append(name)
    return Restored(tuple(written), tuple(kept), backup)


def note_restored(database: Database, installation: Installation, done: Restored) -> list[str] | None:
    """Have the audit say what was brought back. Returns the keys that sign by the database and have no file; None where
    there is no database yet.
    """
    if not is_schema_current(database):
        return None
    with database.write() as session:
        leave_line(session, installation, Action.KEYS_RESTORED, _SUBJECT, files=len(done.written))
        files = {path.name for path in key_folder(installation.settings).key_files()}
        return [
            key.id
            for key in list_keys(session)
            if key.state == KeyState.ACTIVE and place_of(key) == FILE_SCHEME and key.uri.partition(":")[2] not in files
        ]


def keys_without_backup(session: Session) -> list[SigningKeyRecord]:
    """Return the keys in files that sign, and are younger than the last backup."""
    last = last_backup(session)
    return [
        key
        for key in session.scalars(select(SigningKeyRecord).where(SigningKeyRecord.state == KeyState.ACTIVE))
        if place_of(key) == FILE_SCHEME and (last is None or key.created_at > last)
    ]


def last_backup(session: Session) -> datetime | None:
    """Return when the keys were backed up last."""
    fact = session.get(FactRecord, FactName.KEYS_BACKED_UP)
    return read_moment(fact.value) if fact else None


def _note(session: Session, now: datetime) -> None:
    session.merge(FactRecord(name=FactName.KEYS_BACKED_UP, value=write_moment(now)))


def _public_part(key: SigningKeyRecord) -> JsonObject:
    owner = key.organisation.slug if key.organisation else None
    return {
        "id": key.id,
        "organisation": owner,
        "algorithm": key.algorithm,
        "state": key.state,
        "uri": key.uri,
        "publicJwk": key.public_jwk,
    }


def _refuse_others(
    folder: KeyFolder, backup: Backup, there: Mapping[str, Path], secret_paths: Mapping[str, Path]
) -> None:
    """Raise ConflictError where another key or secret has the name of one in the backup."""
    others = [
        name
        for name in backup.keys.keys() & there.keys()
        if key_id_of(folder.read_key(there[name]).public_key()) != key_id_of(backup.keys[name].public_key())
    ]
    others += [
        name
        for name, path in secret_paths.items()
        if path.exists() and read_file(path).strip() != backup.secrets[name].strip()
    ]
    if others:
        raise ConflictError(
            "There are others than those of the backup here: %(names)s. Nothing was written. Restore into an empty "
            "folder (BADGES_KEYS), before `badges init`.",
            names=", ".join(sorted(others)),
        )
