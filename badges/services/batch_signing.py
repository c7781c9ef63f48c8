"""Signing a chunk of a batch: what its badges have in common is worked out once, the rest is filled in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from badges.issuing.credential_template import Slot, Values
from badges.issuing.prepare import months_after, prepare_award
from badges.issuing.sign import BatchSigner, SignedValues
from badges.services.achievements import achievement_of
from badges.services.award_signing import verify_before_storing
from badges.services.batch_chunks import BatchChunk
from badges.services.batch_ids import BatchIds, RowIds
from badges.services.batches import find_batch
from badges.services.carried_endorsements import carried_endorsements
from badges.services.context import Installation
from badges.services.organisations import profile_of
from badges.services.signing_keys import SigningHand, signing_hand
from badges.services.status_lists import ReservedPlaces, position_of, reserved_places
from badges.standards.identity import hash_identity
from badges.standards.json_text import write_json
from badges.standards.moments import read_moment, write_moment
from badges.standards.ob3.documents import credential_document
from badges.standards.ob3.endorsements import with_endorsements
from badges.standards.signer import KeyAlgorithm
from badges.storage.records import AchievementVersionRecord, BatchChunkRecord, BatchRecord, BatchRowRecord, RowState
from badges.vocab.award import Evidence, HashedEmail, Recipient
from badges.vocab.json import JsonObject
from badges.vocab.status import StatusPosition

DocumentMaker = Callable[[Values], JsonObject]

_ROW_COLUMNS: Final = (
    BatchRowRecord.number,
    BatchRowRecord.email,
    BatchRowRecord.name,
    BatchRowRecord.narrative,
    BatchRowRecord.evidence_url,
    BatchRowRecord.valid_from,
)
RowTuple = Row[tuple[int, str, str, str, str, datetime | None]]


@dataclass(slots=True)
class PreparedChunk:
    """What one chunk is signed from."""

    batch: BatchRecord
    moment: datetime
    hand: SigningHand
    organisation_id: int
    achievement_id: int
    version_id: int
    validity_months: int | None
    places: ReservedPlaces
    rows: list[RowTuple]
    print: str
    awards: list[RowAward] = field(default_factory=list)
    texts: list[SignedValues] = field(default_factory=list)


@dataclass(slots=True)
class RowAward:
    """One row's award before it is stored."""

    row: RowTuple
    ids: RowIds
    identity_hash: str
    valid_from: datetime
    valid_until: datetime | None
    status_index: int

    def values(self) -> dict[Slot, str]:
        found = {
            Slot.AWARD_ID: str(self.ids.award_id),
            Slot.SUBJECT_ID: str(self.ids.subject_id),
            Slot.IDENTITY_HASH: self.identity_hash,
            Slot.SALT: self.ids.salt,
            Slot.VALID_FROM: write_moment(self.valid_from),
            Slot.STATUS_INDEX: str(self.status_index),
        }
        if self.valid_until is not None:
            found[Slot.VALID_UNTIL] = write_moment(self.valid_until)
        if self.row.narrative:
            found[Slot.NARRATIVE] = self.row.narrative
        if self.row.evidence_url:
            found[Slot.EVIDENCE_URL] = self.row.evidence_url
        return found


class ChunkSigner:
    """Signs chunks, and keeps between them what the chunks of one batch have in common.

    A chunk goes through `prepare`, `sign` (no session: this is where the time goes), `verify` (both of these read),
    and then `store_chunk` of `batch_storing.py` (one transaction, as short as can be: others wait for it).
    """

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._signers: dict[tuple[int, datetime, str], BatchSigner] = {}

    def prepare(self, session: Session, chunk: BatchChunk) -> PreparedChunk | None:
        """Read what a chunk is signed from. Returns None when it is done already."""
        batch = find_batch(session, chunk.batch_id)
        record = session.get_one(BatchChunkRecord, (chunk.batch_id, chunk.number))
        if record.done_at is not None:
            return None
        assert batch.moment is not None
        version = batch.achievement_version
        prepared = PreparedChunk(
            batch=batch,
            moment=batch.moment.replace(microsecond=0),
            hand=signing_hand(session, self._installation, batch.organisation, KeyAlgorithm.EDDSA),
            organisation_id=batch.organisation_id,
            achievement_id=version.achievement_id,
            version_id=version.id,
            validity_months=version.validity_months,
            places=reserved_places(session, record.list_number, record.first_place),
            rows=_ready_rows(session, record),
            print="",
        )
        document_of = document_maker(session, self._installation, version, record.list_number)
        prepared.print = print_of(document_of, prepared.hand)
        key = (batch.id, prepared.moment, prepared.print)
        if key not in self._signers:
            self._signers.clear()
            self._signers[key] = BatchSigner(
                document_of,
                prepared.hand.signer,
                prepared.hand.verification_method,
                created=prepared.moment,
                addresses=self._installation.addresses,
                random=self._installation.random,
            )
        return prepared

    def sign(self, prepared: PreparedChunk) -> None:
        """Make and sign the credentials of the chunk. Raises LintError, UnavailableError."""
        ids = BatchIds(prepared.batch.seed, prepared.batch.created_at)
        prepared.awards = [
            self._row_award(prepared, ids.of_row(row.number), row, which) for which, row in enumerate(prepared.rows)
        ]
        [signer] = self._signers.values()
        prepared.texts = signer.sign(award.values() for award in prepared.awards)

    def verify(self, session: Session, prepared: PreparedChunk) -> None:
        """Have one of the chunk, chosen by chance, judged by the pipeline that a stranger uses.

        Raises LintError when it is not accepted as it is.
        """
        if prepared.texts:
            chosen = prepared.texts[self._installation.random.below(len(prepared.texts))]
            begins = max(award.valid_from for award in prepared.awards)
            verify_before_storing(session, self._installation, chosen.text, prepared.hand.signer, begins=begins)

    def _row_award(self, prepared: PreparedChunk, ids: RowIds, row: RowTuple, which: int) -> RowAward:
        valid_from = min(row.valid_from, prepared.moment) if row.valid_from else prepared.moment
        return RowAward(
            row=row,
            ids=ids,
            identity_hash=hash_identity(row.email, ids.salt),
            valid_from=valid_from,
            valid_until=months_after(valid_from, prepared.validity_months),
            status_index=prepared.places.place(which).index,
        )


def document_maker(
    session: Session, installation: Installation, version: AchievementVersionRecord, list_number: int
) -> DocumentMaker:
    """Return what makes an unsigned credential out of the values of its slots, as `award_of` and `unsigned_credential`
    do for a stored award. It asks nothing later: the endorsements that the badges carry are those that stand now.
    """
    addresses = installation.addresses
    issuer = profile_of(version.achievement.organisation, addresses)
    achievement = achievement_of(version, addresses)
    status_url = position_of(list_number, 0, installation).list_url

    def plain(values: Values) -> JsonObject:
        begins = read_moment(values[Slot.VALID_FROM])
        assert begins is not None
        evidence = kept_evidence(values.get(Slot.NARRATIVE, ""), values.get(Slot.EVIDENCE_URL, ""))
        award = prepare_award(
            UUID(values[Slot.AWARD_ID]),
            issuer=issuer,
            achievement=achievement,
            recipient=Recipient(
                UUID(values[Slot.SUBJECT_ID]).urn, HashedEmail(values[Slot.IDENTITY_HASH], values[Slot.SALT])
            ),
            valid_from=begins,
            valid_until=read_moment(values.get(Slot.VALID_UNTIL)),
            status=StatusPosition(status_url, int(values[Slot.STATUS_INDEX])),
            addresses=addresses,
            evidence=tuple(Evidence(**entry) for entry in evidence),
        )
        return credential_document(award)

    carried = carried_endorsements(session, plain(_PRINT_VALUES))
    return lambda values: with_endorsements(plain(values), carried)


def _ready_rows(session: Session, record: BatchChunkRecord) -> list[RowTuple]:
    query = (
        select(*_ROW_COLUMNS)
        .where(
            BatchRowRecord.batch_id == record.batch_id,
            BatchRowRecord.number.between(record.first_row, record.last_row),
            BatchRowRecord.state == RowState.READY,
        )
        .order_by(BatchRowRecord.number)
    )
    return list(session.execute(query))


def kept_evidence(narrative: str, url: str) -> list[JsonObject]:
    """Return a row's evidence as an award's record keeps it, as `checked_evidence` would."""
    return [{"narrative": narrative, "url": url}] if narrative or url else []


_PRINT_VALUES: Final = {
    Slot.AWARD_ID: str(UUID(int=0)),
    Slot.SUBJECT_ID: str(UUID(int=0)),
    Slot.IDENTITY_HASH: "sha256$" + "0" * 64,
    Slot.SALT: "0" * 32,
    Slot.VALID_FROM: "2000-01-01T00:00:00Z",
    Slot.STATUS_INDEX: "0",
}


def print_of(document_of: DocumentMaker, hand: SigningHand) -> str:
    """Return what all badges of a batch have in common: two that are equal were signed alike."""
    return f"{hand.key_id} {write_json(document_of(_PRINT_VALUES))}"
