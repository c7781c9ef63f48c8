"""Awarding: one decision becomes one signed, stored, status-listed badge with its mail queued."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from badges.errors import AlreadyHeldError, InvalidInputError
from badges.issuing.lints import LintError
from badges.issuing.prepare import months_after, prepare_recipient
from badges.issuing.sign import sign_credential
from badges.services.achievements import find_class_to_award
from badges.services.award_values import award_of
from badges.services.context import Installation
from badges.services.facts import fix_base_url
from badges.services.names import checked_name
from badges.services.notices import queue_award_mail
from badges.services.own_documents import own_fetcher
from badges.services.signing_keys import signing_hand
from badges.services.status_lists import take_place
from badges.standards.identity import normalise_email
from badges.standards.ob3.documents import credential_document
from badges.standards.plain_text import strip_controls
from badges.standards.signer import KeyAlgorithm
from badges.storage.engine import insert_unless_there
from badges.storage.records import (
    AchievementVersionRecord,
    AwardRecord,
    CredentialForm,
    CredentialTextRecord,
    Notice,
    PersonRecord,
)
from badges.verifying.pipeline import verify
from badges.verifying.report import Verdict

NARRATIVE_MAX: Final = 2000
URL_MAX: Final = 1000


@dataclass(frozen=True, slots=True)
class AwardRequest:
    """What an awarder decided.

    achievement: the class's slug, or "organisation/slug". email: None when the person gave none.
    again: award although the person holds it already. awarded_by_id: the account, None from the shell.
    """

    achievement: str
    email: str | None
    name: str = ""
    organisation: str | None = None
    narrative: str = ""
    evidence_url: str = ""
    again: bool = False
    awarded_by_id: int | None = None


def award_badge(session: Session, installation: Installation, request: AwardRequest) -> AwardRecord:
    """Award, sign, verify what was signed, store it, and queue the mail; or nothing of it.

    Raises InvalidInputError (with the field), NotFoundError for an unknown class or organisation, AlreadyHeldError
    naming the first award, ConfigurationError for a missing key or another base URL than the badges have.
    """
    request = _checked(request)
    version = find_class_to_award(session, request.achievement, request.organisation)
    fix_base_url(session, installation)
    person = _person(session, installation, request.email)
    if person and not request.again:
        _refuse_second(session, version, person)
    record = _new_record(session, installation, request, version, person)
    award = award_of(record, installation)
    hand = signing_hand(session, installation, record.organisation, KeyAlgorithm.EDDSA)
    text = sign_credential(
        credential_document(award),
        hand.signer,
        hand.verification_method,
        created=record.awarded_at,
        addresses=installation.addresses,
    )
    _verify_before_storing(session, installation, text)
    session.add(
        CredentialTextRecord(
            award_id=record.id,
            form=CredentialForm.OB3,
            content=text,
            signing_key_id=hand.key_id,
            created_at=record.awarded_at,
        )
    )
    if person:
        queue_award_mail(session, installation, record, Notice.BADGE_AWARDED)
    session.flush()
    return record


def _checked(request: AwardRequest) -> AwardRequest:
    """Return the request with its texts cleaned. Raises InvalidInputError naming the field."""
    narrative = strip_controls(request.narrative).strip()
    if len(narrative) > NARRATIVE_MAX:
        raise InvalidInputError(
            "The note has %(length)s characters; at most %(most)s fit.",
            field="narrative",
            length=len(narrative),
            most=NARRATIVE_MAX,
        )
    return replace(
        request,
        email=normalise_email(request.email) if request.email is not None else None,
        name=checked_name(request.name),
        narrative=narrative,
        evidence_url=_checked_url(request.evidence_url.strip()),
    )


def _checked_url(url: str) -> str:
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        good = False
    if not good or len(url) > URL_MAX or not url.isprintable() or any(sign in url for sign in ' <>"{}|\\^`'):
        raise InvalidInputError(
            'The link "%(url)s" does not look right. It starts with https:// and has no spaces.',
            field="evidence_url",
            url=url[:200],
        )
    return url


def _person(session: Session, installation: Installation, email: str | None) -> PersonRecord | None:
    if email is None:
        return None
    person = session.scalar(select(PersonRecord).where(PersonRecord.email == email))
    if person is None:
        person = PersonRecord(email=email, created_at=installation.clock())
        if not insert_unless_there(session, person):
            person = session.scalars(select(PersonRecord).where(PersonRecord.email == email)).one()
    return person


def _refuse_second(session: Session, version: AchievementVersionRecord, person: PersonRecord) -> None:
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
    evidence = [{"narrative": request.narrative, "url": request.evidence_url}]
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
        valid_until=months_after(now, version.validity_months),
        evidence=evidence if request.narrative or request.evidence_url else [],
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
            _refuse_second(session, version, person)  # somebody else was a moment faster
        raise
    return record


def _verify_before_storing(session: Session, installation: Installation, text: str) -> None:
    """Read what was signed as a stranger would. Raises LintError when it would not be accepted."""
    report = verify(text, fetcher=own_fetcher(session, installation), at=installation.clock() + timedelta(seconds=1))
    if report.verdict is not Verdict.VALID:
        failed = "; ".join(str(check.message) for check in report.checks if check.outcome not in ("passed", "skipped"))
        raise LintError("A freshly signed badge did not verify, so it was not stored. %(failed)s", failed=failed)
