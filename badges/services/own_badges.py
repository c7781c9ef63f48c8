"""How our own badges stand, found out as a stranger would: by verifying what was signed."""

from __future__ import annotations

from sqlalchemy.orm import Session

from badges.services.context import Installation
from badges.services.credentials import credential_text
from badges.services.own_documents import own_fetcher
from badges.storage.records import AwardRecord, CredentialForm
from badges.verifying.pipeline import verify
from badges.verifying.report import Report


def verify_own(session: Session, installation: Installation, award: AwardRecord, email: str | None = None) -> Report:
    """Return the verifier's report on one of our badges, its documents read from the session.

    email: also ask whether the badge is this person's.
    """
    text = credential_text(session, installation, award, CredentialForm.OB3)
    return verify(text, fetcher=own_fetcher(session, installation), at=installation.clock(), email=email)
