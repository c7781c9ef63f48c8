"""Awarding: one decision becomes one signed, stored, status-listed badge with its mail queued."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from badges.errors import AlreadyHeldError, InvalidInputError
from badges.issuing.prepare import months_after, prepare_recipient
from badges.services.achievements import find_class_to_award
from badges.services.audit import leave_line
from badges.services.award_signing import sign_award
from badges.services.carried_endorsements import hold_for_award
from badges.services.context import Installation
from badges.services.evidence import checked_evidence, checked_url
from badges.services.facts import fix_base_url
from badges.services.names import checked_name
from badges.services.notices import queue_award_mail
from badges.services.persons import find_or_add_person
from badges.services.results import checked_results
from badges.services.status_lists import take_place
from badges.standards.identity import normalise_email
from badges.storage.records import (
    AchievementVersionRecord,
    AwardRecord,
    Notice,
    PersonRecord,
)
from badges.vocab.audit import Action
from badges.vocab.award import Evidence
from badges.vocab.json import JsonObject


@dataclass(frozen=True, slots=True)
class Source:
    """Who assessed an achievement on behalf of the organisation that awards it. url: its own web address."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class AwardRequest:
    """What an awarder decided.

    achievement: the class's slug, or "organisation/slug". email: None when the person gave none.
    narrative, evidence_url: the first piece of evidence. evidence: further pieces.
    results: what was reached, by the slug of a result of the class. valid_until: another end than the class gives.
    again: award although the person holds it already. awarded_by_id: the account, None from the shell.
    """

    achievement: str
    email: str | None
    name: str = ""
    organisation: str | None = None
    narrative: str = ""
    evidence_url: str = ""
    evidence: tuple[Evidence, ...] = ()
    results: Mapping[str, str] = field(default_factory=dict)
    source: Source | None = None
    valid_until: datetime | None = None
    again: bool = False
    awarded_by_id: int | None = None


def award_badge(session: Session, installation: Installation, request: AwardRequest) -> AwardRecord:
    """Award, sign, verify what was signed, store it, and queue the mail; or nothing of it.

    Raises InvalidInputError (with the field), NotFoundError for an unknown class or organisation, AlreadyHeldError
    naming the first award, ConfigurationError for a missing key or another base URL than the badges have.
    """
    request = _checked(request, installation.clock())
    version = find_class_to_award(session, request.achievement, request.organisation)
    fix_base_url(session, installation)
    hold_for_award(session, installation, version)
    person = find_or_add_person(session, installation, request.email, request.name)
    if person and not request.again:
        refuse_second(session, version, person)
    record = _new_record(session, installation, request, version, person)
    sign_award(session, installation, record)
    if person:
        queue_award_mail(session, installation, record, Notice.BADGE_AWARDED)
    session.flush()
    leave_line(
        session,
        installation,
        Action.AWARDED,
        record.id,
        organisation=record.organisation,
        class_version=version.id,
        person=person.id if person else None,
    )
    return record


def _checked(request: AwardRequest, now: datetime) -> AwardRequest:
    """Return the request with its texts cleaned. Raises InvalidInputError naming the field."""
    first = Evidence(request.narrative, request.evidence_url)
    return replace(
        request,
        email=normalise_email(request.email) if request.email is not None else None,
        name=checked_name(request.name),
        valid_until=_checked_end(request.valid_until, now),
        evidence=tuple(Evidence(**kept) for kept in checked_evidence([first, *request.evidence])),
    )


def _kept_source(source: Source | None) -> JsonObject | None:
    """Return who assessed it as the award's record keeps it. Raises InvalidInputError."""
    if source is None:
        return None
    name, url = checked_name(source.name), checked_url(source.url.strip(), field="source")
    if not name or not url:
        raise InvalidInputError("Who assessed it needs a name and a web address.", field="source")
    return {"id": url, "name": name, "url": url}


def _checked_end(valid_until: datetime | None, now: datetime) -> datetime | None:
    if valid_until is not None and valid_until <= now:
        raise InvalidInputError("The badge would be over before it begins.", field="valid_until")
    return valid_until.replace(microsecond=0) if valid_until else None


def refuse_second(session: Session, version: AchievementVersionRecord, person: PersonRecord) -> None:
    """Raise AlreadyHeldError, naming the first, when the person holds a badge of this class."""
    first = session.scalar(
        select(AwardRecord)
        .where(
            AwardRecord.achievement_id == version.achievement_id,
            AwardRecord.person_id == person.id,
            AwardRecord.revoked_at.is_(None),
        )
        .order_by(AwardRecord.awarded_at)
        .limit(1)
    )
    if first is not None:
        raise AlreadyHeldError(
            '%(email)s holds "%(name)s" already: %(id)s, awarded on %(date)s.',
            award_id=str(first.id),
            email=person.email,
            name=version.name,
            id=first.id,
            date=first.awarded_at.strftime("%d %B %Y").lstrip("0"),
        )


def _new_record(
    session: Session,
    installation: Installation,
    request: AwardRequest,
    version: AchievementVersionRecord,
    person: PersonRecord | None,
) -> AwardRecord:
    now = installation.clock()
    organisation = version.achievement.organisation
    recipient = prepare_recipient(request.email, installation.random)
    place = take_place(session, installation, organisation)
    record = AwardRecord(
        id=installation.random.uuid(),
        organisation=organisation,
        achievement_id=version.achievement_id,
        achievement_version=version,
        person=person,
        subject_id=uuid.UUID(recipient.subject_id),
        identity_hash=recipient.email.identity_hash if recipient.email else None,
        identity_salt=recipient.email.salt if recipient.email else None,
        valid_from=now,
        valid_until=request.valid_until or months_after(now, version.validity_months),
        evidence=checked_evidence(request.evidence),
        results=checked_results(version, request.results) or None,
        source=_kept_source(request.source),
        status_list_number=place.number,
        status_index=place.index,
        repeated=request.again,
        awarded_at=now,
        awarded_by_id=request.awarded_by_id,
        name=request.name,
    )
    try:
        with session.begin_nested():
            session.add(record)
            session.flush()
    except IntegrityError:
        if person and not request.again:
            refuse_second(session, version, person)  # somebody else was a moment faster
        raise
    return record
