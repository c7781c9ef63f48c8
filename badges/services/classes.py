"""The life of a badge class: draft, published, changed, retired. What was published is never changed or deleted."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badges.addresses import Addresses
from badges.errors import ConflictError, NotFoundError
from badges.services.audit import leave_line
from badges.services.class_content import content_mark, content_of, write_content
from badges.services.context import Installation
from badges.services.locks import lock_organisations
from badges.services.organisations import slug_of
from badges.storage.records import AchievementRecord, AchievementVersionRecord, OrganisationRecord
from badges.vocab.audit import Action
from badges.vocab.class_content import ClassContent, Credit, Licence

_CHANGED_MEANWHILE = (
    "Somebody else has changed this badge since you opened the page. What you typed is still here: open the badge in "
    "another tab, compare, and save again."
)


def add_class(
    session: Session,
    installation: Installation,
    organisation: OrganisationRecord,
    content: ClassContent,
    *,
    position: int | None = None,
) -> AchievementVersionRecord:
    """Store a new class as a draft that only its organisation sees, and return its first version.

    content: its slug is a wish; a taken one gets a number. position: in the organisation's list; the last when None.
    Raises ConflictError for an organisation that has become a part of another.
    """
    lock_organisations(session, [organisation.id])
    _refuse_merged(organisation)
    achievement = AchievementRecord(
        organisation_id=organisation.id,
        organisation=organisation,
        slug=_free_slug(session, organisation, content.slug),
        position=_last_position(session, organisation) + 1 if position is None else position,
        newest_version=0,
        created_at=installation.clock(),
    )
    version = AchievementVersionRecord(achievement=achievement, version=1, created_at=installation.clock())
    write_content(version, content)
    session.add(version)
    session.flush()
    leave_line(session, installation, Action.CLASS_ADDED, achievement.id, organisation=organisation)
    return version


def find_draft(session: Session, achievement: AchievementRecord) -> AchievementVersionRecord | None:
    """Return the draft of a class, if it has one."""
    return session.scalar(
        select(AchievementVersionRecord).where(
            AchievementVersionRecord.achievement_id == achievement.id,
            AchievementVersionRecord.version == achievement.newest_version + 1,
        )
    )


def newest_of(session: Session, achievement: AchievementRecord) -> AchievementVersionRecord | None:
    """Return what was published last of a class, None for a first draft."""
    return session.scalar(
        select(AchievementVersionRecord).where(
            AchievementVersionRecord.achievement_id == achievement.id,
            AchievementVersionRecord.version == achievement.newest_version,
        )
    )


def standing_text(session: Session, achievement: AchievementRecord) -> AchievementVersionRecord:
    """Return what an author works on: the draft, or what was published last where there is none."""
    found = find_draft(session, achievement) or newest_of(session, achievement)
    assert found is not None, "a class has a version from its first moment"
    return found


def save_draft(
    session: Session,
    installation: Installation,
    achievement: AchievementRecord,
    content: ClassContent,
    *,
    seen: str = "",
) -> bool:
    """Keep what the next version of a class will say. Returns whether that differs from what is published.

    seen: the mark (`content_mark`) of what the author was shown; "" to save whatever happened since.

    Raises ConflictError when somebody else saved meanwhile, when the class came with a pack, or is retired.
    """
    hold_class(session, achievement)
    _refuse_foreign(achievement)
    standing = standing_text(session, achievement)
    if seen and seen != content_mark(content_of(standing)):
        raise ConflictError(_CHANGED_MEANWHILE)
    content = replace(content, slug=achievement.slug)
    newest = newest_of(session, achievement)
    if newest is not None and content == content_of(newest):
        _drop_draft(session, installation, achievement)
        return False
    if content != content_of(standing):
        draft = _draft_for_writing(session, installation, achievement)
        write_content(draft, content)
        session.flush()
        leave_line(
            session, installation, Action.CLASS_DRAFTED, achievement.id, organisation=achievement.organisation_id
        )
    return True


def publish_draft(
    session: Session, installation: Installation, achievement: AchievementRecord, *, seen: str = ""
) -> AchievementVersionRecord:
    """Make the draft what is awarded from now on. What was awarded before keeps its version.

    seen: the mark of what the author looked at; "" for whatever it is now.

    Raises ConflictError when there is no draft, or another than the one that was looked at.
    """
    hold_class(session, achievement)
    draft = find_draft(session, achievement)
    if draft is None:
        raise ConflictError("There is no draft of this badge to publish.")
    if seen and seen != content_mark(content_of(draft)):
        raise ConflictError("The draft has changed since you opened the page. Look at it again before you publish it.")
    return publish(session, installation, achievement, draft)


def publish(
    session: Session, installation: Installation, achievement: AchievementRecord, draft: AchievementVersionRecord
) -> AchievementVersionRecord:
    """Publish a draft that the caller holds or has just made."""
    draft.published_at = installation.clock()
    achievement.newest_version = draft.version
    session.flush()
    leave_line(
        session,
        installation,
        Action.CLASS_VERSION_ADDED,
        achievement.id,
        organisation=achievement.organisation_id,
        version=draft.version,
        mark=content_mark(content_of(draft)),
    )
    return draft


def discard_draft(session: Session, installation: Installation, achievement: AchievementRecord) -> bool:
    """Throw the draft away; a class that was never published goes with it. Returns whether the class is still there.

    Raises ConflictError when there is no draft.
    """
    hold_class(session, achievement)
    if find_draft(session, achievement) is None:
        raise ConflictError("There is no draft of this badge to throw away.")
    _drop_draft(session, installation, achievement)
    if achievement.newest_version == 0:
        session.delete(achievement)
        session.flush()
        return False
    return True


def retire_class(session: Session, installation: Installation, achievement: AchievementRecord) -> None:
    """Award a class no more. Its pages and badges stay. Raises ConflictError for one that was never published."""
    hold_class(session, achievement)
    if achievement.newest_version == 0:
        raise ConflictError("This badge was never published. Throw its draft away instead.")
    if achievement.retired_at is None:
        achievement.retired_at = installation.clock()
        leave_line(
            session, installation, Action.CLASS_RETIRED, achievement.id, organisation=achievement.organisation_id
        )


def bring_back_class(session: Session, installation: Installation, achievement: AchievementRecord) -> None:
    """Have a retired class be awarded again. Raises ConflictError where its organisation awards no more."""
    hold_class(session, achievement)
    _refuse_merged(achievement.organisation)
    if achievement.retired_at is not None:
        achievement.retired_at = None
        leave_line(
            session, installation, Action.CLASS_BROUGHT_BACK, achievement.id, organisation=achievement.organisation_id
        )


def copy_class(
    session: Session,
    installation: Installation,
    version: AchievementVersionRecord,
    organisation: OrganisationRecord,
) -> AchievementVersionRecord:
    """Make a draft in an organisation out of a class of another, with credit.

    Raises ConflictError without a licence.
    """
    content = content_of(version)
    own = version.achievement.organisation_id == organisation.id
    if not content.licence and not own:
        raise ConflictError('"%(name)s" is not for copying: its organisation has chosen no licence.', name=version.name)
    credit = content.credit if own else credit_for(version, installation.addresses)
    return add_class(session, installation, organisation, replace(content, credit=credit))


def credit_for(version: AchievementVersionRecord, addresses: Addresses) -> Credit:
    """Return whom to name when a version is copied."""
    achievement = version.achievement
    url = addresses.url(
        "achievement",
        organisation=achievement.organisation.slug,
        achievement=achievement.slug,
        version=version.version,
    )
    return Credit(url, version.name, achievement.organisation.name, Licence(version.licence))


def find_class(session: Session, organisation: str, achievement: str) -> AchievementRecord:
    """Return a class, in whatever state. Raises NotFoundError as `find_version`."""
    found = session.scalar(
        select(AchievementRecord)
        .join(AchievementRecord.organisation)
        .where(OrganisationRecord.slug == organisation, AchievementRecord.slug == achievement)
    )
    if found is None:
        raise NotFoundError(
            'There is no badge "%(badge)s" of "%(organisation)s".', badge=achievement, organisation=organisation
        )
    return found


def hold_class(session: Session, achievement: AchievementRecord) -> None:
    """Wait until nobody else changes this class, and hold it until the transaction ends."""
    query = select(AchievementRecord).where(AchievementRecord.id == achievement.id)
    session.scalars(query.with_for_update(of=AchievementRecord).execution_options(populate_existing=True)).one()


def _refuse_merged(organisation: OrganisationRecord) -> None:
    if organisation.merged_into_id is not None:
        raise ConflictError(
            "%(name)s has become a part of another organisation, and awards no more.", name=organisation.name
        )


def _refuse_foreign(achievement: AchievementRecord) -> None:
    if achievement.retired_at is not None:
        raise ConflictError("This badge is retired. Bring it back before you change it.")
    if achievement.pack_id is not None:
        raise ConflictError(
            "This badge came with a pack: its text and picture are the pack's. You can add a note, or make a copy of "
            "your own."
        )


def _draft_for_writing(
    session: Session, installation: Installation, achievement: AchievementRecord
) -> AchievementVersionRecord:
    found = find_draft(session, achievement)
    if found is None:
        found = AchievementVersionRecord(
            achievement=achievement, version=achievement.newest_version + 1, created_at=installation.clock()
        )
        session.add(found)
    return found


def _drop_draft(session: Session, installation: Installation, achievement: AchievementRecord) -> None:
    draft = find_draft(session, achievement)
    if draft is not None:
        session.delete(draft)
        session.flush()
        leave_line(
            session, installation, Action.CLASS_DISCARDED, achievement.id, organisation=achievement.organisation_id
        )


def _free_slug(session: Session, organisation: OrganisationRecord, wish: str) -> str:
    """Return a slug that no class of the organisation has."""
    base = slug_of(wish) or "badge"
    taken = set(
        session.scalars(select(AchievementRecord.slug).where(AchievementRecord.organisation_id == organisation.id))
    )
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _last_position(session: Session, organisation: OrganisationRecord) -> int:
    query = select(func.max(AchievementRecord.position)).where(AchievementRecord.organisation_id == organisation.id)
    return session.scalar(query) or 0
