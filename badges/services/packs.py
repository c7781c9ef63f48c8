"""Packs: found and read. `pack_signing` says how they come to be here, `pack_adopting` what is done with one."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badges.campaign.pack import read_pack_document
from badges.errors import NotFoundError
from badges.services.organisations import slug_of
from badges.standards.json_text import read_json_object
from badges.storage.records import OrganisationRecord, PackAdoptionRecord, PackRecord, PackVersionRecord
from badges.vocab.badge_art import BadgeArt
from badges.vocab.class_content import ClassContent, UploadedArt
from badges.vocab.pack import STARTER_SLUG, Pack

LARGEST_PACK_BYTES: Final = 8 * 1024 * 1024
PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class PackPage:
    """Some of the packs that were found, with how many organisations here use each. total: of all."""

    found: Sequence[tuple[PackRecord, int]]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


def find_published(session: Session, publisher: str, slug: str) -> PackRecord | None:
    """Return the pack of a publisher by its short name there."""
    return session.scalar(select(PackRecord).where(PackRecord.publisher == publisher, PackRecord.slug == slug))


def find_pack(session: Session, address: str) -> PackRecord:
    """Return a pack by its short name here. Raises NotFoundError naming some that are there."""
    found = session.scalar(select(PackRecord).where(PackRecord.address == address))
    if found is None:
        known = session.scalars(select(PackRecord.address).order_by(PackRecord.id).limit(20)).all()
        raise NotFoundError(
            'There is no pack "%(name)s" here. There is: %(known)s.', name=address[:100], known=", ".join(known) or "–"
        )
    return found


def find_own_pack(session: Session, organisation: OrganisationRecord, address: str) -> PackRecord:
    """Return a pack that an organisation publishes. Raises NotFoundError, for another's as for none."""
    found = session.scalar(
        select(PackRecord).where(PackRecord.address == address, PackRecord.organisation_id == organisation.id)
    )
    if found is None:
        raise NotFoundError('There is no pack "%(name)s" of this organisation.', name=address[:100])
    return found


def find_pack_version(session: Session, pack: PackRecord, version: int | None = None) -> PackVersionRecord:
    """Return one version of a pack, the newest when none is named. Raises NotFoundError."""
    found = session.scalar(
        select(PackVersionRecord).where(
            PackVersionRecord.pack_id == pack.id,
            PackVersionRecord.version == (pack.newest_version if version is None else version),
        )
    )
    if found is None:
        raise NotFoundError('The pack "%(name)s" has no version %(version)s.', name=pack.name, version=version)
    return found


def pack_of(version: PackVersionRecord) -> Pack:
    """Return what a version of a pack holds, its pictures safe to show."""
    pack = _read(version.content)
    if not version.pictures:
        return pack
    return replace(pack, classes=tuple(_with_kept_picture(each, version.pictures) for each in pack.classes))


@lru_cache(maxsize=32)
def _read(content: str) -> Pack:
    return read_pack_document(read_json_object(content, maximum_bytes=LARGEST_PACK_BYTES))


def _with_kept_picture(content: ClassContent, pictures: dict[str, dict[str, str]]) -> ClassContent:
    if isinstance(content.art, BadgeArt):
        return content
    kept = pictures[content.slug]
    return replace(content, art=UploadedArt(kept["svg"], base64.b64decode(kept["png"]), content.art.alt_text))


def search_packs(session: Session, *, page: int = 1, organisation: OrganisationRecord | None = None) -> PackPage:
    """Return packs by name, the campaign's own first. organisation: only those that it publishes."""
    query = select(PackRecord)
    if organisation is not None:
        query = query.where(PackRecord.organisation_id == organisation.id)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = min(max(page, 1), max(1, -(-total // PAGE_SIZE)))
    ordered = query.order_by(PackRecord.address != STARTER_SLUG, PackRecord.name, PackRecord.id)
    found = session.scalars(ordered.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    counts = count_adoptions(session, [each.id for each in found])
    return PackPage([(each, counts.get(each.id, 0)) for each in found], total, page)


def count_adoptions(session: Session, pack_ids: Sequence[int]) -> dict[int, int]:
    """Return how many organisations here use each of these packs."""
    query = select(PackAdoptionRecord.pack_id, func.count()).where(PackAdoptionRecord.pack_id.in_(pack_ids))
    return {row[0]: row[1] for row in session.execute(query.group_by(PackAdoptionRecord.pack_id))}


def pack_slug(name: str) -> str:
    """Return the short name that a pack's name makes."""
    return slug_of(name)[:60].strip("-") or "pack"
