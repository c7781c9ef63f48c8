"""Which organisation is below which: asked, and changed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.errors import ConflictError
from badges.services.audit import leave_line
from badges.services.context import Installation
from badges.services.locks import lock_organisations
from badges.storage.records import (
    OrganisationRecord,
)
from badges.vocab.audit import Action
from badges.vocab.profile import TAKING_PART


def is_below(session: Session, one: OrganisationRecord, other: OrganisationRecord) -> bool:
    """Whether one organisation is somewhere below another."""
    seen: set[int] = set()
    above = one.above_id
    while above is not None and above not in seen:
        if above == other.id:
            return True
        seen.add(above)
        above = session.scalar(select(OrganisationRecord.above_id).where(OrganisationRecord.id == above))
    return False


def move_organisation(
    session: Session, installation: Installation, organisation: OrganisationRecord, above: OrganisationRecord | None
) -> None:
    """Put an organisation below another in the tree, or below none. Who has a role above for all below follows at once.

    Raises ConflictError where it would be below itself, or below one that has become a part of another.
    """
    every = [organisation.id] + ([above.id] if above else [])
    lock_organisations(session, every)
    if above is not None:
        session.refresh(above)
        if above.id == organisation.id or is_below(session, above, organisation):
            raise ConflictError("%(name)s cannot be below itself.", name=organisation.name)
        if above.merged_into_id is not None or above.kind not in TAKING_PART:
            raise ConflictError("Nothing can be put below %(name)s.", name=above.name)
    if organisation.above_id == (above.id if above else None):
        return
    organisation.above_id = above.id if above else None
    session.flush()
    leave_line(
        session,
        installation,
        Action.ORGANISATION_MOVED,
        organisation.id,
        organisation=organisation,
        above=organisation.above_id,
    )
