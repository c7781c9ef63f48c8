"""Badge classes, found for lists."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from badges.storage.records import AchievementRecord, AchievementVersionRecord, OrganisationRecord

PAGE_SIZE: Final = 50


class ClassState(StrEnum):
    """Where a class is in its life."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class ClassPage:
    """Some of the classes that were found: of each what was published last, or its first draft. total: of all.

    drafted: the ids of the published ones that have a draft besides.
    """

    found: Sequence[AchievementVersionRecord]
    drafted: Collection[int]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


def state_of(achievement: AchievementRecord) -> ClassState:
    """Return where a class is in its life."""
    if achievement.newest_version == 0:
        return ClassState.DRAFT
    return ClassState.PUBLISHED if achievement.retired_at is None else ClassState.RETIRED


def search_classes(session: Session, organisation_ids: Collection[int], *, words: str = "", page: int = 1) -> ClassPage:
    """Return the classes of these organisations, in their order, the retired last."""
    shown = case((AchievementRecord.newest_version == 0, 1), else_=AchievementRecord.newest_version)
    query = (
        select(AchievementVersionRecord)
        .join(AchievementVersionRecord.achievement)
        .join(AchievementRecord.organisation)
        .where(AchievementRecord.organisation_id.in_(organisation_ids), AchievementVersionRecord.version == shown)
    )
    for word in words.split()[:6]:
        query = query.where(AchievementVersionRecord.name.icontains(word, autoescape=True))
    total = session.scalar(query.with_only_columns(func.count(AchievementRecord.id), maintain_column_froms=True)) or 0
    page = min(max(page, 1), max(1, -(-total // PAGE_SIZE)))
    ordered = query.order_by(
        OrganisationRecord.name,
        AchievementRecord.organisation_id,
        AchievementRecord.retired_at.is_not(None),
        AchievementRecord.position,
        AchievementRecord.id,
    )
    found = session.scalars(ordered.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    return ClassPage(found, _with_draft(session, [each.achievement_id for each in found]), total, page)


def _with_draft(session: Session, achievement_ids: Collection[int]) -> frozenset[int]:
    draft = aliased(AchievementVersionRecord)
    query = (
        select(AchievementRecord.id)
        .join(draft, draft.achievement_id == AchievementRecord.id)
        .where(
            AchievementRecord.id.in_(achievement_ids),
            AchievementRecord.newest_version > 0,
            draft.version > AchievementRecord.newest_version,
        )
    )
    return frozenset(session.scalars(query))
