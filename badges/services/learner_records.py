"""All badges of one person that stand, as one signed record."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.errors import NotFoundError
from badges.issuing.prepare import prepare_recipient
from badges.issuing.sign import sign_learner_record
from badges.services.award_signing import verify_before_storing
from badges.services.context import Installation
from badges.services.credentials import credential_text
from badges.services.ledger import record_issued
from badges.services.organisations import service_profile
from badges.services.signing_keys import service_hand
from badges.services.status_lists import renew_old_lists
from badges.standards.clr.documents import LearnerRecord, clr_document
from badges.standards.identity import normalise_email
from badges.standards.json_text import read_json
from badges.storage.records import AwardRecord, CredentialForm, PersonRecord
from badges.verifying.checks.contents import MOST_CONTENTS

_NAME: Final = "Open badges"


def make_learner_record(session: Session, installation: Installation, email: str) -> str:
    """Return a person's badges as the exact text of one signed ClrCredential. Nothing of it is kept but its hash.

    The service signs it: badges of several organisations may be in it, and none of them speaks for the others. It
    holds those that are neither withdrawn nor over, oldest first; where others are left out it says `partial`.

    Raises InvalidInputError for an address that is none, NotFoundError when the person has no badge that stands.
    """
    address, now = normalise_email(email), installation.clock()
    awards = session.scalars(
        select(AwardRecord)
        .join(PersonRecord, AwardRecord.person_id == PersonRecord.id)
        .where(PersonRecord.email == address)
        .order_by(AwardRecord.awarded_at, AwardRecord.id)
    ).all()
    standing = [award for award in awards if award.revoked_at is None]
    standing = [award for award in standing if award.valid_until is None or award.valid_until > now][-MOST_CONTENTS:]
    if not standing:
        raise NotFoundError("No badge of %(email)s stands here.", email=address)
    renew_old_lists(session, installation, {award.status_list_number for award in standing})
    texts = [credential_text(session, installation, award, CredentialForm.OB3) for award in standing]
    record = LearnerRecord(
        id=installation.random.uuid().urn,
        name=_NAME,
        issuer=service_profile(installation.addresses),
        recipient=prepare_recipient(address, installation.random),
        valid_from=now,
        credentials=[read_json(text) for text in texts],
        is_partial=len(standing) < len(awards),
    )
    hand = service_hand(session, installation)
    text = sign_learner_record(
        clr_document(record), hand.signer, hand.verification_method, created=now, addresses=installation.addresses
    )
    verify_before_storing(session, installation, text, hand.signer, begins=now)
    record_issued(session, installation, text, hand.key_id, subject=record.id, organisation=None)
    return text
