"""Badges that end soon: their holders are told 30 and 7 days before, once each, however often this is looked at."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from badges.services.context import Installation
from badges.services.notices import queue_award_mail
from badges.storage.records import AwardRecord, Notice, OutboxMailRecord

DAYS_BEFORE: Final = (30, 7)
_AT_ONCE: Final = 500


def queue_reminders(session: Session, installation: Installation) -> int:
    """Queue the reminders that are due, up to 500 at a time. Returns how many: with 500 there may be more."""
    now, queued = installation.clock(), 0
    for days, next_days in zip(DAYS_BEFORE, (*DAYS_BEFORE[1:], 0), strict=True):
        # The moment from which the reminder of this badge counts as sent differs from badge to badge: a mail made
        # within the last `days - next_days` days was made for this end, or for a later one of the same badge.
        was_told = exists().where(
            OutboxMailRecord.award_id == AwardRecord.id,
            OutboxMailRecord.notice == Notice.BADGE_ENDING,
            OutboxMailRecord.created_at > now - timedelta(days=days - next_days),
        )
        due = (
            select(AwardRecord)
            .where(
                AwardRecord.valid_until > now + timedelta(days=next_days),
                AwardRecord.valid_until <= now + timedelta(days=days),
                AwardRecord.revoked_at.is_(None),
                AwardRecord.person_id.is_not(None),
                AwardRecord.valid_from < now - timedelta(days=days - next_days),
                ~was_told,
            )
            .order_by(AwardRecord.valid_until, AwardRecord.id)
            .limit(_AT_ONCE - queued)
        )
        for award in session.scalars(due).all():
            queue_award_mail(session, installation, award, Notice.BADGE_ENDING)
            queued += 1
    return queued
