"""Packs that come to be here: signed and published, or brought in from another installation once they were checked."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.campaign.pack import load_starter_pack, pack_document, read_pack_document
from badges.errors import BadgesError, ConfigurationError, ConflictError, InvalidInputError
from badges.issuing.sign import sign_pack
from badges.services.audit import leave_line
from badges.services.class_content import with_safe_art
from badges.services.context import Installation
from badges.services.locks import lock_organisations
from badges.services.organisations import service_profile
from badges.services.packs import LARGEST_PACK_BYTES, find_pack_version, find_published, pack_of
from badges.services.signing_keys import lock_keys, owner_did, service_hand, signing_hand
from badges.standards.fetching import Fetcher
from badges.standards.json_text import read_json_object
from badges.standards.moments import read_moment, write_moment
from badges.standards.plain_text import strip_controls
from badges.standards.signer import KeyAlgorithm
from badges.storage.records import OrganisationRecord, PackRecord, PackVersionRecord
from badges.verifying.documents import Documents
from badges.verifying.signed_json import check_signature
from badges.vocab.audit import Action
from badges.vocab.class_content import UploadedArt
from badges.vocab.json import JsonObject, JsonValue
from badges.vocab.pack import STARTER_SLUG, Pack


@dataclass(frozen=True, slots=True)
class OpenedPack:
    """A pack from elsewhere that may be taken in. document: as it was signed. pack: with safe pictures."""

    document: JsonObject
    pack: Pack


def ensure_starter_pack(session: Session, installation: Installation) -> PackRecord:
    """Return the campaign's own pack, with the version that ships with this release signed and stored.

    Safe to repeat. Raises ConfigurationError without a key.
    """
    shipped = load_starter_pack()
    publisher = installation.addresses.service_did
    found = find_published(session, publisher, STARTER_SLUG)
    if found is None or found.newest_version < shipped.version:
        lock_keys(session, None)  # of two processes that start at once, the second finds what the first has stored
        found = find_published(session, publisher, STARTER_SLUG)
    if found is not None and found.newest_version >= shipped.version:
        return found
    return publish_pack(session, installation, None, shipped).pack


def publish_pack(
    session: Session, installation: Installation, organisation: OrganisationRecord | None, pack: Pack
) -> PackVersionRecord:
    """Sign a version of a pack and put it where others find it. organisation: its publisher; None for the service.

    The version is the pack's own for the service's, and the next one for an organisation's.

    Raises ConfigurationError without a key; ConflictError if it says what the newest version says.
    """
    if organisation is not None:
        lock_organisations(session, [organisation.id])
    publisher = owner_did(organisation, installation.addresses)
    record = find_published(session, publisher, pack.slug)
    if record is not None:
        session.refresh(record, with_for_update={"of": PackRecord})
    if organisation is not None:
        newest = pack_of(find_pack_version(session, record)) if record else None
        if newest is not None and replace(newest, version=0) == replace(pack, version=0):
            raise ConflictError("Nothing is different from the version that is published.")
        pack = replace(pack, version=record.newest_version + 1 if record else 1)
    name = organisation.name if organisation else service_profile(installation.addresses).name
    document = pack_document(pack) | {
        "publisher": publisher,
        "publisher_name": pack.credit if organisation is None else name,
        "issued": write_moment(installation.clock()),
    }
    hand = (
        signing_hand(session, installation, organisation, KeyAlgorithm.EDDSA)
        if organisation
        else service_hand(session, installation)
    )
    signed = sign_pack(document, hand.signer, hand.verification_method, created=installation.clock())
    pictures = {each.slug: _kept_picture(each.art) for each in pack.classes if isinstance(each.art, UploadedArt)}
    version = _store(session, installation, signed, pack, pictures, organisation, record)
    leave_line(
        session,
        installation,
        Action.PACK_PUBLISHED,
        version.pack.id,
        organisation=organisation,
        version=pack.version,
        key=hand.key_id,
    )
    return version


def import_pack(
    session: Session, installation: Installation, opened: OpenedPack, *, by: OrganisationRecord | None
) -> PackVersionRecord:
    """Take in a pack of another installation. by: the organisation for which that is done, for the audit.

    Raises ConflictError if this version is here already, or a newer one.
    """
    document, pack = opened.document, opened.pack
    publisher = document["publisher"]
    record = find_published(session, publisher, pack.slug)
    if record is not None:
        session.refresh(record, with_for_update={"of": PackRecord})
        if pack.version <= record.newest_version:
            raise ConflictError(
                'Version %(version)s of "%(name)s" is here already.',
                version=record.newest_version,
                name=record.name,
            )
    pictures = {each.slug: _kept_picture(each.art) for each in pack.classes if isinstance(each.art, UploadedArt)}
    version = _store(session, installation, document, pack, pictures, None, record)
    leave_line(session, installation, Action.PACK_IMPORTED, version.pack.id, organisation=by, version=pack.version)
    return version


def open_pack(data: bytes, fetcher: Fetcher) -> OpenedPack:
    """Return a pack of another installation, its signature checked and its pictures made safe. Asks the network, and
    takes a child process for each picture: not while the database waits.

    fetcher: finds the publisher's DID document. Raises InvalidInputError saying what is wrong with the file.
    """
    try:
        document = read_json_object(data, maximum_bytes=LARGEST_PACK_BYTES)
        pack = read_pack_document(document)
        for name in ("publisher", "publisher_name", "issued"):
            if not isinstance(document.get(name), str) or not 0 < len(document[name]) <= 500:
                raise ConfigurationError('"%(name)s" is missing.', name=name)
        if read_moment(document["issued"]) is None:
            raise ConfigurationError('"issued" is no moment.')
        _refuse_controls(document)
        check_signature(document, document["publisher"], Documents(fetcher))
        safe = tuple(with_safe_art(each) for each in pack.classes)
    except BadgesError as problem:
        raise InvalidInputError(
            "This is no pack that can be used. %(problem)s", field="file", problem=str(problem.message)
        ) from problem
    return OpenedPack(document, replace(pack, classes=safe))


def _refuse_controls(value: JsonValue) -> None:
    """Refuse a text that would not be shown as it is written. Raises InvalidInputError."""
    if isinstance(value, dict):
        for each in value.values():
            _refuse_controls(each)
    elif isinstance(value, list):
        for each in value:
            _refuse_controls(each)
    elif isinstance(value, str) and strip_controls(value) != value.replace("\t", " "):
        raise InvalidInputError("A text in it has control characters: %(text)s", text=repr(value[:60]))


def _store(
    session: Session,
    installation: Installation,
    document: JsonObject,
    pack: Pack,
    pictures: dict[str, dict[str, str]],
    organisation: OrganisationRecord | None,
    record: PackRecord | None,
) -> PackVersionRecord:
    if record is None:
        record = PackRecord(
            address=_free_address(session, pack, organisation),
            slug=pack.slug,
            publisher=document["publisher"],
            organisation=organisation,
            created_at=installation.clock(),
        )
        session.add(record)
    record.publisher_name = document["publisher_name"][:200]
    record.name, record.description = pack.name, pack.description
    record.newest_version = pack.version
    issued = read_moment(document["issued"])
    assert issued is not None, "checked, or written by us"
    version = PackVersionRecord(
        pack=record,
        version=pack.version,
        content=json.dumps(document, ensure_ascii=False, indent=1) + "\n",
        pictures=pictures,
        issued_at=issued,
    )
    session.add(version)
    session.flush()
    return version


def _kept_picture(art: UploadedArt) -> dict[str, str]:
    return {"svg": art.svg, "png": base64.b64encode(art.png).decode()}


def _free_address(session: Session, pack: Pack, organisation: OrganisationRecord | None) -> str:
    base = f"{organisation.slug}-{pack.slug}"[:100] if organisation else pack.slug
    taken = set(session.scalars(select(PackRecord.address).where(PackRecord.address.startswith(base))))
    address, number = base, 1
    while address in taken:
        number += 1
        address = f"{base}-{number}"
    return address
