"""Status lists: giving out places at random, signing, and signing again before the signature runs out."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from badges.errors import NotFoundError
from badges.issuing.places import place_at
from badges.issuing.sign import sign_status_list
from badges.services.audit import leave_line
from badges.services.context import Installation
from badges.services.locks import lock_organisations
from badges.services.signing_keys import signing_hand
from badges.standards.signer import KeyAlgorithm
from badges.standards.status.bitstring import MINIMUM_LENGTH, bitstring_of
from badges.standards.status.status_list import status_list_document
from badges.storage.records import (
    AwardRecord,
    EndorsementRecord,
    OrganisationRecord,
    StatusListRecord,
    SupersededCredentialRecord,
)
from badges.vocab.audit import Action
from badges.vocab.status import StatusPosition, StatusPurpose

VALIDITY: Final = timedelta(days=14)
RENEW_BEFORE_END: Final = timedelta(days=7)
TIME_TO_LIVE: Final = timedelta(minutes=5)
_SEED_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class ListPlace:
    """A place that something signed takes: the number of the list and the index in it."""

    number: int
    index: int


def take_place(session: Session, installation: Installation, organisation: OrganisationRecord) -> ListPlace:
    """Return the next place in the organisation's open list, making a new list when there is none. Places come in an
    order that looks like chance, so neighbours in the list say nothing about who was awarded when.

    The caller holds the organisation (`lock_organisations`), so nobody else is given a place of it meanwhile.
    """
    return reserve_places(session, installation, organisation, 1).place(0)


@dataclass(frozen=True, slots=True)
class ReservedPlaces:
    """Places of one list that nobody else is given. number: of the list. first: the position at which they begin."""

    number: int
    seed: str
    length: int
    first: int

    def place(self, which: int) -> ListPlace:
        """Return one of them, counted from 0."""
        return ListPlace(self.number, place_at(self.seed, self.length, self.first + which))


def reserve_places(
    session: Session, installation: Installation, organisation: OrganisationRecord, count: int
) -> ReservedPlaces:
    """Return so many places of one list. A list that has not as many left is closed. The caller holds the organisation.

    count: at most the length of a list.
    """
    record = _open_list(session, installation, organisation)
    if record.used + count > record.length:
        record.is_open = False
        record = _open_list(session, installation, organisation)
    first = record.used
    record.used += count
    record.is_open = record.used < record.length
    return ReservedPlaces(record.number, record.place_seed, record.length, first)


def reserved_places(session: Session, number: int, first: int) -> ReservedPlaces:
    """Return places that were reserved before. Raises NotFoundError."""
    record = find_list(session, number)
    return ReservedPlaces(number, record.place_seed, record.length, first)


def position_of(number: int, index: int, installation: Installation) -> StatusPosition:
    """Return a place as a value."""
    return StatusPosition(installation.addresses.url("status_list", number=number), index)


def _open_list(session: Session, installation: Installation, organisation: OrganisationRecord) -> StatusListRecord:
    record = session.scalars(
        select(StatusListRecord)
        .where(
            StatusListRecord.organisation_id == organisation.id,
            StatusListRecord.purpose == StatusPurpose.REVOCATION,
            StatusListRecord.is_open,
        )
        .order_by(StatusListRecord.number)
        .limit(1)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if record is None:
        record = StatusListRecord(
            organisation_id=organisation.id,
            organisation=organisation,
            purpose=StatusPurpose.REVOCATION,
            length=MINIMUM_LENGTH,
            used=0,
            is_open=True,
            place_seed=installation.random.token(_SEED_BYTES),
        )
        session.add(record)
        session.flush()
    if record.expires_at is None or record.expires_at < installation.clock() + RENEW_BEFORE_END:
        sign_list(session, installation, record)  # the first time, or because no worker was there to renew it
    return record


def find_list(session: Session, number: int) -> StatusListRecord:
    """Return one list. Raises NotFoundError."""
    record = session.get(StatusListRecord, number)
    if record is None or not record.signed_text:
        raise NotFoundError("There is no status list %(number)s here.", number=number)
    return record


def sign_list(session: Session, installation: Installation, record: StatusListRecord) -> None:
    """Sign the list as everything that has a place in it stands now.

    The caller holds the list's organisation: neither its withdrawals nor its keys change meanwhile.
    Source: Bitstring Status List v1.0, 3.1.
    """
    session.flush()
    now = installation.clock()
    hand = signing_hand(session, installation, record.organisation, KeyAlgorithm.EDDSA)
    document = status_list_document(
        url=installation.addresses.url("status_list", number=record.number),
        issuer=installation.addresses.organisation_did(record.organisation.slug),
        purpose=StatusPurpose(record.purpose),
        bitstring=bitstring_of(_set_indexes(session, record.number), record.length),
        valid_from=now,
        valid_until=now + VALIDITY,
        ttl_milliseconds=int(TIME_TO_LIVE.total_seconds() * 1000),
    )
    record.signed_text = sign_status_list(
        document, hand.signer, hand.verification_method, created=now, addresses=installation.addresses
    )
    record.signed_at, record.expires_at = now, now + VALIDITY
    leave_line(
        session,
        installation,
        Action.SIGNED,
        hand.key_id,
        organisation=record.organisation,
        of=f"status/{record.number}",
        hash=hashlib.sha256(record.signed_text.encode()).hexdigest(),
    )


def _set_indexes(session: Session, number: int) -> Iterable[int]:
    """Return the places of a list whose bit is set: what was withdrawn, and every older version."""
    return session.scalars(
        union_all(
            select(AwardRecord.status_index).where(
                AwardRecord.status_list_number == number, AwardRecord.revoked_at.is_not(None)
            ),
            select(EndorsementRecord.status_index).where(
                EndorsementRecord.status_list_number == number, EndorsementRecord.revoked_at.is_not(None)
            ),
            select(SupersededCredentialRecord.status_index).where(
                SupersededCredentialRecord.status_list_number == number
            ),
        )
    )


def lists_to_renew(session: Session, installation: Installation, limit: int = 100) -> list[int]:
    """Return the numbers of lists whose signature runs out soon, the most urgent first."""
    query = (
        select(StatusListRecord.number)
        .where(StatusListRecord.expires_at < installation.clock() + RENEW_BEFORE_END)
        .order_by(StatusListRecord.expires_at)
        .limit(limit)
    )
    return list(session.scalars(query))


def renew_old_lists(
    session: Session, installation: Installation, numbers: Collection[int], *organisations: OrganisationRecord
) -> None:
    """Sign those of these lists again whose signature runs out soon, where the worker was away.

    organisations: others to hold from now on; they are locked in the same question as those of the lists.
    """
    query = select(StatusListRecord).where(
        StatusListRecord.number.in_(numbers), StatusListRecord.expires_at < installation.clock() + RENEW_BEFORE_END
    )
    old = session.scalars(query.order_by(StatusListRecord.number)).all() if numbers else []
    lock_organisations(session, [*(one.id for one in organisations), *(one.organisation_id for one in old)])
    for record in old:
        sign_list(session, installation, record)


def renew_list(session: Session, installation: Installation, number: int) -> None:
    """Sign one list again. Safe to repeat."""
    record = session.get(StatusListRecord, number)
    if record is not None:
        lock_organisations(session, [record.organisation_id])
        sign_list(session, installation, record)
