"""The people who hold badges, and the words that they are found by."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.services.context import Installation
from badges.storage.engine import insert_unless_there
from badges.storage.records import AwardRecord, PersonRecord
from badges.storage.words import index_new_people, kept_words


def lock_people(session: Session, emails: Collection[str]) -> Sequence[PersonRecord]:
    """Return those of these addresses that there are, as they are once nobody else changes their words, and let nobody
    do so until the transaction ends.
    """
    session.flush()
    query = select(PersonRecord).where(PersonRecord.email.in_(emails)).order_by(PersonRecord.email)
    query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.scalars(query).all()


def find_or_add_person(
    session: Session, installation: Installation, email: str | None, name: str
) -> PersonRecord | None:
    """Return the person of a normalised address, a new one where there is none; None without an address.

    name: on the badge, by which it is found from now on.
    """
    if email is None:
        return None
    found = lock_people(session, [email])
    if not found:
        person = PersonRecord(email=email, created_at=installation.clock(), words=kept_words(email, name))
        if insert_unless_there(session, person):
            index_new_people(session, [person.id])
            return person
        found = lock_people(session, [email])
    [person] = found
    person.words = kept_words(person.words, name)
    return person


def renew_words(session: Session, person: PersonRecord) -> None:
    """Have a person found by its address and the names that are on its badges now, and by no others."""
    lock_people(session, [person.email])
    names = session.scalars(select(AwardRecord.name).where(AwardRecord.person_id == person.id).order_by(AwardRecord.id))
    person.words = kept_words(person.email, *names)
