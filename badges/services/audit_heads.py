"""Signed heads of the audit, in files outside the database: written by the worker, whenever there are new lines."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.errors import BadgesError, UnavailableError
from badges.issuing.sign import sign_audit_head
from badges.services.context import Installation
from badges.services.signing_keys import list_owned_keys, open_signer, service_hand
from badges.standards.audit_heads import NO_HEAD, Head, HeadError, digest_of, read_head
from badges.standards.did.multikey import encode_public_key
from badges.standards.signer import Signer
from badges.storage.records import AuditHeadRecord

_TAIL_BYTES: Final = 8_192


def seal(session: Session, installation: Installation) -> int:
    """Write a head into every file that lacks the newest one. Returns the number of the line that is sealed; 0 when
    there is none.

    Raises UnavailableError for a file that cannot be written, ConfigurationError for a key that is missing.
    """
    end = session.scalars(select(AuditHeadRecord)).one()
    if not end.number:
        return 0
    for path in installation.settings.audit_heads:
        _seal_in(session, installation, path, end)
    return end.number


def _seal_in(session: Session, installation: Installation, path: Path, end: AuditHeadRecord) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # the shell and the worker at once
            text = _last_line(file.fileno())
            newest = _read(text)
            if newest is not None and newest.number >= end.number:
                return
            signer = service_hand(session, installation).signer
            lines = list(_new_lines(session, installation, text, newest, signer, end))
            file.seek(0, os.SEEK_END)
            file.write("".join(f"{line}\n" for line in lines).encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise UnavailableError(
            "The audit's file %(path)s cannot be written: %(problem)s.", path=path, problem=error.strerror
        ) from error


def _new_lines(
    session: Session, installation: Installation, text: str, newest: Head | None, signer: Signer, end: AuditHeadRecord
) -> Iterator[str]:
    """Yield the head; where the key is another since the last one, first one by the old key that names the new."""
    now = installation.clock().replace(microsecond=0)
    previous = digest_of(text) if text else NO_HEAD
    key = encode_public_key(signer.public_key)
    if newest is not None and newest.key != key and (former := _former(session, installation, newest.key)):
        line = sign_audit_head(
            former, number=newest.number, chain_hash=newest.hash, at=now, previous=previous, next_key=key
        )
        yield line
        previous = digest_of(line)
    yield sign_audit_head(signer, number=end.number, chain_hash=end.hash, at=now, previous=previous)


def _former(session: Session, installation: Installation, key: str) -> Signer | None:
    """Return the service's key that signed until now, if it can still be opened."""
    for record in list_owned_keys(session, None):
        try:
            signer = open_signer(installation, record)
            if encode_public_key(signer.public_key) == key:
                return signer
        except BadgesError:
            continue
    return None


def _last_line(descriptor: int) -> str:
    """Return the last line of a file, "" of an empty one. A line that a crash has cut off is completed by an end."""
    size = os.fstat(descriptor).st_size
    tail = os.pread(descriptor, _TAIL_BYTES, max(0, size - _TAIL_BYTES))
    if tail and not tail.endswith(b"\n"):
        os.write(descriptor, b"\n")
    lines = tail.decode("utf-8", "replace").splitlines()
    return lines[-1].strip() if lines else ""


def _read(text: str) -> Head | None:
    try:
        return read_head(text) if text else None
    except HeadError:
        return None
