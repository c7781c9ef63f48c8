"""Badge classes and their versions."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from badges.addresses import Addresses
from badges.errors import ConflictError, NotFoundError
from badges.services.organisations import find_organisation, other_profile
from badges.services.results import descriptions_of
from badges.storage.records import AchievementRecord, AchievementVersionRecord, OrganisationRecord
from badges.vocab.achievement import Achievement, AchievementType, Alignment, Related
from badges.vocab.identifier import Identifier
from badges.vocab.image import Image


def _newest_versions() -> Select[AchievementVersionRecord]:
    return (
        select(AchievementVersionRecord)
        .join(AchievementVersionRecord.achievement)
        .where(AchievementVersionRecord.version == AchievementRecord.newest_version)
        .order_by(AchievementRecord.organisation_id, AchievementRecord.position, AchievementRecord.id)
    )


def list_newest_versions(
    session: Session, organisation_ids: Collection[int], *, with_retired: bool = False
) -> Sequence[AchievementVersionRecord]:
    """Return the newest published version of every class of these organisations, in their order."""
    query = _newest_versions().where(AchievementRecord.organisation_id.in_(organisation_ids))
    if not with_retired:
        query = query.where(AchievementRecord.retired_at.is_(None))
    return session.scalars(query).all()


def find_version(
    session: Session, organisation: str, achievement: str, version: int | None = None
) -> AchievementVersionRecord:
    """Return one published version of a class, the newest when none is named. Raises NotFoundError."""
    query = (
        select(AchievementVersionRecord)
        .join(AchievementVersionRecord.achievement)
        .join(AchievementRecord.organisation)
        .where(
            OrganisationRecord.slug == organisation,
            AchievementRecord.slug == achievement,
            AchievementVersionRecord.version == (AchievementRecord.newest_version if version is None else version),
            AchievementVersionRecord.published_at.is_not(None),
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

    name: its slug, or "organisation/slug". Raises NotFoundError listing what there is, or asking which organisation;
    ConflictError for one that is retired.
    """
    if "/" in name:
        organisation, name = name.split("/", 1)
    query = _newest_versions().where(AchievementRecord.slug == name)
    if organisation is not None:
        query = query.where(AchievementRecord.organisation_id == find_organisation(session, organisation).id)
    named = session.scalars(query.where(AchievementRecord.retired_at.is_(None)).limit(20)).all()
    if len(named) == 1:
        return named[0]
    if not named and (retired := session.scalars(query.limit(1)).first()) is not None:
        raise ConflictError('"%(name)s" is retired: it is not awarded any more.', name=retired.name)
    if named:
        raise NotFoundError(
            'Several organisations have the badge "%(name)s". Say which: %(organisations)s.',
            name=name,
            organisations=", ".join(version.achievement.organisation.slug for version in named),
        )
    known = session.scalars(
        select(AchievementRecord.slug)
        .where(AchievementRecord.newest_version > 0, AchievementRecord.retired_at.is_(None))
        .distinct()
        .order_by(AchievementRecord.slug)
        .limit(50)
    ).all()
    raise NotFoundError(
        'There is no badge "%(name)s" here. There is: %(known)s.',
        name=name,
        known=", ".join(known) or "none yet; run `badges init`",
    )


def _related(version: AchievementVersionRecord) -> tuple[Related, ...]:
    """Return what a version has to do with, and of which class it is a copy."""
    found = [Related(**entry) for entry in version.related or []]
    if version.credit and version.credit["id"].startswith(("https://", "http://")):
        found.append(Related(version.credit["id"]))
    return tuple(found)


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
        criteria=f"{version.criteria}\n\n{version.local_note}" if version.local_note else version.criteria,
        achievement_type=AchievementType(version.achievement_type),
        image=Image(addresses.url("achievement_png", **places), version.image_alt),
        tags=tuple(version.tags),
        alignments=tuple(Alignment(**alignment) for alignment in version.alignments),
        validity_months=version.validity_months,
        result_descriptions=descriptions_of(version, url),
        related=_related(version),
        other_identifiers=tuple(Identifier(**entry) for entry in version.other_identifiers or []),
        creator=other_profile(version.creator),
    )
