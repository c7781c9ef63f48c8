"""How our own badges stand, found out as a stranger would: by verifying what was signed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from badges.services.context import Installation
from badges.services.credentials import credential_text
from badges.services.own_documents import own_fetcher
from badges.services.status_lists import find_list
from badges.storage.records import AwardRecord, CredentialForm
from badges.verifying.pipeline import verify
from badges.verifying.report import Report

_REPORTS_KEPT: Final = 2000
_KEPT_FOR: Final = timedelta(minutes=1)
_Kept: TypeAlias = dict[tuple[UUID, datetime, datetime | None, int], Report]
# What this process keeps, for each installation that it serves.
_kept_reports: WeakKeyDictionary[Installation, _Kept] = WeakKeyDictionary()


def verify_own(session: Session, installation: Installation, award: AwardRecord, email: str | None = None) -> Report:
    """Return the verifier's report on one of our badges, its documents read from the session.

    email: also ask whether the badge is this person's. Reports without that question are kept for a minute, or
    until the badge or its status list is signed again: a page that many look at is verified once.
    """
    now = installation.clock()
    if email is not None:
        return _verify(session, installation, award, now, email)
    kept = _kept_reports.setdefault(installation, {})
    signed_at = find_list(session, award.status_list_number).signed_at
    key = (award.id, award.valid_from, signed_at, int(now.timestamp() // _KEPT_FOR.total_seconds()))
    if key not in kept:
        if len(kept) >= _REPORTS_KEPT:
            kept.clear()
        kept[key] = _verify(session, installation, award, now, None)
    return kept[key]


def _verify(
    session: Session, installation: Installation, award: AwardRecord, at: datetime, email: str | None
) -> Report:
    text = credential_text(session, installation, award, CredentialForm.OB3)
    return verify(text, fetcher=own_fetcher(session, installation), at=at, email=email)
