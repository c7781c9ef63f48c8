"""What other systems ask for: a list of people to award, done once however often it is sent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from badges.errors import InvalidInputError, MismatchError, StandardsError
from badges.issuing.recipients import Column, RecipientRow, Recipients
from badges.services.achievements import find_class_to_award
from badges.services.batch_ids import BatchIds
from badges.services.batch_rows import problem_wording
from badges.services.batch_starting import start_batch
from badges.services.batches import discard_batch, draft_batch, find_batch
from badges.services.context import Installation
from badges.standards.json_text import read_json, write_json
from badges.storage.engine import insert_unless_there
from badges.storage.queries.batches import count_rows
from badges.storage.records import (
    ApiKeyRecord,
    ApiRequestRecord,
    BatchRecord,
    BatchRowRecord,
    BatchSource,
    RowState,
)
from badges.vocab.json import JsonObject, JsonValue

MOST_RECIPIENTS: Final = 1_000
MOST_BODY_BYTES: Final = 8 * 1024 * 1024
KEPT_FOR: Final = timedelta(hours=24)
MOST_KEY_CHARACTERS: Final = 255
# The members of a recipient, and how long each may be.
MEMBERS: Final = {
    Column.EMAIL: 254,
    Column.NAME: 200,
    Column.NARRATIVE: 4_000,
    Column.EVIDENCE_URL: 1_000,
    Column.DATE: 40,
    Column.REFERENCE: 200,
}
STATES: Final = {
    RowState.AWARDED: "awarded",
    RowState.HELD: "already_held",
    RowState.LOOK: "needs_look",
    RowState.WRONG: "refused",
    RowState.OUT: "refused",
    RowState.READY: "waiting",
}


@dataclass(frozen=True, slots=True)
class AskedAwards:
    """badge: the slug of a class. rows: who gets it. body_hash: of what was sent."""

    badge: str
    rows: tuple[RecipientRow, ...]
    body_hash: str


@dataclass(frozen=True, slots=True)
class Begun:
    """batch_id: what is to be awarded now; None where nothing is. answer: as it was given before, or at once."""

    batch_id: int | None
    answer: str | None
    is_repeat: bool = False


def read_request(body: bytes) -> AskedAwards:
    """Read a request. Raises InvalidInputError whose field is a JSON pointer to what is wrong (RFC 6901)."""
    try:
        asked = read_json(body, maximum_bytes=MOST_BODY_BYTES)
    except StandardsError as problem:
        raise InvalidInputError(problem.message, field="/") from problem
    if not isinstance(asked, dict):
        raise InvalidInputError("Send one JSON object, with the members badge and recipients.", field="/")
    for name in asked.keys() - {"badge", "recipients"}:
        raise InvalidInputError('There is no member "%(name)s".', field=_pointer(name), name=name[:80])
    badge, recipients = asked.get("badge"), asked.get("recipients")
    if not isinstance(badge, str) or not badge or "/" in badge:
        raise InvalidInputError("Name the badge by the last part of its address.", field="/badge")
    if not isinstance(recipients, list) or not 1 <= len(recipients) <= MOST_RECIPIENTS:
        raise InvalidInputError(
            "recipients is a list of 1 to %(most)s people.", field="/recipients", most=f"{MOST_RECIPIENTS:,}"
        )
    rows = tuple(_row(number, each) for number, each in enumerate(recipients, start=1))
    return AskedAwards(badge, rows, hashlib.sha256(body).hexdigest())


def _row(number: int, recipient: JsonValue) -> RecipientRow:
    where = f"/recipients/{number - 1}"
    if not isinstance(recipient, dict):
        raise InvalidInputError("A recipient is an object with an email.", field=where)
    texts = {}
    for name, value in recipient.items():
        if name not in MEMBERS:
            raise InvalidInputError(
                'A recipient has no member "%(name)s".', field=where + _pointer(name), name=name[:80]
            )
        if not isinstance(value, str):
            raise InvalidInputError("%(name)s is a text.", field=f"{where}/{name}", name=name)
        if len(value) > MEMBERS[Column(name)]:
            raise InvalidInputError(
                "%(name)s has %(most)s characters at most.",
                field=f"{where}/{name}",
                name=name,
                most=MEMBERS[Column(name)],
            )
        texts[name] = value
    return RecipientRow(number=number, line=number, cells=tuple(texts.get(name, "") for name in MEMBERS), **texts)


def _pointer(name: str) -> str:
    """Source: RFC 6901, section 3."""
    return "/" + name[:80].replace("~", "~0").replace("/", "~1")


def begin_awards(
    session: Session, installation: Installation, key: ApiKeyRecord, asked: AskedAwards, once: str | None
) -> Begun:
    """Keep what was asked for and have it awarded at once: there is no time to undo. once: the idempotency key.

    Raises InvalidInputError for an idempotency key that is none, NotFoundError for an unknown badge, ConflictError for
    one that is retired, MismatchError when the idempotency key came with something else before.
    """
    request = _take_request(session, installation, key, asked, once) if once is not None else None
    if request is not None and (request.answer is not None or request.batch_id is not None):
        return Begun(request.batch_id, request.answer, is_repeat=True)
    version = find_class_to_award(session, asked.badge, key.organisation.slug)
    batch = draft_batch(
        session,
        installation,
        version,
        Recipients(tuple(MEMBERS), tuple(MEMBERS), has_heading=True, rows=iter(asked.rows)),
        source=BatchSource.API,
        keeps_cells=False,
    )
    counts = count_rows(session, batch)
    if counts.ready:
        start_batch(session, installation, batch.id, undo_time=timedelta(0))
        if request is not None:
            request.batch_id = batch.id
        return Begun(batch.id, None)
    # Nothing to award: the list stays only where somebody can mend something in it.
    stays = counts.wrong or counts.look
    answer = answer_of(session, installation, batch, is_kept=bool(stays))
    if not stays:
        discard_batch(session, installation, batch.id)
    if request is not None:
        request.answer = answer
    return Begun(None, answer)


def _take_request(
    session: Session, installation: Installation, key: ApiKeyRecord, asked: AskedAwards, once: str
) -> ApiRequestRecord:
    """Return the row of a request that is done once, a new one for the first."""
    if not 1 <= len(once) <= MOST_KEY_CHARACTERS or not once.isprintable():
        raise InvalidInputError(
            "Idempotency-Key has 1 to %(most)s characters. A random UUID is best.", most=MOST_KEY_CHARACTERS
        )
    hashed = _hash(once)
    now = installation.clock()
    mine = (ApiRequestRecord.api_key_id == key.id, ApiRequestRecord.key_hash == hashed)
    session.execute(delete(ApiRequestRecord).where(*mine, ApiRequestRecord.created_at <= now - KEPT_FOR))
    fresh = ApiRequestRecord(api_key_id=key.id, key_hash=hashed, body_hash=asked.body_hash, created_at=now)
    found = session.scalar(select(ApiRequestRecord).where(*mine))
    if found is None:
        if insert_unless_there(session, fresh):
            return fresh
        found = session.scalars(select(ApiRequestRecord).where(*mine)).one()
    if found.body_hash != asked.body_hash:
        raise MismatchError("This Idempotency-Key came with another request before. Use a new one for each request.")
    return found


def finish_awards(
    session: Session, installation: Installation, key: ApiKeyRecord, batch_id: int, once: str | None
) -> str:
    """Return the answer to a request that was awarded, and keep it for those who send it again."""
    answer = answer_of(session, installation, find_batch(session, batch_id), is_kept=True)
    if once is not None:
        request = session.get(ApiRequestRecord, (key.id, _hash(once)))
        if request is not None:
            request.answer = answer
    return answer


def _hash(once: str) -> str:
    return hashlib.sha256(once.encode()).hexdigest()


def answer_of(session: Session, installation: Installation, batch: BatchRecord, *, is_kept: bool) -> str:
    """Return what became of each recipient, in the order in which they were sent.

    It names an address only where that is what is wrong.
    """
    ids = BatchIds(batch.seed, batch.created_at)
    rows = session.scalars(
        select(BatchRowRecord).where(BatchRowRecord.batch_id == batch.id).order_by(BatchRowRecord.number)
    ).all()
    results = [_result(installation, row, ids) for row in rows]
    states = [each["state"] for each in results]
    answer: JsonObject = {
        "batch": batch.id if is_kept else None,
        "awarded": states.count("awarded"),
        "already_held": states.count("already_held"),
        "refused": states.count("refused") + states.count("needs_look"),
        "results": results,
    }
    return write_json(answer)


def _result(installation: Installation, row: BatchRowRecord, ids: BatchIds) -> JsonObject:
    award_id = (
        str(ids.of_row(row.number).award_id) if row.state == RowState.AWARDED else (row.problem or {}).get("award")
    )
    result: JsonObject = {"state": STATES[RowState(row.state)]}
    if row.reference:
        result["reference"] = row.reference
    if award_id:
        result["id"] = award_id
        result["url"] = installation.addresses.url("credential", award_id=award_id)
    if row.problem and row.state != RowState.AWARDED:
        field = row.problem.get("field")
        result["problem"] = {
            "detail": str(problem_wording(row.problem)),
            **({"pointer": f"#/recipients/{row.number - 1}/{field}"} if field else {}),
        }
        if row.suggestion:
            result["problem"]["suggestion"] = row.suggestion
    return result


def delete_old_api_requests(session: Session, installation: Installation) -> None:
    """Forget the answers that nobody can ask for again."""
    session.execute(delete(ApiRequestRecord).where(ApiRequestRecord.created_at <= installation.clock() - KEPT_FOR))
