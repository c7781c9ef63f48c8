"""Stored awards, found by number and read as values: what all their documents are written from."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.errors import NotFoundError
from badges.issuing.prepare import prepare_award
from badges.services.achievements import achievement_of
from badges.services.context import Installation
from badges.services.organisations import other_profile, profile_of
from badges.services.results import results_of
from badges.services.status_lists import position_of
from badges.storage.records import AwardRecord
from badges.vocab.award import Award, Evidence, HashedEmail, Recipient


def find_award(session: Session, award_id: UUID) -> AwardRecord:
    """Return one award. Raises NotFoundError."""
    record = session.get(AwardRecord, award_id)
    if record is None:
        raise NotFoundError("There is no badge with the number %(id)s here.", id=award_id)
    return record


def lock_award(session: Session, award: AwardRecord, *, only_for_reading: bool = False) -> None:
    """Wait until nobody else changes the award, let nobody do so until the transaction ends, and read it again.

    Two steps: what is read while it waits may be of different moments, such as a new person id without the person.
    """
    session.flush()
    session.execute(select(AwardRecord.id).where(AwardRecord.id == award.id).with_for_update(read=only_for_reading))
    session.refresh(award)


def award_of(record: AwardRecord, installation: Installation) -> Award:
    """Return a stored award as the value from which its documents are written."""
    email = None
    if record.identity_hash and record.identity_salt:
        email = HashedEmail(record.identity_hash, record.identity_salt)
    achievement = achievement_of(record.achievement_version, installation.addresses)
    return prepare_award(
        record.id,
        issuer=profile_of(record.organisation, installation.addresses),
        achievement=achievement,
        recipient=Recipient(record.subject_id.urn, email),
        awarded_at=record.awarded_at,
        valid_from=record.valid_from,
        valid_until=record.valid_until,
        status=position_of(record.status_list_number, record.status_index, installation),
        addresses=installation.addresses,
        ob2_signed_id=record.ob2_signed_id,
        evidence=tuple(Evidence(**evidence) for evidence in record.evidence),
        results=results_of(record.results, achievement.id),
        source=other_profile(record.source),
    )
