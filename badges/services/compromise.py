"""A key that others may have: it signs no more, and what it signed counts only if the ledger lists it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.errors import ConflictError, InvalidInputError
from badges.services.audit import leave_line
from badges.services.context import Installation
from badges.services.ledger import complete_ledger
from badges.services.signing_keys import create_key, find_key, list_owned_keys, lock_keys
from badges.services.status_lists import sign_list
from badges.standards.moments import read_moment, write_moment
from badges.standards.signer import KeyAlgorithm
from badges.storage.records import AwardRecord, CredentialTextRecord, KeyState, SigningKeyRecord, StatusListRecord
from badges.vocab.audit import Action


@dataclass(frozen=True, slots=True)
class Compromise:
    """What was done. fresh: the key that signs instead, None where another signed already.

    issued: how many credentials the ledger lists. lists_signed: how many status lists were signed again.
    """

    key: SigningKeyRecord
    fresh: SigningKeyRecord | None
    issued: int
    lists_signed: int


def read_since(text: str, now: datetime) -> datetime:
    """Return the moment that a person wrote: a day (it begins at 00:00 UTC), or a moment with its time zone.

    Raises InvalidInputError when it is neither, or in the future.
    """
    try:
        moment = read_moment(text) or datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise InvalidInputError(
            '"%(text)s" is no moment. Write a day, 2026-11-20, or a moment in UTC, 2026-11-20T14:30:00Z.',
            field="since",
            text=text[:60],
        ) from None
    if moment > now:
        raise InvalidInputError("%(text)s is in the future.", field="since", text=text[:60])
    return moment.astimezone(UTC).replace(microsecond=0)


def compromise_key(session: Session, installation: Installation, key_id: str, since: datetime) -> Compromise:
    """Publish that others may have had a key since a moment. It cannot be taken back.

    In one transaction: the ledger of what the key signed is completed and published, a new key signs in its place,
    and the organisation's status lists are signed again, so that no list depends on the compromised key. Whoever signs
    a list meanwhile is waited for, or waits and signs with the new key. Safe to repeat; an earlier moment replaces a
    later one.

    Raises NotFoundError.
    """
    key = find_key(session, key_id)
    lock_keys(session, key.organisation)
    if key.state != KeyState.COMPROMISED or key.compromised_since is None or since < key.compromised_since:
        key.compromised_since = since
        leave_line(
            session,
            installation,
            Action.KEY_COMPROMISED,
            key.id,
            organisation=key.organisation_id,
            since=write_moment(since),
        )
    key.state, key.retired_at = KeyState.COMPROMISED, key.retired_at or installation.clock()
    issued = complete_ledger(session, key)
    fresh = _replacement(session, installation, key)
    return Compromise(key, fresh, issued, _sign_lists(session, installation, key))


def awards_to_reissue(session: Session, key_id: str) -> list[UUID]:
    """Return the awards that stand and have a form by a compromised key, oldest first.

    Raises NotFoundError, ConflictError when the key is not compromised: its badges are good as they are.
    """
    key = find_key(session, key_id)
    if key.state != KeyState.COMPROMISED:
        raise ConflictError("The key %(key)s is not compromised, so its badges are good as they are.", key=key_id)
    query = (
        select(AwardRecord.id)
        .where(
            AwardRecord.revoked_at.is_(None),
            AwardRecord.id.in_(
                select(CredentialTextRecord.award_id).where(CredentialTextRecord.signing_key_id == key.id)
            ),
        )
        .order_by(AwardRecord.awarded_at, AwardRecord.id)
    )
    return list(session.scalars(query))


def _replacement(session: Session, installation: Installation, key: SigningKeyRecord) -> SigningKeyRecord | None:
    """Make a new key of the same algorithm where none is left that signs."""
    others = list_owned_keys(session, key.organisation)
    if any(other.state == KeyState.ACTIVE and other.algorithm == key.algorithm for other in others):
        return None
    return create_key(session, installation, key.organisation, KeyAlgorithm(key.algorithm))


def _sign_lists(session: Session, installation: Installation, key: SigningKeyRecord) -> int:
    """Sign all lists of the key's organisation again: a list by a compromised key is believed by nobody."""
    if key.organisation_id is None or key.algorithm != KeyAlgorithm.EDDSA:
        return 0
    lists = session.scalars(
        select(StatusListRecord)
        .where(StatusListRecord.organisation_id == key.organisation_id, StatusListRecord.signed_text != "")
        .order_by(StatusListRecord.number)
    ).all()
    for record in lists:
        sign_list(session, installation, record)
    return len(lists)
