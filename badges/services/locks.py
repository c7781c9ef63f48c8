"""The order in which rows are locked: of two at the same moment one waits, and never both for each other.

1. The award or the endorsement that is changed (`award_values.lock_award`).
2. The organisations, by number, all that are needed in one question. Only who holds an organisation gives out places in
   its status lists, opens and signs them, and changes its keys (those of the service itself: `signing_keys.lock_keys`).
3. The class that is changed (`classes.hold_class`), or what an organisation has adopted of a pack.
4. The people who hold badges, by address, where their words may change (`persons.lock_people`).
5. Whatever is new: persons, awards, texts.

SQLite has one writer at a time and needs none of it; PostgreSQL does.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.storage.records import OrganisationRecord


def lock_organisations(session: Session, organisation_ids: Iterable[int], *, only_for_reading: bool = False) -> None:
    """Wait until nobody else holds any of these organisations, and hold them until the transaction ends.

    New rows that point at an organisation wait for nobody. What was read before may be out of date now.
    only_for_reading: others may hold them for reading at the same time, as the chunks of one batch do.
    """
    session.flush()
    query = select(OrganisationRecord.id).where(OrganisationRecord.id.in_(set(organisation_ids)))
    session.execute(
        query.order_by(OrganisationRecord.id).with_for_update(read=only_for_reading, key_share=not only_for_reading)
    )
