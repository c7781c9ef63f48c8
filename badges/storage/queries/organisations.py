"""Organisations, found for lists."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.storage.records import OrganisationRecord


def list_by_ids(session: Session, organisation_ids: Collection[int]) -> Sequence[OrganisationRecord]:
    """Return these organisations by name."""
    query = select(OrganisationRecord).where(OrganisationRecord.id.in_(organisation_ids))
    return session.scalars(query.order_by(OrganisationRecord.name, OrganisationRecord.id)).all()
