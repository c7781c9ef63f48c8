"""Requests for endorsements: somebody outside is asked by mail. What they answer is in `endorsement_answering`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, delete, func, or_, select, update
from sqlalchemy.orm import Session

from badges.errors import ConflictError, InvalidInputError, NotFoundError
from badges.services.audit import leave_line
from badges.services.coded_links import link_code, link_token
from badges.services.context import Installation
from badges.services.endorsements import (
    Endorsed,
    EndorsementRequest,
    find_endorsed,
)
from badges.services.links import LinkPurpose
from badges.services.notices import queue_endorsement_mail
from badges.services.organisations import checked_organisation_name
from badges.services.typed_texts import checked_paragraphs
from badges.standards.identity import normalise_email
from badges.standards.issuer_list import plain_name
from badges.storage.records import (
    EndorsementRecord,
    EndorsementRequestRecord,
    Notice,
    OrganisationRecord,
    OutboxMailRecord,
)
from badges.vocab.audit import Action
from badges.vocab.endorsement import EndorsedKind
from badges.vocab.profile import OrganisationKind

LIFETIME: Final = timedelta(days=60)
PAGE_SIZE: Final = 50
MESSAGE_MAX: Final = 1000
_WINDOW: Final = timedelta(hours=1)
_IN_WINDOW: Final = 30
_MOST_ROUNDS: Final = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed who asks. target: of a class "slug", of a pack its short name, of the organisation ""."""

    kind: str
    target: str
    email: str
    endorser_name: str
    message: str = ""


def ask(
    session: Session,
    installation: Installation,
    organisation: OrganisationRecord,
    asked: Asked,
    *,
    asked_by_id: int | None = None,
) -> EndorsementRequestRecord:
    """Ask somebody outside by mail to endorse something of an organisation.

    Raises InvalidInputError with the field, NotFoundError; ConflictError when they were asked already, or too many.
    """
    _refuse_merged(organisation)
    kind, target = _checked_target(organisation, asked)
    endorsed = find_endorsed(session, installation, EndorsementRequest(kind, target, "", ""))
    if endorsed.owner is None or endorsed.owner.id != organisation.id:
        raise InvalidInputError("Choose something of your own.", field="subject")
    name = checked_organisation_name(asked.endorser_name, field="endorser_name")
    refuse_name_of_another(session, name, field="endorser_name")
    email = _checked_email(asked.email)
    _refuse_too_many(session, installation, organisation)
    same = (EndorsementRequestRecord.email == email, EndorsementRequestRecord.target == target)
    for other in session.scalars(_open_requests(installation, organisation).where(*same)):
        if other.kind == kind:
            raise ConflictError("%(email)s was asked for this already. Send that mail again instead.", email=email)
    message = checked_paragraphs(asked.message, MESSAGE_MAX, field="message")
    now = installation.clock()
    record = EndorsementRequestRecord(
        id=installation.random.uuid(),
        organisation=organisation,
        kind=kind,
        target=target,
        email=email,
        endorser_name=name,
        message=message,
        round=1,
        failures=0,
        asked_by_id=asked_by_id,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    session.add(record)
    session.flush()
    leave_line(session, installation, Action.ENDORSEMENT_ASKED, record.id, organisation=organisation, kind=kind)
    queue_endorsement_mail(session, installation, record, Notice.ENDORSEMENT_ASKED)
    return record


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One page of the requests of an organisation. total: of all pages."""

    requests: Sequence[EndorsementRequestRecord]
    total: int
    page: int
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


def list_requests(session: Session, organisation: OrganisationRecord, *, page: int = 1) -> RequestPage:
    """Return a page of the requests of an organisation, newest first."""
    query = select(EndorsementRequestRecord).where(EndorsementRequestRecord.organisation_id == organisation.id)
    total = session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    page = min(max(page, 1), max(1, -(-total // PAGE_SIZE)))
    ordered = query.order_by(EndorsementRequestRecord.created_at.desc(), EndorsementRequestRecord.id)
    return RequestPage(session.scalars(ordered.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all(), total, page)


def list_open_requests(
    session: Session, installation: Installation, organisation: OrganisationRecord
) -> Sequence[EndorsementRequestRecord]:
    """Return every request of an organisation that still waits for an answer, the oldest first."""
    query = _open_requests(installation, organisation)
    return session.scalars(query.order_by(EndorsementRequestRecord.created_at, EndorsementRequestRecord.id)).all()


def _open_requests(installation: Installation, organisation: OrganisationRecord) -> Select[EndorsementRequestRecord]:
    """As `is_open`, for the database."""
    return select(EndorsementRequestRecord).where(
        EndorsementRequestRecord.organisation_id == organisation.id,
        EndorsementRequestRecord.endorsement_id.is_(None),
        EndorsementRequestRecord.declined_at.is_(None),
        EndorsementRequestRecord.taken_back_at.is_(None),
        EndorsementRequestRecord.expires_at > installation.clock(),
    )


def find_request(session: Session, organisation: OrganisationRecord, request_id: UUID) -> EndorsementRequestRecord:
    """Return a request of an organisation. Raises NotFoundError."""
    record = session.get(EndorsementRequestRecord, request_id)
    if record is None or record.organisation_id != organisation.id:
        raise NotFoundError("There is no such request here.")
    return record


def is_open(record: EndorsementRequestRecord, installation: Installation) -> bool:
    """Whether it still waits for an answer."""
    answered = record.endorsement_id or record.declined_at or record.taken_back_at
    return not answered and record.expires_at > installation.clock()


def state_of(record: EndorsementRequestRecord, installation: Installation) -> str:
    """Return how a request stands: open, given, withdrawn, declined, back (taken back) or over (run out)."""
    if record.endorsement is not None:
        return "withdrawn" if record.endorsement.revoked_at else "given"
    if record.declined_at is not None:
        return "declined"
    if record.taken_back_at is not None:
        return "back"
    return "open" if is_open(record, installation) else "over"


def ask_again(session: Session, installation: Installation, record: EndorsementRequestRecord) -> None:
    """Send the mail once more, with a new link and code; the ones before open nothing. Who has endorsed gets the mail
    that says how to withdraw it.

    Raises ConflictError when it was declined, taken back or withdrawn.
    """
    stands = record.endorsement is not None and record.endorsement.revoked_at is None
    if (record.endorsement_id and not stands) or record.declined_at or record.taken_back_at:
        raise ConflictError("This request was answered, or taken back. Ask anew.")
    _refuse_merged(record.organisation)
    _refuse_too_many(session, installation, record.organisation)
    if record.round >= _MOST_ROUNDS:
        raise ConflictError("This mail was sent %(most)s times. Ask them in another way.", most=_MOST_ROUNDS)
    record.round, record.failures = record.round + 1, 0
    record.expires_at = installation.clock() + LIFETIME
    leave_line(session, installation, Action.ENDORSEMENT_ASKED_AGAIN, record.id, organisation=record.organisation_id)
    notice = Notice.ENDORSEMENT_GIVEN if stands else Notice.ENDORSEMENT_ASKED
    queue_endorsement_mail(session, installation, record, notice)


def take_back(session: Session, installation: Installation, record: EndorsementRequestRecord) -> None:
    """Take a request back. Safe to repeat. Raises ConflictError when it was answered."""
    session.refresh(record, with_for_update={"of": EndorsementRequestRecord})
    if record.endorsement_id or record.declined_at:
        raise ConflictError("This request was answered already.")
    if record.taken_back_at is None:
        record.taken_back_at = installation.clock()
        leave_line(session, installation, Action.ENDORSEMENT_TAKEN_BACK, record.id, organisation=record.organisation_id)


def endorse_url(installation: Installation, record: EndorsementRequestRecord) -> str:
    """Return the address of a request, as it is in the newest mail."""
    return installation.addresses.url("endorse", token=link_token(installation, LinkPurpose.ENDORSEMENT, record))


def endorse_code(installation: Installation, record: EndorsementRequestRecord) -> str:
    """Return the code in the newest mail."""
    return link_code(installation, LinkPurpose.ENDORSEMENT, record)


def endorsed_of(session: Session, installation: Installation, record: EndorsementRequestRecord) -> Endorsed:
    """Return what is to be endorsed. Raises NotFoundError when it is there no more."""
    return find_endorsed(session, installation, EndorsementRequest(EndorsedKind(record.kind), record.target, "", ""))


def delete_old_requests(session: Session, installation: Installation) -> None:
    """Delete requests that nobody gave an answer to, or declined, a month after they ended; the address of one that was
    withdrawn is forgotten then.
    """
    before = installation.clock() - timedelta(days=30)
    over = (
        EndorsementRequestRecord.endorsement_id.is_(None),
        or_(
            EndorsementRequestRecord.expires_at < before,
            EndorsementRequestRecord.declined_at < before,
            EndorsementRequestRecord.taken_back_at < before,
        ),
    )
    numbers = select(EndorsementRequestRecord.id).where(*over)
    session.execute(delete(OutboxMailRecord).where(OutboxMailRecord.endorsement_request_id.in_(numbers)))
    session.execute(delete(EndorsementRequestRecord).where(*over))
    withdrawn = select(EndorsementRecord.id).where(EndorsementRecord.revoked_at < before)
    session.execute(
        update(EndorsementRequestRecord)
        .where(EndorsementRequestRecord.endorsement_id.in_(withdrawn), EndorsementRequestRecord.email != "")
        .values(email="")
    )


def _checked_target(organisation: OrganisationRecord, asked: Asked) -> tuple[EndorsedKind, str]:
    """Return what is asked for, as `EndorsementRequest` names it."""
    if asked.kind == EndorsedKind.ORGANISATION:
        return EndorsedKind.ORGANISATION, organisation.slug
    if asked.kind == EndorsedKind.CLASS and asked.target:
        return EndorsedKind.CLASS, f"{organisation.slug}/{asked.target}"
    if asked.kind == EndorsedKind.PACK and asked.target:
        return EndorsedKind.PACK, asked.target
    raise InvalidInputError("Choose what they are to endorse.", field="subject")


def refuse_name_of_another(session: Session, name: str, *, field: str) -> None:
    """Refuse the name of an organisation that awards here: an endorser must not be taken for it."""
    same = select(OrganisationRecord.kind).where(OrganisationRecord.name_key == plain_name(name)[:400])
    if any(kind != OrganisationKind.ENDORSER for kind in session.scalars(same)):
        raise InvalidInputError(
            'An organisation here is called "%(name)s". It can endorse from its own account.', field=field, name=name
        )


def _refuse_merged(organisation: OrganisationRecord) -> None:
    if organisation.merged_into_id is not None:
        raise ConflictError(
            "%(name)s has become a part of another organisation. Ask from there.", name=organisation.name
        )


def _checked_email(email: str) -> str:
    try:
        return normalise_email(email)
    except InvalidInputError as problem:
        raise InvalidInputError(problem.message, field="email") from problem


def _refuse_too_many(session: Session, installation: Installation, organisation: OrganisationRecord) -> None:
    since = installation.clock() - _WINDOW
    sent = session.scalar(
        select(func.count())
        .select_from(EndorsementRequestRecord)
        .where(EndorsementRequestRecord.organisation_id == organisation.id, EndorsementRequestRecord.created_at > since)
    )
    if (sent or 0) >= _IN_WINDOW:
        raise ConflictError("Too many were asked within the hour. Go on in an hour.")
