"""Stored endorsements read as values, and found by what they endorse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.addresses import Addresses
from badges.errors import NotFoundError
from badges.services.achievements import find_version
from badges.services.award_values import find_award
from badges.services.context import Installation
from badges.services.organisations import find_organisation, profile_of
from badges.services.packs import find_pack
from badges.services.status_lists import position_of
from badges.standards.did.did_web import did_web_to_url
from badges.storage.records import EndorsementRecord
from badges.vocab.endorsement import EndorsedKind, Endorsement
from badges.vocab.status import StatusPosition


def find_endorsement(session: Session, endorsement_id: UUID) -> EndorsementRecord:
    """Return one endorsement. Raises NotFoundError."""
    record = session.get(EndorsementRecord, endorsement_id)
    if record is None:
        raise NotFoundError("There is no endorsement with the number %(id)s here.", id=endorsement_id)
    return record


def external_document(session: Session, url: str) -> str | None:
    """Return what the address of an endorser's DID document answered when an endorsement of theirs was checked last."""
    host = f"did:web:{urlsplit(url).netloc.replace(':', '%3A')}"
    query = select(EndorsementRecord).where(EndorsementRecord.external_did.startswith(host, autoescape=True))
    for record in session.scalars(query.order_by(EndorsementRecord.valid_from.desc()).limit(20)):
        if did_web_to_url(record.external_did) == url:
            return record.external_document
    return None


def list_standing(session: Session, *endorsed_ids: str) -> Sequence[EndorsementRecord]:
    """Return the endorsements of these things that were not withdrawn, oldest first; no successions."""
    return session.scalars(
        select(EndorsementRecord)
        .where(
            EndorsementRecord.endorsed_id.in_(endorsed_ids),
            EndorsementRecord.revoked_at.is_(None),
            EndorsementRecord.kind != EndorsedKind.SUCCESSION,
        )
        .order_by(EndorsementRecord.valid_from, EndorsementRecord.id)
    ).all()


def standing_succession(session: Session, issuer_id: str) -> EndorsementRecord | None:
    """Return the newest statement that an issuer is a part of another organisation now. issuer_id: its DID, if ours."""
    return session.scalars(
        select(EndorsementRecord)
        .where(
            EndorsementRecord.endorsed_id == issuer_id,
            EndorsementRecord.revoked_at.is_(None),
            EndorsementRecord.kind == EndorsedKind.SUCCESSION,
        )
        .order_by(EndorsementRecord.valid_from.desc(), EndorsementRecord.id)
        .limit(1)
    ).one_or_none()


def standing_ob2_urls(session: Session, installation: Installation, endorsed_id: str) -> list[str]:
    """Return the addresses of the hosted Open Badges 2.0 endorsements of one thing."""
    records = list_standing(session, endorsed_id)
    return [installation.addresses.url("ob2_endorsement", endorsement_id=record.id) for record in records]


def endorsement_of(record: EndorsementRecord, installation: Installation, name: str = "") -> Endorsement:
    """Return a stored endorsement as the value from which its documents are written. name: its title in 3.0."""
    addresses = installation.addresses
    return Endorsement(
        url=addresses.url("endorsement", endorsement_id=record.id),
        ob2_url=addresses.url("ob2_endorsement", endorsement_id=record.id),
        endorser=profile_of(record.organisation, addresses),
        name=name,
        endorsed_id=record.endorsed_id,
        endorsed_ob2_url=_ob2_url(record, addresses),
        comment=record.comment,
        valid_from=record.valid_from,
        status=_position(record, installation),
    )


def _position(record: EndorsementRecord, installation: Installation) -> StatusPosition | None:
    """Return its place in a status list; None for one that was signed elsewhere."""
    if record.status_list_number is None or record.status_index is None:
        return None
    return position_of(record.status_list_number, record.status_index, installation)


@dataclass(frozen=True, slots=True)
class EndorsedThing:
    """What is endorsed, by the name of its address in `addresses.PATHS` and what fills its places.

    address: "" for an issuer elsewhere.
    """

    name: str
    address: str
    places: Mapping[str, str]


def endorsed_thing(session: Session, installation: Installation, record: EndorsementRecord) -> EndorsedThing:
    """Return what is endorsed, with its name for people."""
    address, places = _address(record, installation.addresses)
    return EndorsedThing(_name(session, places) if places else record.endorsed_id, address, places)


def name_of_ours(session: Session, addresses: Addresses, endorsed_id: str) -> str:
    """Return what is called by this id in either version of the standard; "" if it is nothing of ours.

    endorsed_id: of a class, an organisation or a badge, as anybody's endorsement gives it.
    """
    places: Mapping[str, str] = {}
    organisation = endorsed_id.rpartition(":")[2]
    if endorsed_id == addresses.organisation_did(organisation):
        places = {"organisation": organisation}
    elif addresses.is_ours(endorsed_id) and (found := addresses.match(addresses.path_of(endorsed_id))):
        address, values = found
        places = values if address in (*_OB2_ADDRESSES, *_OB2_ADDRESSES.values()) else {}
    try:
        return _name(session, places) if places else ""
    except NotFoundError:
        return ""


def _name(session: Session, places: Mapping[str, str]) -> str:
    """Return the name of what has an address with these places. Raises NotFoundError."""
    if "award_id" in places:
        return find_award(session, UUID(places["award_id"])).achievement_version.name
    if "pack" in places:
        return find_pack(session, places["pack"]).name
    if "achievement" in places:
        return find_version(session, places["organisation"], places["achievement"], int(places["version"])).name
    return find_organisation(session, places["organisation"]).name


_OB2_ADDRESSES: Final = {
    "organisation": "ob2_issuer",
    "achievement": "ob2_badge_class",
    "credential": "ob2_assertion",
}


def _ob2_url(record: EndorsementRecord, addresses: Addresses) -> str:
    """Return the address of the endorsed thing in Open Badges 2.0, which knows no packs."""
    address, places = _address(record, addresses)
    return addresses.url(_OB2_ADDRESSES.get(address, address), **places) if address else record.endorsed_id


def _address(record: EndorsementRecord, addresses: Addresses) -> tuple[str, Mapping[str, str]]:
    """Return the name and the places of the address that the endorsed thing has here."""
    if record.kind in (EndorsedKind.ORGANISATION, EndorsedKind.SUCCESSION):
        slug = record.endorsed_id.rpartition(":")[2]
        is_ours = record.endorsed_id == addresses.organisation_did(slug)
        return ("organisation", {"organisation": slug}) if is_ours else ("", {})
    found = addresses.match(unquote(urlsplit(record.endorsed_id).path))
    assert found is not None, "the address was made from the same table"
    return found
