"""Organisations: who awards."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badges.addresses import Addresses
from badges.errors import ConflictError, InvalidInputError, NotFoundError
from badges.services.audit import leave_line
from badges.services.context import Installation
from badges.services.evidence import checked_url
from badges.services.signing_keys import create_missing_keys
from badges.standards.ob3.enumerations import IDENTIFIER_TYPES
from badges.standards.plain_text import strip_controls
from badges.storage.records import OrganisationRecord
from badges.vocab.audit import Action
from badges.vocab.identifier import Identifier
from badges.vocab.image import Image
from badges.vocab.json import JsonObject
from badges.vocab.profile import TAKING_PART, OrganisationKind, Profile

_SLUG_MAX: Final = 60
_SHOWN: Final = 20
_EXTENSION: Final = re.compile(r"ext:[A-Za-z0-9._-]+")


def create_organisation(
    session: Session,
    installation: Installation,
    *,
    name: str,
    url: str,
    email: str,
    description: str,
    slug: str = "",
    kind: OrganisationKind = OrganisationKind.SERVICE,
    above: OrganisationRecord | None = None,
    is_set_up: bool = True,
) -> OrganisationRecord:
    """Store a new organisation and its keys.

    slug: made of the name when left out. above: the one above it. is_set_up: whether its first owner is spared the
    first steps.

    Raises InvalidInputError; ConflictError if another organisation has the slug.
    """
    name = checked_organisation_name(name)
    organisation = OrganisationRecord(
        slug=_checked_slug(session, slug) if slug else _free_slug(session, name),
        name=name,
        url=url,
        email=email,
        description=description,
        kind=kind,
        above_id=above.id if above else None,
        is_set_up=is_set_up,
        created_at=installation.clock(),
    )
    session.add(organisation)
    session.flush()
    leave_line(session, installation, Action.ORGANISATION_ADDED, organisation.id, organisation=organisation)
    create_missing_keys(session, installation, organisation)
    return organisation


def finish_set_up(session: Session, installation: Installation, organisation: OrganisationRecord) -> None:
    """Note that an organisation's first steps are done. Safe to repeat."""
    if not organisation.is_set_up:
        organisation.is_set_up = True
        leave_line(
            session,
            installation,
            Action.ORGANISATION_CHANGED,
            organisation.id,
            organisation=organisation,
            what="set up",
        )


def rename_organisation(
    session: Session, installation: Installation, organisation: OrganisationRecord, name: str
) -> None:
    """Give an organisation that has not awarded anything another name, and the slug that goes with it.

    Raises InvalidInputError.
    """
    organisation.name = checked_organisation_name(name)
    organisation.slug = _free_slug(session, organisation.name)
    leave_line(session, installation, Action.ORGANISATION_CHANGED, organisation.id, organisation=organisation)
    session.flush()


def checked_organisation_name(name: str, *, field: str = "organisation") -> str:
    """Return the name of an organisation on one line. Raises InvalidInputError."""
    cleaned = " ".join(strip_controls(name).split())
    if not cleaned or len(cleaned) > 200:
        raise InvalidInputError("An organisation needs a name of at most 200 characters.", field=field)
    return cleaned


def list_organisations(session: Session) -> Sequence[OrganisationRecord]:
    """Return all organisations by name."""
    return session.scalars(select(OrganisationRecord).order_by(OrganisationRecord.name)).all()


def first_organisation(session: Session) -> OrganisationRecord | None:
    """Return the organisation that was there first: it leads the campaign here."""
    query = select(OrganisationRecord).where(
        OrganisationRecord.merged_into_id.is_(None), OrganisationRecord.kind.in_(TAKING_PART)
    )
    return session.scalars(query.order_by(OrganisationRecord.id).limit(1)).one_or_none()


def count_organisations(session: Session) -> int:
    """Return how many organisations take part."""
    taking_part = (
        OrganisationRecord.merged_into_id.is_(None),
        OrganisationRecord.is_set_up,
        OrganisationRecord.kind.in_(TAKING_PART),
    )
    return session.scalar(select(func.count()).select_from(OrganisationRecord).where(*taking_part)) or 0


def find_organisation(session: Session, slug: str) -> OrganisationRecord:
    """Return the organisation of this slug. Raises NotFoundError naming those that are there."""
    found = session.scalar(select(OrganisationRecord).where(OrganisationRecord.slug == slug))
    if found is None:
        raise NotFoundError(
            'There is no organisation "%(slug)s" here. There is: %(known)s.',
            slug=slug,
            known=_some_slugs(session),
        )
    return found


def _some_slugs(session: Session) -> str:
    """Return the short names of the first few, for somebody who mistyped one."""
    slugs = session.scalars(select(OrganisationRecord.slug).order_by(OrganisationRecord.slug).limit(_SHOWN + 1)).all()
    return (", ".join(slugs[:_SHOWN]) + (" …" if len(slugs) > _SHOWN else "")) or "none yet"


def profile_of(organisation: OrganisationRecord, addresses: Addresses) -> Profile:
    """Return the organisation as a value, with its identifiers in both versions of the standard."""
    return Profile(
        did=addresses.organisation_did(organisation.slug),
        ob2_url=addresses.url("ob2_issuer", organisation=organisation.slug),
        slug=organisation.slug,
        name=organisation.name,
        url=organisation.url or addresses.url("organisation", organisation=organisation.slug),
        email=organisation.email,
        description=organisation.description,
        image=_logo_of(organisation, addresses),
        parent=other_profile(organisation.parent),
        other_identifiers=tuple(Identifier(**entry) for entry in organisation.other_identifiers or []),
    )


def _logo_of(organisation: OrganisationRecord, addresses: Addresses) -> Image | None:
    """Return the logo, None without one. Its address stays when the logo changes: it is inside signed badges."""
    if not organisation.logo_mark:
        return None
    return Image(addresses.url("organisation_logo", organisation=organisation.slug), organisation.name)


def service_profile(addresses: Addresses) -> Profile:
    """Return the service itself as the issuer of what it says in its own name."""
    host = addresses.base_url.partition("://")[2]
    return Profile(did=addresses.service_did, ob2_url="", slug="", name=f"Badge service {host}", url=addresses.base_url)


def checked_parent(name: str, url: str) -> JsonObject:
    """Return the organisation that another is a part of, as the record keeps it. Raises InvalidInputError."""
    address = checked_url(url.strip(), field="parent")
    if not address:
        raise InvalidInputError("The organisation that it is a part of needs a web address.", field="parent")
    return {"id": address, "name": checked_organisation_name(name), "url": address}


def checked_identifiers(given: Iterable[str]) -> list[JsonObject]:
    """Return other names, given as TYPE=VALUE, as the record keeps them. Raises InvalidInputError."""
    kept = []
    for text in given:
        identifier_type, _, identifier = (part.strip() for part in strip_controls(text).partition("="))
        if not identifier or not (identifier_type in IDENTIFIER_TYPES or _EXTENSION.fullmatch(identifier_type)):
            raise InvalidInputError(
                '"%(text)s" is no other name. It looks like ext:ods=RX1, or is one of these kinds: %(known)s.',
                field="identifiers",
                text=text[:100],
                known=", ".join(sorted(IDENTIFIER_TYPES)),
            )
        kept.append({"identifier": identifier[:200], "identifier_type": identifier_type})
    return kept


def other_profile(kept: JsonObject | None) -> Profile | None:
    """Return an organisation that is not of this service as a value. kept: {id, name, url?, email?} or None."""
    if kept is None:
        return None
    return Profile(
        did=kept["id"],
        ob2_url="",
        slug="",
        name=kept["name"],
        url=kept.get("url", ""),
        email=kept.get("email", ""),
    )


def slug_of(name: str) -> str:
    """Return the slug that a name makes; "" if it has no letter from a to z and no digit."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_MAX].rstrip("-")


def _checked_slug(session: Session, slug: str) -> str:
    if slug != slug_of(slug):
        raise InvalidInputError(
            'A short name has letters from a to z, digits and "-" between them, at most %(most)s: not "%(slug)s".',
            field="slug",
            most=_SLUG_MAX,
            slug=slug[:100],
        )
    if session.scalar(select(OrganisationRecord.id).where(OrganisationRecord.slug == slug)) is not None:
        raise ConflictError('There is an organisation with the short name "%(slug)s" already.', slug=slug)
    return slug


def _free_slug(session: Session, name: str) -> str:
    """Return a slug for this name that no organisation has."""
    base = slug_of(name) or "organisation"
    taken = set(session.scalars(select(OrganisationRecord.slug).where(OrganisationRecord.slug.startswith(base))))
    number = 1
    slug = base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
