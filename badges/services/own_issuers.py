"""The organisations of this service as the verifier knows them, found one by one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badges.services.context import Installation
from badges.services.endorsement_values import standing_succession
from badges.services.organisations import profile_of, service_profile
from badges.standards.issuer_list import ListedIssuer, ListKind
from badges.storage.records import OrganisationRecord
from badges.vocab.profile import TAKING_PART


def own_issuer(session: Session, installation: Installation, issuer_id: str) -> ListedIssuer | None:
    """Return the organisation of ours that awards under this id, in either version of the standard, or the service
    itself. An endorser is none.
    """
    if issuer_id == installation.addresses.service_did:
        return _service_itself(session, installation)
    found = _organisation_of(session, installation, issuer_id)
    return listed(installation, found) if found is not None else None


def own_namesakes(session: Session, installation: Installation, name: str) -> Sequence[ListedIssuer]:
    """Return the organisations of ours of a name, as `plain_name` writes it."""
    query = select(OrganisationRecord).where(
        OrganisationRecord.name_key == name[:400], OrganisationRecord.kind.in_(TAKING_PART)
    )
    return [listed(installation, each) for each in session.scalars(query.limit(20))]


def own_successor(session: Session, installation: Installation, issuer_id: str) -> ListedIssuer | None:
    """Return the organisation of ours that has said, signed, that an issuer is a part of it now."""
    ours = _organisation_of(session, installation, issuer_id)
    did = installation.addresses.organisation_did(ours.slug) if ours is not None else issuer_id
    statement = standing_succession(session, did)
    return listed(installation, statement.organisation) if statement is not None else None


def list_own_issuers(session: Session, installation: Installation) -> list[ListedIssuer]:
    """Return all of them by name."""
    query = select(OrganisationRecord).where(OrganisationRecord.kind.in_(TAKING_PART))
    return [listed(installation, each) for each in session.scalars(query.order_by(OrganisationRecord.name))]


def listed(installation: Installation, organisation: OrganisationRecord) -> ListedIssuer:
    """Return an organisation as part of the campaign, under the ids of both versions of the standard."""
    profile = profile_of(organisation, installation.addresses)
    return ListedIssuer(
        (profile.did, profile.ob2_url),
        profile.name,
        profile.url,
        ListKind.CAMPAIGN,
        organisation.created_at,
        organisation.merged_at,
    )


def _organisation_of(session: Session, installation: Installation, issuer_id: str) -> OrganisationRecord | None:
    """Return the organisation of ours with this id, a DID or an address."""
    addresses = installation.addresses
    slug = ""
    if issuer_id == addresses.organisation_did(issuer_id.rpartition(":")[2]):
        slug = issuer_id.rpartition(":")[2]
    elif addresses.is_ours(issuer_id) and (found := addresses.match(addresses.path_of(issuer_id))):
        slug = found[1].get("organisation", "") if found[0] == "ob2_issuer" else ""
    query = select(OrganisationRecord).where(OrganisationRecord.slug == slug, OrganisationRecord.kind.in_(TAKING_PART))
    organisation = session.scalar(query) if slug else None
    ids = (addresses.organisation_did(slug), addresses.url("ob2_issuer", organisation=slug)) if slug else ()
    return organisation if issuer_id in ids else None


def _service_itself(session: Session, installation: Installation) -> ListedIssuer | None:
    """Return the service in its own name: it signs records of learners. As old as its first organisation."""
    since = session.scalar(select(func.min(OrganisationRecord.created_at)))
    if since is None:
        return None
    profile = service_profile(installation.addresses)
    return ListedIssuer((profile.did,), profile.name, profile.url, ListKind.KNOWN, since)
