"""Organisations, found for lists."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badges.storage.records import OrganisationRecord
from badges.vocab.profile import TAKING_PART

PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """Some of the organisations that were found. total: of all."""

    found: Sequence[OrganisationRecord]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


def search_organisations(
    session: Session, organisation_ids: Collection[int] | None = None, *, words: str = "", page: int = 1
) -> OrganisationPage:
    """Return organisations by name. organisation_ids: among these; among all that award when None."""
    query = select(OrganisationRecord)
    if organisation_ids is None:
        query = query.where(
            OrganisationRecord.merged_into_id.is_(None),
            OrganisationRecord.is_set_up,
            OrganisationRecord.kind.in_(TAKING_PART),
        )
    else:
        query = query.where(OrganisationRecord.id.in_(organisation_ids))
    for word in words.split()[:6]:
        query = query.where(OrganisationRecord.name.icontains(word, autoescape=True))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = min(max(page, 1), max(1, -(-total // PAGE_SIZE)))
    ordered = query.order_by(OrganisationRecord.name, OrganisationRecord.id)
    return OrganisationPage(session.scalars(ordered.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all(), total, page)


def list_by_ids(session: Session, organisation_ids: Collection[int]) -> Sequence[OrganisationRecord]:
    """Return these organisations by name."""
    query = select(OrganisationRecord).where(OrganisationRecord.id.in_(organisation_ids))
    return session.scalars(query.order_by(OrganisationRecord.name, OrganisationRecord.id)).all()
