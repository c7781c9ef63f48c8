"""What the person who is signed in may work on."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from badges.errors import NotFoundError
from badges.services.accounts import organisations_of
from badges.services.achievements import find_version
from badges.services.award_values import find_award
from badges.storage.records import AchievementVersionRecord, AwardRecord
from badges.vocab.people import Permission
from badges.web.current import require_viewer


def organisation_ids(permission: Permission) -> list[int]:
    """Return the organisations in which the viewer may do this."""
    return [organisation.id for organisation in organisations_of(require_viewer(), permission)]


def award_in_scope(session: Session, award_id: UUID, permission: Permission) -> AwardRecord:
    """Return an award. Raises NotFoundError when it is not there, or not the viewer's: the answer is the same."""
    award = find_award(session, award_id)
    if award.organisation_id not in organisation_ids(permission):
        raise NotFoundError("There is no badge with the number %(id)s here.", id=award_id)
    return award


def version_in_scope(
    session: Session, organisation: str, achievement: str, permission: Permission
) -> AchievementVersionRecord:
    """Return the newest version of a class. Raises NotFoundError as `award_in_scope`."""
    version = find_version(session, organisation, achievement)
    if version.achievement.organisation_id not in organisation_ids(permission):
        raise NotFoundError(
            'There is no badge "%(badge)s" of "%(organisation)s".',
            badge=achievement,
            organisation=organisation,
        )
    return version
