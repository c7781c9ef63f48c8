"""How our own badges and endorsements stand, found out as a stranger would: by verifying what was signed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from badges.services.context import Installation
from badges.services.credentials import credential_text
from badges.services.own_documents import own_fetcher
from badges.services.status_lists import find_list
from badges.storage.records import AwardRecord, CredentialForm, EndorsementRecord
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

    def make() -> Report:
        text = credential_text(session, installation, award, CredentialForm.OB3)
        fetcher = own_fetcher(session, installation)
        return verify(text, fetcher=fetcher, at=installation.clock(), email=email)

    return make() if email is not None else _kept_report(session, installation, award, make)


def verify_own_endorsement(session: Session, installation: Installation, record: EndorsementRecord) -> Report:
    """Return the verifier's report on one of our endorsements, kept as those of badges are."""

    def make() -> Report:
        return verify(record.content, fetcher=own_fetcher(session, installation), at=installation.clock())

    return _kept_report(session, installation, record, make)


def _kept_report(
    session: Session, installation: Installation, record: AwardRecord | EndorsementRecord, make: Callable[[], Report]
) -> Report:
    kept = _kept_reports.setdefault(installation, {})
    number = record.status_list_number
    signed_at = find_list(session, number).signed_at if number is not None else None
    minute = int(installation.clock().timestamp() // _KEPT_FOR.total_seconds())
    key = (record.id, record.valid_from, signed_at, minute)
    if key not in kept:
        if len(kept) >= _REPORTS_KEPT:
            kept.clear()
        kept[key] = make()
    return kept[key]
