"""Keys by which other systems act for an organisation: shown once, kept as hashes, each with an end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.errors import ConflictError, InvalidInputError, NotFoundError
from badges.services.audit import leave_line
from badges.services.context import Installation
from badges.services.typed_texts import checked_line
from badges.storage.records import ApiKeyRecord, OrganisationRecord
from badges.vocab.api import ApiScope
from badges.vocab.audit import Action

NAME_MAX: Final = 80
DAYS: Final = (30, 90, 365)
MOST_KEYS: Final = 50
# So that people and programs that look for secrets in the wrong places know what it is.
PREFIX: Final = "badges_"
_SECRET_BYTES: Final = 32
_SEEN_EVERY: Final = timedelta(minutes=10)


def make_key(
    session: Session,
    installation: Installation,
    organisation: OrganisationRecord,
    name: str,
    scopes: Iterable[str],
    days: int,
    *,
    created_by_id: int | None = None,
) -> tuple[ApiKeyRecord, str]:
    """Make a key and return it, with the text that is shown once and never again.

    days: how long it counts, 1 to 365.

    Raises InvalidInputError naming the field (name, scopes, days), ConflictError for an organisation that has become
    a part of another, or has too many keys.
    """
    cleaned = checked_line(name, NAME_MAX, field="name")
    if not cleaned:
        raise InvalidInputError("Say what the key is for.", field="name")
    wanted = set(scopes)
    chosen = [scope.value for scope in ApiScope if scope in wanted]
    if not chosen or wanted - set(chosen):
        raise InvalidInputError("Choose what the key is good for.", field="scopes")
    if not 1 <= days <= max(DAYS):
        raise InvalidInputError("A key counts for 1 to %(most)s days.", field="days", most=max(DAYS))
    if organisation.merged_into_id is not None:
        raise ConflictError(
            "%(name)s is now a part of another organisation: it awards no more.", name=organisation.name
        )
    if len(list_keys(session, organisation)) >= MOST_KEYS:
        raise ConflictError(
            "There are %(most)s keys already. Withdraw those that nobody needs any more.", most=MOST_KEYS
        )
    secret = PREFIX + installation.random.token(_SECRET_BYTES)
    now = installation.clock()
    record = ApiKeyRecord(
        id=installation.random.uuid(),
        organisation=organisation,
        name=cleaned,
        secret_hash=_hash(secret),
        scopes=chosen,
        created_at=now,
        created_by_id=created_by_id,
        expires_at=now + timedelta(days=days),
    )
    session.add(record)
    session.flush()
    leave_line(session, installation, Action.API_KEY_MADE, record.id, organisation=organisation, scopes=chosen)
    return record, secret


def list_keys(session: Session, organisation: OrganisationRecord) -> Sequence[ApiKeyRecord]:
    """Return the keys of an organisation that were not withdrawn, the newest first; there are 50 at most."""
    query = select(ApiKeyRecord).where(
        ApiKeyRecord.organisation_id == organisation.id, ApiKeyRecord.withdrawn_at.is_(None)
    )
    return session.scalars(query.order_by(ApiKeyRecord.created_at.desc(), ApiKeyRecord.id).limit(MOST_KEYS)).all()


def find_key(session: Session, installation: Installation, secret: str) -> ApiKeyRecord | None:
    """Return the key with this text; None when there is none, it was withdrawn, or has run out."""
    found = session.scalar(select(ApiKeyRecord).where(ApiKeyRecord.secret_hash == _hash(secret)))
    if found is None or found.withdrawn_at is not None or found.expires_at <= installation.clock():
        return None
    return found


def is_due_to_be_seen(installation: Installation, key: ApiKeyRecord) -> bool:
    """Return whether the moment of its last use should be written again; it need not be exact."""
    return key.used_at is None or installation.clock() - key.used_at >= _SEEN_EVERY


def note_used(session: Session, installation: Installation, key_id: UUID) -> None:
    """Write when a key was used last."""
    session.get_one(ApiKeyRecord, key_id).used_at = installation.clock()


def withdraw_key(session: Session, installation: Installation, organisation: OrganisationRecord, key_id: UUID) -> None:
    """Have a key open nothing any more. Safe to repeat. Raises NotFoundError."""
    found = session.get(ApiKeyRecord, key_id)
    if found is None or found.organisation_id != organisation.id:
        raise NotFoundError("There is no key with this number here.")
    if found.withdrawn_at is None:
        found.withdrawn_at = installation.clock()
        leave_line(session, installation, Action.API_KEY_WITHDRAWN, found.id, organisation=organisation)


def _hash(secret: str) -> str:
    """A plain hash is enough: what it hides is 32 random bytes."""
    return hashlib.sha256(secret.encode()).hexdigest()
