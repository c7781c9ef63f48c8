"""What the person who is signed in may work on."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.errors import NotFoundError
from badges.services.achievements import find_version
from badges.services.award_values import find_award
from badges.services.batches import find_batch
from badges.services.classes import find_class
from badges.storage.queries.awards import AwardScope
from badges.storage.queries.organisations import list_by_ids
from badges.storage.records import (
    AchievementRecord,
    AchievementVersionRecord,
    AwardRecord,
    BatchRecord,
    OrganisationRecord,
)
from badges.vocab.people import Permission
from badges.web.current import grants, require_viewer


def organisation_ids(permission: Permission) -> list[int]:
    """Return the organisations in which the viewer may do this."""
    return grants().organisation_ids(permission)


def class_homes(session: Session) -> list[OrganisationRecord]:
    """Return the organisations in which the viewer can make badges: not those that have become a part of another."""
    found = list_by_ids(session, organisation_ids(Permission.EDIT_CLASSES))
    return [each for each in found if each.merged_into_id is None]


def award_scope() -> AwardScope:
    """Return whose awards the viewer sees: who may award, and no more, sees their own."""
    return AwardScope(organisation_ids(Permission.READ_AWARDS), organisation_ids(Permission.AWARD), require_viewer().id)


def organisation_in_scope(session: Session, slug: str, permission: Permission) -> OrganisationRecord:
    """Return an organisation. Raises NotFoundError as `award_in_scope`."""
    found = session.scalar(select(OrganisationRecord).where(OrganisationRecord.slug == slug))
    if found is None or not grants().allows(permission, found.id):
        raise NotFoundError('There is no organisation "%(slug)s" here.', slug=slug)
    return found


def award_in_scope(session: Session, award_id: UUID, permission: Permission) -> AwardRecord:
    """Return an award. Who may award, and no more, sees those of their own.

    Raises NotFoundError when it is not there, or not the viewer's: the answer is the same.
    """
    award = find_award(session, award_id)
    held = grants()
    is_theirs = held.allows(Permission.READ_AWARDS, award.organisation_id) or award.awarded_by_id == require_viewer().id
    if not is_theirs or not held.allows(permission, award.organisation_id):
        raise NotFoundError("There is no badge with the number %(id)s here.", id=award_id)
    return award


def version_in_scope(
    session: Session, organisation: str, achievement: str, permission: Permission
) -> AchievementVersionRecord:
    """Return the newest version of a class. Raises NotFoundError as `award_in_scope`."""
    version = find_version(session, organisation, achievement)
    if not grants().allows(permission, version.achievement.organisation_id):
        raise NotFoundError(
            'There is no badge "%(badge)s" of "%(organisation)s".',
            badge=achievement,
            organisation=organisation,
        )
    return version


def class_in_scope(session: Session, organisation: str, achievement: str, permission: Permission) -> AchievementRecord:
    """Return a class in whatever state. Raises NotFoundError as `award_in_scope`."""
    found = find_class(session, organisation, achievement)
    if not grants().allows(permission, found.organisation_id):
        raise NotFoundError(
            'There is no badge "%(badge)s" of "%(organisation)s".', badge=achievement, organisation=organisation
        )
    return found


def batch_in_scope(session: Session, batch_id: int, permission: Permission) -> BatchRecord:
    """Return a list of people. Who may award, and no more, sees those of their own. Raises NotFoundError as
    `award_in_scope`.
    """
    found = find_batch(session, batch_id)
    held = grants()
    is_theirs = held.allows(Permission.READ_AWARDS, found.organisation_id) or found.created_by_id == require_viewer().id
    if not is_theirs or not held.allows(permission, found.organisation_id):
        raise NotFoundError("There is no batch with the number %(id)s here.", id=batch_id)
    return found
