"""A newer version of a badge: the same id, a later beginning, a new place in a status list; the old one is kept.

Whoever has the older version and checks it finds its bit set, and the newest one at its refresh address.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from badges.errors import ConflictError
from badges.issuing.prepare import prepare_recipient
from badges.services.audit import leave_line
from badges.services.award_signing import sign_award, unsigned_credential
from badges.services.award_values import lock_award
from badges.services.awards import refuse_second
from badges.services.carried_endorsements import hold_for_award
from badges.services.context import Installation
from badges.services.evidence import checked_evidence
from badges.services.notices import queue_award_mail
from badges.services.persons import find_or_add_person, lock_people, renew_words
from badges.services.signing_keys import signing_hand
from badges.services.status_lists import renew_list, take_place
from badges.services.stored_texts import text_of
from badges.standards.identity import normalise_email
from badges.standards.json_text import read_json
from badges.standards.signer import KeyAlgorithm
from badges.storage.records import (
    AwardRecord,
    CredentialForm,
    CredentialTextRecord,
    KeyState,
    Notice,
    SigningKeyRecord,
    SupersededCredentialRecord,
    SupersededTextRecord,
)
from badges.vocab.audit import Action
from badges.vocab.award import Evidence
from badges.vocab.json import JsonObject
from badges.vocab.status import SupersessionReason

# What every version has anew; the rest is what it says.
_OF_ONE_VERSION: Final = frozenset({"validFrom", "credentialStatus", "proof"})
_ONE_SECOND: Final = timedelta(seconds=1)


def supersede_award(
    session: Session,
    installation: Installation,
    award: AwardRecord,
    reason: SupersessionReason,
    *,
    email: str | None = None,
    evidence: Sequence[Evidence] | None = None,
    valid_until: datetime | None = None,
) -> bool:
    """Sign a newer version of a badge that says what is so now. Returns False when nothing would be otherwise.

    email: the recipient's new address. evidence: all of it. valid_until: its new end. None leaves
    each as it is.
    The older version's exact texts are kept, its bit is set, and its 2.0 form is in the list of withdrawn ones; the
    other forms are made anew when they are asked for. The holder gets a mail: files that were saved before are out of
    date. Of two at once, the second finds it done.

    Raises InvalidInputError for an address or evidence that is none, ConflictError when the badge was withdrawn,
    AlreadyHeldError when the person of the new address holds this badge already.
    Source: Open Badges 3.0, "Credential equality and comparison algorithm", "Refresh the OpenBadgeCredential".
    """
    lock_award(session, award)
    if award.revoked_at is not None:
        raise ConflictError("The badge %(id)s was withdrawn, so there is no newer version of it.", id=award.id)
    hold_for_award(session, installation, award.achievement_version, award_id=award.id)
    has_moved = _change_person(session, installation, award, email)
    if evidence is not None:
        award.evidence = checked_evidence(evidence)
    if valid_until is not None:
        award.valid_until = valid_until
    if not _says_otherwise(session, installation, award):
        return False
    old_list = _put_aside(session, installation, award, reason)
    place = take_place(session, installation, award.organisation)
    award.status_list_number, award.status_index = place.number, place.index
    award.valid_from = max(installation.clock(), award.valid_from + _ONE_SECOND)
    award.ob2_signed_id = installation.random.uuid()
    sign_award(session, installation, award)
    renew_list(session, installation, old_list)
    if award.person_id is not None:
        notice = Notice.BADGE_AWARDED if has_moved else Notice.BADGE_REISSUED
        queue_award_mail(session, installation, award, notice)
    session.flush()
    leave_line(
        session,
        installation,
        Action.AWARD_REISSUED,
        award.id,
        organisation=award.organisation,
        reason=reason.value,
        person=award.person_id,
    )
    return True


def _change_person(session: Session, installation: Installation, award: AwardRecord, email: str | None) -> bool:
    """Give the award to another address, hidden with a new salt; the subject's random id stays. Tell whether it was."""
    address = normalise_email(email) if email is not None else None
    if address is None or (award.person is not None and award.person.email == address):
        return False
    before = award.person
    lock_people(session, [address] if before is None else [address, before.email])
    person = find_or_add_person(session, installation, address, award.name)
    assert person is not None
    if not award.repeated:
        refuse_second(session, award.achievement_version, person)
    hidden = prepare_recipient(address, installation.random).email
    assert hidden is not None
    try:
        with session.begin_nested():
            award.person = person
            award.identity_hash, award.identity_salt = hidden.identity_hash, hidden.salt
            session.flush()
    except IntegrityError:
        session.refresh(award)
        refuse_second(session, award.achievement_version, person)  # somebody else was a moment faster
        raise
    if before is not None:
        renew_words(session, before)
    return True


def _says_otherwise(session: Session, installation: Installation, award: AwardRecord) -> bool:
    """Whether a version signed now would say anything else, or be signed with another key.

    Forms that were made later count only when their key is compromised: what it signed should be signed anew.
    """
    if has_compromised_form(session, award):
        return True
    kept = session.get_one(CredentialTextRecord, (award.id, CredentialForm.OB3))
    hand = signing_hand(session, installation, award.organisation, KeyAlgorithm.EDDSA)
    fresh = unsigned_credential(session, installation, award)
    return kept.signing_key_id != hand.key_id or _content(read_json(text_of(kept))) != _content(fresh)


def has_compromised_form(session: Session, award: AwardRecord) -> bool:
    """Whether any form of the version that stands is signed with a key that others may have."""
    query = (
        select(CredentialTextRecord.form)
        .join(SigningKeyRecord, SigningKeyRecord.id == CredentialTextRecord.signing_key_id)
        .where(CredentialTextRecord.award_id == award.id, SigningKeyRecord.state == KeyState.COMPROMISED)
    )
    return session.scalars(query.limit(1)).first() is not None


def _content(document: JsonObject) -> JsonObject:
    return {name: value for name, value in document.items() if name not in _OF_ONE_VERSION}


def _put_aside(session: Session, installation: Installation, award: AwardRecord, reason: SupersessionReason) -> int:
    """Keep the version that stands until now as an older one. Returns the number of its status list."""
    older = SupersededCredentialRecord(
        award_id=award.id,
        organisation_id=award.organisation_id,
        valid_from=award.valid_from,
        status_list_number=award.status_list_number,
        status_index=award.status_index,
        ob2_signed_id=award.ob2_signed_id or award.id,
        reason=reason,
        superseded_at=installation.clock(),
    )
    session.add(older)
    for text in session.scalars(select(CredentialTextRecord).where(CredentialTextRecord.award_id == award.id)):
        older.texts.append(
            SupersededTextRecord(
                form=text.form,
                content=text_of(text),
                signing_key_id=text.signing_key_id,
                created_at=text.created_at,
            )
        )
        session.delete(text)
    session.flush()
    return older.status_list_number
