"""The register: the signed list of the organisations that award here, published at `/registry.json`.

The worker makes and renews it; a GET only reads. Its format is that of docs/issuer-list.md.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.errors import NotFoundError
from badges.issuing.sign import sign_issuer_list
from badges.services.audit import leave_line
from badges.services.context import Installation
from badges.services.organisations import profile_of
from badges.services.signing_keys import lock_keys, service_hand
from badges.standards.issuer_list import LIST_TYPE, LIST_VERSION, MOST_ENTRIES
from badges.standards.json_text import read_json_object
from badges.standards.moments import write_moment
from badges.storage.records import OrganisationRecord, ServiceDocumentRecord
from badges.vocab.audit import Action
from badges.vocab.json import JsonObject
from badges.vocab.profile import TAKING_PART

NAME: Final = "registry"
VALIDITY: Final = timedelta(days=30)
RENEW_BEFORE_END: Final = timedelta(days=10)


def renew_registry(session: Session, installation: Installation) -> bool:
    """Sign the register anew where an organisation has changed, or its time is nearly up. Returns whether it was.

    A trial has none: nobody elsewhere could check it. Raises ConfigurationError without a key.
    """
    if installation.settings.is_trial:
        return False
    lock_keys(session, None)  # two workers sign it one after the other
    entries = registry_entries(session, installation)
    record = session.get(ServiceDocumentRecord, NAME)
    now = installation.clock().replace(microsecond=0)
    is_fresh = record is not None and record.expires_at > now + RENEW_BEFORE_END
    if record is not None and is_fresh and read_json_object(record.content).get("entries") == entries:
        return False
    hand = service_hand(session, installation)
    document: JsonObject = {
        "type": LIST_TYPE,
        "version": LIST_VERSION,
        "name": "Organisations of the campaign",
        "publisher": installation.addresses.service_did,
        "issued": write_moment(now),
        "validUntil": write_moment(now + VALIDITY),
        "entries": entries,
    }
    signed = sign_issuer_list(document, hand.signer, hand.verification_method, created=now)
    text = json.dumps(signed, ensure_ascii=False, indent=1) + "\n"
    if record is None:
        record = ServiceDocumentRecord(name=NAME)
        session.add(record)
    record.content, record.signed_at, record.expires_at = text, now, now + VALIDITY
    session.flush()
    leave_line(session, installation, Action.SIGNED, NAME, entries=len(entries), key=hand.key_id)
    return True


def registry_text(session: Session) -> str:
    """Return the register as it was signed. Raises NotFoundError where there is none yet, and in a trial."""
    record = session.get(ServiceDocumentRecord, NAME)
    if record is None:
        raise NotFoundError(
            "There is no register here yet. A trial has none; any other service has it within ten minutes."
        )
    return record.content


def registry_entries(session: Session, installation: Installation) -> list[JsonObject]:
    """Return what the register says of each organisation that takes part, or took part: oldest first."""
    query = (
        select(OrganisationRecord)
        .where(OrganisationRecord.is_set_up, OrganisationRecord.kind.in_(TAKING_PART))
        .order_by(OrganisationRecord.id)
        .limit(MOST_ENTRIES)
    )
    found = session.scalars(query).all()
    by_id = {each.id: each for each in found}
    return [_entry(installation, each, by_id.get(each.merged_into_id or 0)) for each in found]


def _entry(
    installation: Installation, organisation: OrganisationRecord, successor: OrganisationRecord | None
) -> JsonObject:
    addresses = installation.addresses
    profile = profile_of(organisation, addresses)
    page = addresses.url("organisation", organisation=organisation.slug)
    entry: JsonObject = {
        "ids": [profile.did, profile.ob2_url],
        "name": " ".join(profile.name.split()),
        "url": profile.url if profile.url.startswith("https://") and profile.url.isascii() else page,
        "kind": "campaign",
        "since": write_moment(organisation.created_at.replace(microsecond=0)),
    }
    if organisation.merged_at is not None:
        entry["until"] = write_moment(organisation.merged_at.replace(microsecond=0))
    if successor is not None:
        entry["partOf"] = {"id": addresses.organisation_did(successor.slug), "name": successor.name}
    return entry
