"""What an organisation does with a pack: adopt it, take its newer version, add a note of its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.errors import ConflictError
from badges.services.audit import leave_line
from badges.services.class_content import content_of, write_content
from badges.services.classes import add_class, hold_class, newest_of, publish
from badges.services.context import Installation
from badges.services.locks import lock_organisations
from badges.services.pack_signing import ensure_starter_pack
from badges.services.packs import find_pack_version, pack_of
from badges.services.typed_texts import checked_paragraphs
from badges.storage.records import (
    AchievementRecord,
    AchievementVersionRecord,
    OrganisationRecord,
    PackAdoptionRecord,
    PackRecord,
    PackVersionRecord,
)
from badges.vocab.audit import Action
from badges.vocab.class_content import LONGEST, ClassContent


@dataclass(frozen=True, slots=True)
class ClassChange:
    """How one class differs between what an organisation has and a version of the pack.

    before: None for a class that it has not; after: None for one that the pack has no more.
    """

    slug: str
    before: ClassContent | None
    after: ClassContent | None


def adopt_starter_pack(
    session: Session,
    installation: Installation,
    organisation: OrganisationRecord,
    *,
    only: Collection[str] | None = None,
) -> int:
    """Give the organisation the campaign's classes that it lacks. As `adopt_pack`."""
    starter = ensure_starter_pack(session, installation)
    return adopt_pack(session, installation, organisation, find_pack_version(session, starter), only=only)


def adopt_pack(
    session: Session,
    installation: Installation,
    organisation: OrganisationRecord,
    version: PackVersionRecord,
    *,
    only: Collection[str] | None = None,
) -> int:
    """Give the organisation the classes of a pack that it lacks, published, and note the adoption.

    only: the slugs of those that it wants; all when None. Returns how many were added; safe to repeat.
    """
    lock_organisations(session, [organisation.id])
    pack = version.pack
    owned = {each.pack_class for each in adopted_classes(session, organisation, pack)}
    offered = list(enumerate(pack_of(version).classes, start=1))
    missing = [
        (position, content)
        for position, content in offered
        if content.slug not in owned and (only is None or content.slug in only)
    ]
    if not missing:
        return 0
    for position, content in missing:
        draft = add_class(session, installation, organisation, content, position=position)
        _mark_as_adopted(draft, version, content.slug)
        publish(session, installation, draft.achievement, draft)
    adoption = find_adoption(session, organisation, pack)
    if adoption is None:
        adoption = PackAdoptionRecord(
            pack_id=pack.id, organisation_id=organisation.id, version=version.version, adopted_at=installation.clock()
        )
        session.add(adoption)
    session.flush()
    leave_line(
        session,
        installation,
        Action.PACK_ADOPTED,
        pack.id,
        organisation=organisation,
        version=version.version,
        classes=[content.slug for _, content in missing],
    )
    return len(missing)


def recognise_older_classes(session: Session, installation: Installation, pack: PackRecord) -> int:
    """Note of classes that came with the starter pack before packs were kept that they did. Safe to repeat.

    They are told by having no description of their picture. Their organisations are then offered the pack's version
    like any newer one. Returns how many were recognised.
    """
    names = {content.slug: content.name for content in pack_of(find_pack_version(session, pack)).classes}
    query = (
        select(AchievementVersionRecord)
        .join(AchievementVersionRecord.achievement)
        .where(
            AchievementVersionRecord.art.is_(None),
            AchievementVersionRecord.version == AchievementRecord.newest_version,
            AchievementRecord.pack_id.is_(None),
            AchievementRecord.slug.in_(names),
        )
    )
    found = [each for each in session.scalars(query) if each.name == names[each.achievement.slug]]
    by_organisation: dict[int, list[str]] = {}
    for version in found:
        version.achievement.pack_id, version.achievement.pack_class = pack.id, version.achievement.slug
        by_organisation.setdefault(version.achievement.organisation_id, []).append(version.achievement.slug)
    for organisation_id, slugs in by_organisation.items():
        if session.get(PackAdoptionRecord, (pack.id, organisation_id)) is None:
            session.add(
                PackAdoptionRecord(
                    pack_id=pack.id, organisation_id=organisation_id, version=0, adopted_at=installation.clock()
                )
            )
        session.flush()
        leave_line(
            session,
            installation,
            Action.PACK_ADOPTED,
            pack.id,
            organisation=organisation_id,
            version=0,
            classes=list(slugs),
        )
    return len(found)


def _mark_as_adopted(draft: AchievementVersionRecord, version: PackVersionRecord, slug: str) -> None:
    draft.achievement.pack_id = version.pack_id
    draft.achievement.pack_class = slug
    draft.pack_version = version.version


def find_adoption(session: Session, organisation: OrganisationRecord, pack: PackRecord) -> PackAdoptionRecord | None:
    """Return whether, and since when, an organisation uses a pack."""
    return session.get(PackAdoptionRecord, (pack.id, organisation.id))


def adopted_classes(
    session: Session, organisation: OrganisationRecord, pack: PackRecord
) -> Sequence[AchievementRecord]:
    """Return the classes that an organisation has of a pack, the retired too."""
    return session.scalars(
        select(AchievementRecord)
        .where(AchievementRecord.organisation_id == organisation.id, AchievementRecord.pack_id == pack.id)
        .order_by(AchievementRecord.position, AchievementRecord.id)
    ).all()


def adoptions_with_news(session: Session, organisation_ids: Collection[int]) -> Sequence[PackAdoptionRecord]:
    """Return the adoptions of these organisations for whose pack there is a newer version."""
    return session.scalars(
        select(PackAdoptionRecord)
        .join(PackAdoptionRecord.pack)
        .where(
            PackAdoptionRecord.organisation_id.in_(organisation_ids),
            PackAdoptionRecord.version < PackRecord.newest_version,
        )
        .order_by(PackAdoptionRecord.organisation_id, PackRecord.name)
        .limit(50)
    ).all()


def list_changes(session: Session, organisation: OrganisationRecord, version: PackVersionRecord) -> list[ClassChange]:
    """Return what taking this version of a pack would change, in the pack's order: changed, new, then gone."""
    held = {each.pack_class: each for each in adopted_classes(session, organisation, version.pack)}
    offered = {content.slug: content for content in pack_of(version).classes}
    changes = []
    for slug, content in offered.items():
        before = _content_in_pack(session, held[slug]) if slug in held else None
        if before != content:
            changes.append(ClassChange(slug, before, content))
    gone = [ClassChange(slug, _content_in_pack(session, held[slug]), None) for slug in held if slug not in offered]
    return changes + gone


def _content_in_pack(session: Session, achievement: AchievementRecord) -> ClassContent:
    """Return what a class of a pack says, under the slug that it has in the pack."""
    newest = newest_of(session, achievement)
    assert newest is not None, "a class of a pack is published when it is adopted"
    return _as_in_pack(content_of(newest), achievement)


def _as_in_pack(content: ClassContent, achievement: AchievementRecord) -> ClassContent:
    return replace(content, slug=achievement.pack_class)


def take_update(
    session: Session,
    installation: Installation,
    organisation: OrganisationRecord,
    version: PackVersionRecord,
    *,
    new: Collection[str] = (),
) -> int:
    """Give the classes that an organisation has of a pack the text and picture of a version, as new versions of them.

    Notes of its own stay; classes that the pack has no more stay as they are. new: the slugs of the classes to add.

    Returns how many classes were changed or added. Raises ConflictError if the organisation has not adopted the pack,
    or has this version.
    """
    lock_organisations(session, [organisation.id])
    adoption = find_adoption(session, organisation, version.pack)
    if adoption is not None:
        session.refresh(adoption, with_for_update={"of": PackAdoptionRecord})
    if adoption is None or adoption.version >= version.version:
        raise ConflictError("Your badges are of this version already.")
    held = {each.pack_class: each for each in adopted_classes(session, organisation, version.pack)}
    changed = []
    for content in pack_of(version).classes:
        achievement = held.get(content.slug)
        if achievement is None:
            continue
        newest = newest_of(session, achievement)
        assert newest is not None, "a class of a pack is published when it is adopted"
        if _as_in_pack(content_of(newest), achievement) != content:
            _publish_next(session, installation, achievement, content, newest.local_note, version.version)
            changed.append(content.slug)
    adoption.version = version.version
    added = adopt_pack(session, installation, organisation, version, only=new) if new else 0
    session.flush()
    leave_line(
        session,
        installation,
        Action.PACK_UPDATED,
        version.pack_id,
        organisation=organisation,
        version=version.version,
        classes=changed,
    )
    return len(changed) + added


def set_local_note(session: Session, installation: Installation, achievement: AchievementRecord, note: str) -> bool:
    """Say beside the text of a pack how it is done here. Returns whether that is something new.

    It makes a new version: what was awarded before keeps what it said.

    Raises InvalidInputError if it is too long; ConflictError for a class that came with no pack, or is retired.
    """
    hold_class(session, achievement)
    newest = newest_of(session, achievement)
    if achievement.pack_id is None or achievement.retired_at is not None or newest is None:
        raise ConflictError("Only a badge that came with a pack, and is awarded, takes a note.")
    cleaned = checked_paragraphs(note, LONGEST["local_note"], field="local_note")
    if cleaned == newest.local_note:
        return False
    _publish_next(session, installation, achievement, content_of(newest), cleaned, newest.pack_version)
    return True


def _publish_next(
    session: Session,
    installation: Installation,
    achievement: AchievementRecord,
    content: ClassContent,
    note: str,
    pack_version: int | None,
) -> None:
    version = AchievementVersionRecord(
        achievement=achievement,
        version=achievement.newest_version + 1,
        local_note=note,
        pack_version=pack_version,
        created_at=installation.clock(),
    )
    write_content(version, content)
    session.add(version)
    session.flush()
    publish(session, installation, achievement, version)
