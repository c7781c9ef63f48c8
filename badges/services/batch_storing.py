"""Storing a chunk of a batch that was signed: all of it in one transaction, or nothing of it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from badges.errors import BadgesError, ConflictError
from badges.issuing.credential_template import Slot
from badges.issuing.packed_values import pack_values
from badges.issuing.sign import SignedValues
from badges.services.audit import leave_chunk_line, leave_line
from badges.services.batch_chunks import BatchChunk
from badges.services.batch_rows import kept_problem
from badges.services.batch_signing import PreparedChunk, RowAward, document_maker, kept_evidence, print_of
from badges.services.batches import find_batch
from badges.services.context import Installation
from badges.services.locks import lock_organisations
from badges.services.signing_keys import signing_hand
from badges.standards.signer import KeyAlgorithm
from badges.storage.engine import insert_many, insert_where_new
from badges.storage.records import (
    AwardRecord,
    BatchChunkRecord,
    BatchRowRecord,
    CredentialForm,
    CredentialTemplateRecord,
    CredentialTextRecord,
    LedgerChunkRecord,
    MailState,
    Notice,
    OutboxMailRecord,
    PersonRecord,
    RowState,
)
from badges.storage.words import index_new_people, kept_words
from badges.vocab.audit import Action
from badges.wording import say

# Fewer badges than these are kept whole: their values alone would not make up for the template.
_WORTH_PACKING: Final = 4


@dataclass(frozen=True, slots=True)
class ChunkCounts:
    """How many rows were awarded, and how many people had the badge already."""

    awarded: int = 0
    held: int = 0


class ChangedMeanwhileError(ConflictError):
    """A key, a name or an endorsement changed between signing and storing: the chunk is signed again."""


def store_chunk(
    session: Session, installation: Installation, chunk: BatchChunk, prepared: PreparedChunk
) -> ChunkCounts:
    """Store the chunk: people, awards, texts, ledger, mails, rows. Safe to repeat.

    Raises ChangedMeanwhileError when what was signed is out of date: prepare and sign again.
    """
    record = session.get_one(BatchChunkRecord, (chunk.batch_id, chunk.number), with_for_update=True)
    if record.done_at is not None:
        return ChunkCounts(record.awarded, record.held)
    lock_organisations(session, [prepared.organisation_id], only_for_reading=True)
    batch = find_batch(session, chunk.batch_id)
    session.refresh(batch)
    hand = signing_hand(session, installation, batch.organisation, KeyAlgorithm.EDDSA)
    document_of = document_maker(session, installation, batch.achievement_version, record.list_number)
    if print_of(document_of, hand) != prepared.print:
        raise ChangedMeanwhileError("The badge has changed while it was being signed. It is signed again.")
    stored = _store_awards(session, installation, prepared)
    if stored:
        _store_texts(session, installation, chunk, prepared, stored)
    _close_rows(session, record, prepared, {award.row.number for award, _ in stored})
    record.awarded, record.held = len(stored), len(prepared.awards) - len(stored)
    record.done_at, record.lease_until = installation.clock(), None
    leave_chunk_line(
        session,
        installation,
        Action.AWARDED,
        f"batch/{chunk.batch_id}/{chunk.number}",
        [award.ids.award_id for award, _ in stored],
        organisation=prepared.organisation_id,
    )
    return ChunkCounts(record.awarded, record.held)


def _store_awards(
    session: Session, installation: Installation, prepared: PreparedChunk
) -> list[tuple[RowAward, SignedValues]]:
    """Store people and awards, but for those who hold the badge already. Returns those that were stored."""
    people, before = _people(session, installation, prepared)
    holders = set(
        session.scalars(
            select(AwardRecord.person_id).where(
                AwardRecord.achievement_id == prepared.achievement_id,
                AwardRecord.person_id.in_(people.values()),
                AwardRecord.revoked_at.is_(None),
            )
        )
    )
    fresh: list[tuple[RowAward, SignedValues]] = []
    for award, text in zip(prepared.awards, prepared.texts, strict=True):
        person_id = people[award.row.email]
        if person_id not in holders:
            holders.add(person_id)
            fresh.append((award, text))
    # In one order, so that of two chunks with the same people one waits, and never both for each other.
    fresh.sort(key=lambda pair: people[pair[0].row.email])
    _add_words(session, ((people[award.row.email], award.row.name) for award, _ in fresh), before)
    rows = [_award_values(prepared, award, people[award.row.email]) for award, _ in fresh]
    there = insert_where_new(session, AwardRecord, rows, "id")
    return fresh if there is None else [pair for pair in fresh if pair[0].ids.award_id in there]


def _people(
    session: Session, installation: Installation, prepared: PreparedChunk
) -> tuple[dict[str, int], dict[int, str]]:
    """Return the number of each address's person, new ones where there are none; and the words of those who were there
    before, by number.
    """
    names = {award.row.email: award.row.name for award in prepared.awards}
    found = _people_of(session, names)
    new = {email: kept_words(email, names[email]) for email in sorted(names) if email not in found}
    if new:
        now = installation.clock()
        rows = [{"email": email, "created_at": now, "words": words} for email, words in new.items()]
        insert_where_new(session, PersonRecord, rows)
        made = _people_of(session, new)
        index_new_people(session, [number for number, _ in made.values()])
        found |= made
    # Somebody else may have made one meanwhile, with other words.
    before = {number: words for email, (number, words) in found.items() if words != new.get(email)}
    return {email: number for email, (number, _) in found.items()}, before


def _add_words(session: Session, names: Iterable[tuple[int, str]], before: Mapping[int, str]) -> None:
    """Have people who were there before found by these names, too."""
    more = {number: kept_words(before[number], name) for number, name in names if number in before}
    changed = [{"id": number, "words": words} for number, words in more.items() if words != before[number]]
    if changed:
        session.execute(update(PersonRecord), changed)


def _award_values(prepared: PreparedChunk, award: RowAward, person_id: int) -> dict[str, Any]:
    return {
        "id": award.ids.award_id,
        "organisation_id": prepared.organisation_id,
        "achievement_id": prepared.achievement_id,
        "achievement_version_id": prepared.version_id,
        "person_id": person_id,
        "subject_id": award.ids.subject_id,
        "identity_hash": award.identity_hash,
        "identity_salt": award.ids.salt,
        "valid_from": award.valid_from,
        "valid_until": award.valid_until,
        "evidence": kept_evidence(award.row.narrative, award.row.evidence_url),
        "status_list_number": prepared.places.number,
        "status_index": award.status_index,
        "repeated": False,
        "awarded_at": award.valid_from,
        "awarded_by_id": prepared.batch.created_by_id,
        "name": award.row.name,
        "page_name": "",
        "shows_name": False,
        "is_private": False,
        "revocation_note": "",
    }


def _store_texts(
    session: Session,
    installation: Installation,
    chunk: BatchChunk,
    prepared: PreparedChunk,
    stored: Sequence[tuple[RowAward, SignedValues]],
) -> None:
    """Store what was signed, packed where there are many, with the ledger and the mails."""
    now = installation.clock()
    packs = len(stored) >= _WORTH_PACKING
    templates = _templates(session, prepared, [signed for _, signed in stored]) if packs else {}
    insert_many(
        session,
        CredentialTextRecord,
        [
            {
                "award_id": award.ids.award_id,
                "form": CredentialForm.OB3.value,
                "content": None if packs else signed.text,
                "packed": pack_values(signed.values, signed.signature) if packs else None,
                "template_id": templates.get(signed.template.slots),
                "signing_key_id": prepared.hand.key_id,
                "created_at": prepared.moment,
            }
            for award, signed in stored
        ],
    )
    hashes = [signed.issued_hash for _, signed in stored]
    session.add(
        LedgerChunkRecord(
            signing_key_id=prepared.hand.key_id,
            batch_id=chunk.batch_id,
            number=chunk.number,
            hashes=b"".join(hashes),
        )
    )
    leave_chunk_line(
        session,
        installation,
        Action.SIGNED,
        prepared.hand.key_id,
        [each.hex() for each in hashes],
        organisation=prepared.organisation_id,
    )
    insert_many(
        session,
        OutboxMailRecord,
        [
            {
                "id": award.ids.mail_id,
                "notice": Notice.BADGE_AWARDED,
                "award_id": award.ids.award_id,
                "state": MailState.WAITING,
                "attempts": 0,
                "next_attempt_at": now,
                "problem": "",
                "created_at": now,
            }
            for award, _ in stored
        ],
    )


def _templates(
    session: Session, prepared: PreparedChunk, signed: Sequence[SignedValues]
) -> dict[tuple[Slot, ...], int]:
    """Return the number of each template of these badges: those of an earlier chunk, if they are of the same making."""
    digest = hashlib.sha256(prepared.print.encode()).hexdigest()
    kept = session.scalars(
        select(CredentialTemplateRecord).where(
            CredentialTemplateRecord.batch_id == prepared.batch.id, CredentialTemplateRecord.print == digest
        )
    )
    numbers = {tuple(Slot(name) for name in each.slots.split()): each.id for each in kept}
    for template in {each.template.slots: each.template for each in signed}.values():
        if template.slots not in numbers:
            record = CredentialTemplateRecord(
                batch_id=prepared.batch.id,
                print=digest,
                slots=" ".join(template.slots),
                places=" ".join(template.pattern.order),
                content=template.pattern.text_with_gaps,
            )
            session.add(record)
            session.flush()
            numbers[template.slots] = record.id
    return numbers


def _close_rows(session: Session, record: BatchChunkRecord, prepared: PreparedChunk, awarded: set[int]) -> None:
    within = (
        BatchRowRecord.batch_id == record.batch_id,
        BatchRowRecord.number.between(record.first_row, record.last_row),
        BatchRowRecord.state == RowState.READY,
    )
    held = [award.row.number for award in prepared.awards if award.row.number not in awarded]
    why = kept_problem(say("Has this badge already: it was awarded a moment before."), "email")
    if held:
        session.execute(
            update(BatchRowRecord),
            [
                {"batch_id": record.batch_id, "number": number, "state": RowState.HELD, "problem": why}
                for number in held
            ],
        )
    session.execute(
        update(BatchRowRecord)
        .where(*within)
        .values(state=RowState.AWARDED, cells=None)
        .execution_options(synchronize_session=False)
    )


def _people_of(session: Session, emails: Collection[str]) -> dict[str, tuple[int, str]]:
    """As `lock_people`, but of a thousand only what is needed: by address, the number and the words."""
    query = select(PersonRecord.email, PersonRecord.id, PersonRecord.words).where(PersonRecord.email.in_(emails))
    rows = session.execute(query.order_by(PersonRecord.email).with_for_update(key_share=True))
    return {email: (number, words) for email, number, words in rows}


def refuse_chunk(session: Session, installation: Installation, chunk: BatchChunk, problem: BadgesError) -> None:
    """Leave the rows of a chunk aside that must not be signed: a fault of ours, which holds up no other rows."""
    record = session.get_one(BatchChunkRecord, (chunk.batch_id, chunk.number), with_for_update=True)
    if record.done_at is not None:
        return
    batch = find_batch(session, chunk.batch_id)
    within = (
        BatchRowRecord.batch_id == chunk.batch_id,
        BatchRowRecord.number.between(record.first_row, record.last_row),
        BatchRowRecord.state == RowState.READY,
    )
    record.refused = session.scalar(select(func.count()).where(*within)) or 0
    session.execute(
        update(BatchRowRecord)
        .where(*within)
        .values(state=RowState.WRONG, problem=kept_problem(say("%(problem)s", problem=str(problem)[:500]), ""))
        .execution_options(synchronize_session=False)
    )
    record.done_at, record.lease_until = installation.clock(), None
    leave_line(
        session,
        installation,
        Action.BATCH_CHANGED,
        chunk.batch_id,
        organisation=batch.organisation_id,
        chunk=chunk.number,
        refused=record.refused,
    )
