"""An organisation's own pack: which of its badges go in, under which licence, with which texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.campaign.pack import DESCRIPTION_MAX, MOST_CLASSES, TEXT_MAX
from badges.errors import InvalidInputError
from badges.services.achievements import list_newest_versions
from badges.services.class_content import content_of
from badges.services.context import Installation
from badges.services.organisations import slug_of
from badges.services.pack_signing import publish_pack
from badges.services.packs import pack_slug
from badges.services.typed_texts import checked_line, checked_paragraphs
from badges.storage.records import AchievementVersionRecord, OrganisationRecord, PackRecord, PackVersionRecord
from badges.vocab.class_content import Licence
from badges.vocab.pack import Pack, PackText

_NAME_MAX: Final = 120
_CREDIT_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class PackInput:
    """What was typed. classes: the slugs of what goes in. texts: a title and a text each; empty ones are left out."""

    name: str
    description: str
    licence: str
    credit: str
    classes: tuple[str, ...]
    texts: tuple[tuple[str, str], ...] = ()


def packable_versions(session: Session, organisation: OrganisationRecord) -> Sequence[AchievementVersionRecord]:
    """Return what an organisation can put into a pack of its own: its published classes that others may copy.

    Those of other packs are not its own.
    """
    found = list_newest_versions(session, [organisation.id])
    return [version for version in found if version.licence and version.achievement.pack_id is None]


def publish_own_pack(
    session: Session,
    installation: Installation,
    organisation: OrganisationRecord,
    given: PackInput,
    record: PackRecord | None = None,
) -> PackVersionRecord:
    """Sign and publish a pack of an organisation. record: the pack of which this is to be the next version.

    Raises InvalidInputError naming the field; ConflictError if nothing is different; ConfigurationError without a key.
    """
    name = checked_line(given.name, _NAME_MAX, field="name", needed=True)
    pack = Pack(
        slug=record.slug if record else _free_slug(session, organisation, name),
        name=name,
        description=checked_paragraphs(given.description, DESCRIPTION_MAX, field="description", needed=True),
        version=0,
        licence=_licence(given.licence),
        credit=checked_line(given.credit, _CREDIT_MAX, field="credit", needed=True),
        classes=tuple(content_of(version) for version in _chosen(session, organisation, given.classes)),
        texts=_texts(given.texts),
    )
    return publish_pack(
        session, installation, organisation, replace(pack, first=frozenset(c.slug for c in pack.classes))
    )


def _chosen(session: Session, organisation: OrganisationRecord, slugs: Sequence[str]) -> list[AchievementVersionRecord]:
    chosen = [each for each in packable_versions(session, organisation) if each.achievement.slug in slugs]
    if not chosen:
        raise InvalidInputError("Tick at least one badge.", field="badges")
    if len(chosen) > MOST_CLASSES:
        raise InvalidInputError("At most %(most)s badges fit into a pack.", field="badges", most=MOST_CLASSES)
    names = [each.name for each in chosen]
    twin = next((name for name in names if names.count(name) > 1), None)
    if twin is not None:
        raise InvalidInputError(
            'Two of the badges are called "%(name)s". Give one another name.', field="badges", name=twin
        )
    return chosen


def _texts(given: Sequence[tuple[str, str]]) -> tuple[PackText, ...]:
    found: dict[str, PackText] = {}
    for number, (title, text) in enumerate(given, start=1):
        if not title.strip() and not text.strip():
            continue
        heading = checked_line(title, _NAME_MAX, field=f"title-{number - 1}", needed=True)
        slug = base = slug_of(heading)[:50].strip("-") or f"text-{number}"
        while slug in found:
            slug = f"{base}-{number}"
        found[slug] = PackText(
            slug, heading, checked_paragraphs(text, TEXT_MAX, field=f"text-{number - 1}", needed=True)
        )
    return tuple(found.values())


def _free_slug(session: Session, organisation: OrganisationRecord, name: str) -> str:
    """Return a short name that no pack of the organisation has."""
    taken = set(session.scalars(select(PackRecord.slug).where(PackRecord.organisation_id == organisation.id)))
    base = slug = pack_slug(name)
    number = 1
    while slug in taken:
        number += 1
        slug = f"{base[:50]}-{number}"
    return slug


def _licence(text: str) -> Licence:
    if text not in [each for each in Licence if each]:
        raise InvalidInputError("Choose under which licence others may use it.", field="licence")
    return Licence(text)
