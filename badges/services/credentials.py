"""The forms of one award: made once, kept exactly, served as kept."""

from __future__ import annotations

from sqlalchemy.orm import Session

from badges.errors import BadgesError, NotFoundError
from badges.issuing.sign import sign_assertion, sign_credential_jwt
from badges.services.award_values import award_of, lock_award
from badges.services.context import Installation
from badges.services.endorsement_values import standing_ob2_urls
from badges.services.ledger import record_issued
from badges.services.signing_keys import signing_hand
from badges.services.stored_texts import text_of
from badges.standards.baking.png import bake_png
from badges.standards.baking.svg import bake_svg
from badges.standards.json_text import read_json, write_json
from badges.standards.ob2.documents import assertion_document, signed_assertion_document
from badges.standards.signer import KeyAlgorithm
from badges.storage.engine import insert_unless_there
from badges.storage.records import AwardRecord, CredentialForm, CredentialTextRecord


class FormNotMadeError(BadgesError):
    """A form of a badge was never asked for before, and this session may only read."""


def stored_text(session: Session, award: AwardRecord, form: CredentialForm) -> str | None:
    """Return a form's exact text, or None when it was not made yet."""
    record = session.get(CredentialTextRecord, (award.id, form))
    return text_of(record) if record else None


def credential_text(session: Session, installation: Installation, award: AwardRecord, form: CredentialForm) -> str:
    """Return a form's exact text, making and storing it at the first request: later ones get the same bytes,
    whatever happened to the keys.

    The embedded form is signed with the award and never later.

    Raises NotFoundError when the award is just being signed, ConfigurationError when the key is missing,
    FormNotMadeError when the session may only read.
    """
    text = stored_text(session, award, form)
    if text is not None:
        return text
    if form is CredentialForm.OB3:
        raise NotFoundError("The badge %(id)s is not signed yet.", id=award.id)
    if session.info.get("read_only"):
        raise FormNotMadeError("The form %(form)s of the badge %(id)s is not made yet.", form=form, id=award.id)
    # A newer version of the credential waits until this form of the present one is kept, or is seen here.
    lock_award(session, award, only_for_reading=True)
    text, key_id = _make(session, installation, award, form)
    record = CredentialTextRecord(
        award_id=award.id, form=form, content=text, signing_key_id=key_id, created_at=installation.clock()
    )
    if insert_unless_there(session, record):
        if key_id is not None:
            record_issued(session, installation, text, key_id, subject=award.id, organisation=award.organisation)
        return text
    # Another request made it meanwhile.
    return text_of(session.get_one(CredentialTextRecord, (award.id, form)))


def _make(
    session: Session, installation: Installation, record: AwardRecord, form: CredentialForm
) -> tuple[str, str | None]:
    award = award_of(record, installation)
    if form is CredentialForm.OB2_HOSTED:
        endorsements = standing_ob2_urls(session, installation, award.credential_url)
        return write_json(assertion_document(award, endorsement_urls=endorsements)), None
    algorithm = KeyAlgorithm.ES256 if form is CredentialForm.OB3_JWT_ES256 else KeyAlgorithm.RS256
    hand = signing_hand(session, installation, record.organisation, algorithm)
    if form is CredentialForm.OB2_JWS:
        key_url = installation.addresses.url("ob2_key", key_id=hand.key_id)
        return sign_assertion(
            signed_assertion_document(award, key_url), hand.signer, addresses=installation.addresses
        ), hand.key_id
    document = read_json(credential_text(session, installation, record, CredentialForm.OB3))
    del document["proof"]  # the same credential that was signed at the award, whatever was renamed since
    return sign_credential_jwt(document, hand.signer, hand.key_url, addresses=installation.addresses), hand.key_id


def baked_png(session: Session, installation: Installation, award: AwardRecord) -> bytes:
    """Return the badge's picture as PNG with its 3.0 and 2.0 forms inside."""
    return bake_png(
        award.achievement_version.image_png,
        credential=credential_text(session, installation, award, CredentialForm.OB3),
        assertion=credential_text(session, installation, award, CredentialForm.OB2_HOSTED),
    )


def baked_svg(session: Session, installation: Installation, award: AwardRecord) -> str:
    """Return the badge's picture as SVG with its 3.0 and 2.0 forms inside."""
    return bake_svg(
        award.achievement_version.image_svg,
        credential=credential_text(session, installation, award, CredentialForm.OB3),
        assertion=credential_text(session, installation, award, CredentialForm.OB2_HOSTED),
    )
