"""Signing an award as its record stands: the document is written, linted, signed, verified, and kept as it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from badges.issuing.lints import LintError
from badges.issuing.sign import open_in_full, sign_credential
from badges.services.award_values import award_of
from badges.services.carried_endorsements import carried_endorsements
from badges.services.context import Installation
from badges.services.ledger import record_issued
from badges.services.own_documents import own_fetcher
from badges.services.signing_keys import signing_hand
from badges.standards.ob3.documents import credential_document
from badges.standards.ob3.endorsements import with_endorsements
from badges.standards.signer import KeyAlgorithm, Signer
from badges.storage.records import AwardRecord, CredentialForm, CredentialTextRecord
from badges.verifying.pipeline import verify
from badges.verifying.report import CheckName, Outcome, Verdict
from badges.vocab.json import JsonObject

_ACCEPTED: Final = frozenset({Outcome.PASSED, Outcome.SKIPPED})


def sign_award(session: Session, installation: Installation, record: AwardRecord) -> None:
    """Sign the award, read what was signed as a stranger would, and keep exactly that.

    Raises ConfigurationError for a missing key, LintError when what was signed would not be accepted.
    """
    hand = signing_hand(session, installation, record.organisation, KeyAlgorithm.EDDSA)
    text = sign_credential(
        unsigned_credential(session, installation, record),
        hand.signer,
        hand.verification_method,
        created=record.valid_from,
        addresses=installation.addresses,
    )
    verify_before_storing(session, installation, text, hand.signer, begins=record.valid_from)
    session.add(
        CredentialTextRecord(
            award_id=record.id,
            form=CredentialForm.OB3,
            content=text,
            signing_key_id=hand.key_id,
            created_at=record.valid_from,
        )
    )
    record_issued(session, installation, text, hand.key_id, subject=record.id, organisation=record.organisation)


def unsigned_credential(session: Session, installation: Installation, record: AwardRecord) -> JsonObject:
    """Return the document of an award as it would be signed now, with the endorsements that stand now."""
    document = credential_document(award_of(record, installation))
    return with_endorsements(document, carried_endorsements(session, document))


def verify_before_storing(
    session: Session, installation: Installation, text: str, signer: Signer, *, begins: datetime
) -> None:
    """Verify a fresh signature by the full algorithm, then by the pipeline that a stranger uses, with everything that
    it carries.

    Raises LintError when it is not accepted as it is.
    """
    open_in_full(text, signer)
    at = max(installation.clock(), begins) + timedelta(seconds=1)
    report = verify(text, fetcher=own_fetcher(session, installation), at=at)
    endorsements = report.check(CheckName.ENDORSEMENTS)
    if report.verdict is not Verdict.VALID or endorsements.outcome is Outcome.WARNING:
        doubts = "; ".join(str(check.message) for check in report.checks if check.outcome not in _ACCEPTED)
        raise LintError("What was freshly signed did not verify, so it was not stored. %(doubts)s", doubts=doubts)
