"""Endorsing a class, a badge or another organisation, and withdrawing what was said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from badges.errors import ConflictError, InvalidInputError, NotFoundError
from badges.ids import read_id
from badges.issuing.sign import sign_endorsement
from badges.services.achievements import achievement_of, find_class_to_award, find_version
from badges.services.audit import leave_line
from badges.services.award_signing import verify_before_storing
from badges.services.award_values import find_award, lock_award
from badges.services.carried_endorsements import hold_for_award
from badges.services.context import Installation
from badges.services.endorsement_values import endorsement_of, find_endorsement, list_standing, standing_succession
from badges.services.facts import fix_base_url
from badges.services.ledger import record_issued
from badges.services.locks import lock_organisations
from badges.services.organisations import find_organisation
from badges.services.packs import find_pack
from badges.services.revocation import checked_note
from badges.services.signing_keys import signing_hand
from badges.services.status_lists import ListPlace, renew_list, take_place
from badges.services.superseding import supersede_award
from badges.standards.ob3.endorsements import endorsement_document
from badges.standards.plain_text import strip_controls
from badges.standards.signer import KeyAlgorithm
from badges.storage.records import (
    AwardRecord,
    CredentialForm,
    CredentialTemplateRecord,
    CredentialTextRecord,
    EndorsementRecord,
    OrganisationRecord,
)
from badges.vocab.audit import Action
from badges.vocab.endorsement import EndorsedKind, WithdrawalReason
from badges.vocab.status import SupersessionReason

COMMENT_MAX: Final = 2000
_ISSUER_ID: Final = re.compile(r"(?:did:[a-z0-9]+:|https://)[!-~]{3,480}")


@dataclass(frozen=True, slots=True)
class EndorsementRequest:
    """What an endorser decided.

    target: of a class "organisation/slug", "organisation/slug/version" or its slug; of a badge its number; of an
    organisation its slug; of a pack its short name here. by: the slug of the organisation that endorses.
    comment: Markdown, public.
    """

    kind: EndorsedKind
    target: str
    by: str
    comment: str
    endorsed_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class SignedElsewhere:
    """An endorsement that was signed with the endorser's own key, and checked.

    did: of the endorser. did_document: what its address answered when the signature was checked.
    """

    id: UUID
    did: str
    text: str
    valid_from: datetime
    did_document: str


@dataclass(frozen=True, slots=True)
class Endorsed:
    """What is endorsed. owner: whose it is; None for an issuer elsewhere. award: the badge, if it is one."""

    id: str
    name: str
    owner: OrganisationRecord | None
    award: AwardRecord | None = None


def endorse(
    session: Session,
    installation: Installation,
    request: EndorsementRequest,
    *,
    signed_elsewhere: SignedElsewhere | None = None,
) -> EndorsementRecord:
    """Sign an endorsement, verify it as a stranger would, and keep it. A badge that is endorsed is signed anew with it.

    signed_elsewhere: what the endorser signed with a key of its own, checked; nothing is signed here then.

    Badges that are awarded from now on carry the endorsements of their class and their organisation.

    Raises InvalidInputError (with the field), NotFoundError, ConflictError when the organisation endorses it already,
    when it is its own, or when the badge was withdrawn.
    """
    comment = checked_comment(request.comment)
    endorser = find_organisation(session, request.by)
    endorsed = find_endorsed(session, installation, request)
    if endorsed.owner is not None and endorsed.owner.id == endorser.id:
        raise ConflictError("%(name)s cannot endorse what is its own.", name=endorser.name)
    fix_base_url(session, installation)
    _hold(session, installation, endorser, endorsed)
    _refuse_second(session, endorser, endorsed)
    record = EndorsementRecord(
        id=installation.random.uuid(),
        organisation=endorser,
        organisation_id=endorser.id,
        kind=request.kind,
        endorsed_id=endorsed.id,
        comment=comment,
        valid_from=installation.clock(),
        endorsed_by_id=request.endorsed_by_id,
    )
    if signed_elsewhere is None:
        _sign(session, installation, record, endorsed, take_place(session, installation, endorser))
    else:
        record.content, record.external_did = signed_elsewhere.text, signed_elsewhere.did
        record.external_document = signed_elsewhere.did_document
        record.id, record.valid_from = signed_elsewhere.id, signed_elsewhere.valid_from
    try:
        with session.begin_nested():
            session.add(record)
            session.flush()
    except IntegrityError:
        _refuse_second(session, endorser, endorsed)  # somebody else was a moment faster
        raise
    leave_line(session, installation, Action.ENDORSED, record.id, organisation=endorser, kind=record.kind)
    if endorsed.award is not None:
        supersede_award(session, installation, endorsed.award, SupersessionReason.ENDORSEMENT)
    return record


def withdraw_endorsement(
    session: Session, installation: Installation, endorsement_id: UUID, reason: WithdrawalReason, *, note: str = ""
) -> EndorsementRecord:
    """Withdraw an endorsement for ever: its status bit is set. `carriers` tells which badges to sign anew without it.

    Raises InvalidInputError for a note that is too long, NotFoundError, ConflictError when it was withdrawn before.
    """
    note = checked_note(note)
    record = find_endorsement(session, endorsement_id)
    session.refresh(record, with_for_update={"of": EndorsementRecord})
    if record.revoked_at is not None:
        raise ConflictError("The endorsement %(id)s was withdrawn already.", id=endorsement_id)
    record.revoked_at, record.revocation_reason = installation.clock(), reason
    record.revocation_note = note
    leave_line(
        session,
        installation,
        Action.ENDORSEMENT_WITHDRAWN,
        record.id,
        organisation=record.organisation,
        reason=reason.value,
    )
    if record.status_list_number is not None:
        renew_list(session, installation, record.status_list_number)
    return record


def carriers(session: Session, installation: Installation, record: EndorsementRecord) -> Sequence[UUID]:
    """Return the numbers of the standing badges that carry an endorsement inside."""
    url = installation.addresses.url("endorsement", endorsement_id=record.id)
    # All badges of one template carry the same endorsements.
    templates = select(CredentialTemplateRecord.id).where(
        CredentialTemplateRecord.content.contains(f'"{url}"', autoescape=True)
    )
    return session.scalars(
        select(AwardRecord.id)
        .join(CredentialTextRecord, CredentialTextRecord.award_id == AwardRecord.id)
        .where(
            CredentialTextRecord.form == CredentialForm.OB3,
            or_(
                CredentialTextRecord.content.contains(f'"{url}"', autoescape=True),
                CredentialTextRecord.template_id.in_(templates),
            ),
            AwardRecord.revoked_at.is_(None),
        )
        .order_by(AwardRecord.awarded_at)
    ).all()


def list_carried_still(session: Session) -> Sequence[EndorsementRecord]:
    """Return the withdrawn endorsements of which badges may still have to be signed anew."""
    return session.scalars(select(EndorsementRecord).where(EndorsementRecord.is_carried_still).limit(50)).all()


def list_endorsements(session: Session) -> Sequence[EndorsementRecord]:
    """Return every endorsement, oldest first, withdrawn ones too."""
    return session.scalars(select(EndorsementRecord).order_by(EndorsementRecord.valid_from, EndorsementRecord.id)).all()


def checked_comment(comment: str) -> str:
    """Return what an endorser says. Raises InvalidInputError."""
    cleaned = strip_controls(comment).strip()
    if not cleaned or len(cleaned) > COMMENT_MAX:
        raise InvalidInputError(
            "Say in the comment what you stand for, in at most %(most)s characters.", field="comment", most=COMMENT_MAX
        )
    return cleaned


def find_endorsed(session: Session, installation: Installation, request: EndorsementRequest) -> Endorsed:
    """Return what a request is about; who endorses is not looked at. Raises NotFoundError, InvalidInputError."""
    addresses = installation.addresses
    if request.kind is EndorsedKind.SUCCESSION and _ISSUER_ID.fullmatch(request.target):
        if addresses.is_ours(request.target) or request.target.startswith(addresses.service_did):
            raise InvalidInputError("This is an organisation of this service: give its short name.", field="target")
        return Endorsed(request.target, request.target, None)
    if request.kind in (EndorsedKind.ORGANISATION, EndorsedKind.SUCCESSION):
        organisation = find_organisation(session, request.target)
        return Endorsed(addresses.organisation_did(organisation.slug), organisation.name, organisation)
    if request.kind is EndorsedKind.PACK:
        pack = find_pack(session, request.target)
        if pack.organisation is None:
            raise NotFoundError('"%(name)s" is no pack of an organisation here.', name=pack.name)
        return Endorsed(addresses.url("pack", pack=pack.address), pack.name, pack.organisation)
    if request.kind is EndorsedKind.CLASS:
        parts = request.target.split("/")
        if len(parts) == 3 and parts[2].isdecimal():
            version = find_version(session, parts[0], parts[1], int(parts[2]))
        else:
            version = find_class_to_award(session, request.target, None)
        achievement = achievement_of(version, addresses)
        return Endorsed(achievement.id, achievement.name, version.achievement.organisation)
    award = find_award(session, _award_id(request.target))
    return Endorsed(
        addresses.url("credential", award_id=award.id), award.achievement_version.name, award.organisation, award
    )


def _award_id(text: str) -> UUID:
    try:
        return read_id(text)
    except ValueError:
        raise InvalidInputError('"%(text)s" is no badge\'s number.', field="target", text=text[:200]) from None


def _hold(session: Session, installation: Installation, endorser: OrganisationRecord, endorsed: Endorsed) -> None:
    """Lock what is endorsed and both organisations: two that endorse each other's badges at once wait for each other
    in turn, and never for ever.
    """
    award = endorsed.award
    if award is None:
        lock_organisations(session, [each.id for each in (endorser, endorsed.owner) if each is not None])
        return
    lock_award(session, award)
    hold_for_award(session, installation, award.achievement_version, endorser, award_id=award.id)


def _refuse_second(session: Session, endorser: OrganisationRecord, endorsed: Endorsed) -> None:
    standing = [*list_standing(session, endorsed.id), standing_succession(session, endorsed.id)]
    first = next((record for record in standing if record and record.organisation_id == endorser.id), None)
    if first is not None:
        raise ConflictError(
            '%(endorser)s endorses "%(name)s" already: %(id)s. Withdraw that one first.',
            endorser=endorser.name,
            name=endorsed.name,
            id=first.id,
        )


def _sign(
    session: Session, installation: Installation, record: EndorsementRecord, endorsed: Endorsed, place: ListPlace
) -> None:
    """Fill in what is signed, and the signed text itself."""
    record.status_list_number, record.status_index = place.number, place.index
    endorsement = endorsement_of(record, installation, name=f"{record.organisation.name}: {endorsed.name}")
    hand = signing_hand(session, installation, record.organisation, KeyAlgorithm.EDDSA)
    record.signing_key_id = hand.key_id
    record.content = sign_endorsement(
        endorsement_document(endorsement),
        hand.signer,
        hand.verification_method,
        created=record.valid_from,
        addresses=installation.addresses,
        is_succession=record.kind == EndorsedKind.SUCCESSION,
    )
    verify_before_storing(session, installation, record.content, hand.signer, begins=record.valid_from)
    record_issued(
        session, installation, record.content, hand.key_id, subject=record.id, organisation=record.organisation
    )
