"""The list of withdrawn badges of Open Badges 2.0: what one organisation takes back, by the ids of the signed form."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.services.context import Installation
from badges.standards.ob2.documents import RevokedAssertion, revocation_list_document
from badges.storage.records import AwardRecord, OrganisationRecord, SupersededCredentialRecord
from badges.vocab.json import JsonObject
from badges.vocab.status import REVOCATION_WORDING, SUPERSESSION_WORDING, RevocationReason, SupersessionReason

# The official OB 2.0 validator misses a withdrawal in a list of one, so every list has these, which look like others.
_DECOY_REASONS: Final = (RevocationReason.MISTAKE, RevocationReason.REQUEST)


def revocation_list(session: Session, installation: Installation, organisation: OrganisationRecord) -> JsonObject:
    """Return the list of an organisation. Source: Open Badges 2.0, "RevocationList"."""
    url = installation.addresses.url("ob2_revocations", organisation=organisation.slug)
    issuer = installation.addresses.url("ob2_issuer", organisation=organisation.slug)
    decoys = [
        RevokedAssertion(installation.links.lookalike(f"{url}#{number}").urn, str(REVOCATION_WORDING[reason]))
        for number, reason in enumerate(_DECOY_REASONS)
    ]
    revoked = _withdrawn(session, organisation) + _older_versions(session, organisation)
    return revocation_list_document(url, issuer, revoked, decoys)


def _withdrawn(session: Session, organisation: OrganisationRecord) -> list[RevokedAssertion]:
    rows = session.execute(
        select(AwardRecord.ob2_signed_id, AwardRecord.id, AwardRecord.revocation_reason).where(
            AwardRecord.organisation_id == organisation.id, AwardRecord.revoked_at.is_not(None)
        )
    )
    return [
        RevokedAssertion(
            (signed_id or award_id).urn, str(REVOCATION_WORDING[RevocationReason(reason)]) if reason else ""
        )
        for signed_id, award_id, reason in rows
    ]


def _older_versions(session: Session, organisation: OrganisationRecord) -> list[RevokedAssertion]:
    """What was signed again under a new id."""
    rows = session.execute(
        select(SupersededCredentialRecord.ob2_signed_id, SupersededCredentialRecord.reason).where(
            SupersededCredentialRecord.organisation_id == organisation.id
        )
    )
    return [
        RevokedAssertion(signed_id.urn, str(SUPERSESSION_WORDING[SupersessionReason(reason)]))
        for signed_id, reason in rows
    ]
