"""Badge classes and their versions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from badges.addresses import Addresses
from badges.campaign.pack import PackClass, load_starter_pack
from badges.errors import NotFoundError
from badges.rendering.badge_art import draw_badge_svg
from badges.rendering.raster import rasterise_svg
from badges.services.audit import leave_line
from badges.services.context import Installation
from badges.services.organisations import find_organisation, other_profile
from badges.services.results import descriptions_of
from badges.storage.records import AchievementRecord, AchievementVersionRecord, OrganisationRecord
from badges.vocab.achievement import Achievement, AchievementType, Alignment, Related
from badges.vocab.audit import Action
from badges.vocab.identifier import Identifier
from badges.vocab.image import Image

IMAGE_WIDTH_PIXELS = 600


def adopt_starter_pack(
    session: Session,
    installation: Installation,
    organisation: OrganisationRecord,
    *,
    only: Collection[str] | None = None,
) -> int:
    """Give the organisation the campaign's classes that it lacks. Returns how many were added.

    only: the slugs of those that it wants; all when None.
    """
    owned = set(
        session.scalars(select(AchievementRecord.slug).where(AchievementRecord.organisation_id == organisation.id))
    )
    missing = [
        (position, pack_class)
        for position, pack_class in enumerate(load_starter_pack().classes, start=1)
        if pack_class.slug not in owned and (only is None or pack_class.slug in only)
    ]
    for position, pack_class in missing:
        _add_class(session, installation, organisation, pack_class, position)
    session.flush()
    if missing:
        leave_line(
            session,
            installation,
            Action.PACK_ADOPTED,
            "starter",
            organisation=organisation,
            classes=[pack_class.slug for _, pack_class in missing],
        )
    return len(missing)


def _add_class(
    session: Session,
    installation: Installation,
    organisation: OrganisationRecord,
    pack_class: PackClass,
    position: int,
) -> None:
    now = installation.clock()
    achievement = AchievementRecord(
        organisation_id=organisation.id,
        organisation=organisation,
        slug=pack_class.slug,
        position=position,
        newest_version=1,
        created_at=now,
    )
    session.add(
        AchievementVersionRecord(
            achievement=achievement,
            version=1,
            name=pack_class.name,
            description=pack_class.description,
            criteria=pack_class.criteria,
            achievement_type=pack_class.achievement_type,
            audience=pack_class.audience,
            who_can_earn=pack_class.who_can_earn,
            how_to_earn=pack_class.how_to_earn,
            tags=list(pack_class.tags),
            alignments=[asdict(alignment) for alignment in pack_class.alignments],
            validity_months=pack_class.validity_months,
            creator=pack_class.creator,
            result_descriptions=list(pack_class.results) or None,
            image_alt=pack_class.art.alt_text,
            # The drawing is shown at every size, beside its name; the PNG travels alone, so it carries its name.
            image_svg=draw_badge_svg(pack_class.art),
            image_png=rasterise_svg(draw_badge_svg(pack_class.art, with_label=True), IMAGE_WIDTH_PIXELS),
            created_at=now,
        )
    )


def _newest_versions() -> Select[AchievementVersionRecord]:
    return (
        select(AchievementVersionRecord)
        .join(AchievementVersionRecord.achievement)
        .where(AchievementVersionRecord.version == AchievementRecord.newest_version)
        .order_by(AchievementRecord.organisation_id, AchievementRecord.position, AchievementRecord.id)
    )


def list_newest_versions(session: Session, organisation_id: int | None = None) -> Sequence[AchievementVersionRecord]:
    """Return the newest version of every class, in the pack's order."""
    query = _newest_versions()
    if organisation_id is not None:
        query = query.where(AchievementRecord.organisation_id == organisation_id)
    return session.scalars(query).all()


def find_version(
    session: Session, organisation: str, achievement: str, version: int | None = None
) -> AchievementVersionRecord:
    """Return one version of a class, the newest when none is named. Raises NotFoundError."""
    query = (
        select(AchievementVersionRecord)
        .join(AchievementVersionRecord.achievement)
        .join(AchievementRecord.organisation)
        .where(
            OrganisationRecord.slug == organisation,
            AchievementRecord.slug == achievement,
            AchievementVersionRecord.version == (AchievementRecord.newest_version if version is None else version),
        )
    )
    found = session.scalar(query)
    if found is None:
        raise NotFoundError(
            'There is no badge "%(badge)s" of "%(organisation)s".',
            badge=achievement,
            organisation=organisation,
        )
    return found


def find_class_to_award(session: Session, name: str, organisation: str | None) -> AchievementVersionRecord:
    """Return the newest version of the class that an awarder named.

    name: its slug, or "organisation/slug". Raises NotFoundError listing what there is, or asking which organisation.
    """
    if "/" in name:
        organisation, name = name.split("/", 1)
    query = _newest_versions().where(AchievementRecord.slug == name)
    if organisation is not None:
        query = query.where(AchievementRecord.organisation_id == find_organisation(session, organisation).id)
    named = session.scalars(query.limit(20)).all()
    if len(named) == 1:
        return named[0]
    if named:
        raise NotFoundError(
            'Several organisations have the badge "%(name)s". Say which: %(organisations)s.',
            name=name,
            organisations=", ".join(version.achievement.organisation.slug for version in named),
        )
    known = session.scalars(select(AchievementRecord.slug).distinct().order_by(AchievementRecord.slug).limit(50)).all()
    raise NotFoundError(
        'There is no badge "%(name)s" here. There is: %(known)s.',
        name=name,
        known=", ".join(known) or "none yet; run `badges init`",
    )


def achievement_of(version: AchievementVersionRecord, addresses: Addresses) -> Achievement:
    """Return a version as a value, with its addresses."""
    achievement = version.achievement
    places = {
        "organisation": achievement.organisation.slug,
        "achievement": achievement.slug,
        "version": version.version,
    }
    url = addresses.url("achievement", **places)
    return Achievement(
        id=url,
        ob2_url=addresses.url("ob2_badge_class", **places),
        slug=achievement.slug,
        version=str(version.version),
        name=version.name,
        description=version.description,
        criteria=version.criteria,
        achievement_type=AchievementType(version.achievement_type),
        image=Image(addresses.url("achievement_png", **places), version.image_alt),
        tags=tuple(version.tags),
        alignments=tuple(Alignment(**alignment) for alignment in version.alignments),
        validity_months=version.validity_months,
        result_descriptions=descriptions_of(version, url),
        related=tuple(Related(**entry) for entry in version.related or []),
        other_identifiers=tuple(Identifier(**entry) for entry in version.other_identifiers or []),
        creator=other_profile(version.creator),
    )
