"""Organisations over time: one becomes a part of another, which says so in a signed statement.

Whatever the older one has signed stays as it is and stays valid: its addresses, keys and status lists live on. Who
looks after the successor can withdraw and correct its badges.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from badges.errors import ConflictError, InvalidInputError
from badges.services.audit import leave_line
from badges.services.class_content import content_of
from badges.services.classes import add_class, discard_draft, find_draft, newest_of, publish, retire_class
from badges.services.context import Installation
from badges.services.endorsement_asking import list_open_requests, take_back
from badges.services.endorsement_values import list_standing
from badges.services.endorsements import EndorsementRequest, endorse, withdraw_endorsement
from badges.services.locks import lock_organisations
from badges.services.organisation_tree import is_below
from badges.services.people import set_roles
from badges.storage.records import (
    AccountRecord,
    AchievementRecord,
    EndorsementRecord,
    InvitationRecord,
    MembershipRecord,
    OrganisationRecord,
    PackAdoptionRecord,
)
from badges.vocab.audit import Action
from badges.vocab.endorsement import EndorsedKind, WithdrawalReason
from badges.vocab.people import Role
from badges.vocab.profile import TAKING_PART

_STATEMENT: Final = "{old} is now part of {new}. Badges that {old} awarded stay valid."


@dataclass(frozen=True, slots=True)
class MergerPlan:
    """What a merger moves, in numbers. below: organisations that come below the successor."""

    classes: int
    drafts: int
    people: int
    invitations: int
    requests: int
    below: int


def plan_merger(
    session: Session, installation: Installation, old: OrganisationRecord, new: OrganisationRecord
) -> MergerPlan:
    """Return what merging one organisation into another would move. Raises ConflictError where it cannot be done."""
    check_merger(session, old, new)
    classes = _classes(session, old)

    def count(record: type[InvitationRecord] | type[OrganisationRecord], *where: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(record).where(*where)) or 0

    people = select(func.count(func.distinct(MembershipRecord.account_id))).where(
        MembershipRecord.organisation_id == old.id
    )
    return MergerPlan(
        classes=sum(1 for each in classes if each.newest_version > 0),
        drafts=sum(1 for each in classes if find_draft(session, each) is not None),
        people=session.scalar(people) or 0,
        invitations=count(InvitationRecord, *_open_invitations(old)),
        requests=len(list_open_requests(session, installation, old)),
        below=count(OrganisationRecord, OrganisationRecord.above_id == old.id),
    )


def check_merger(session: Session, old: OrganisationRecord, new: OrganisationRecord) -> None:
    """Raise ConflictError where one organisation cannot become a part of another."""
    if old.id == new.id:
        raise ConflictError("An organisation cannot become a part of itself.")
    for each in (old, new):
        if each.merged_into_id is not None:
            raise ConflictError("%(name)s is a part of another organisation already.", name=each.name)
        if each.kind not in TAKING_PART:
            raise ConflictError("%(name)s takes no part here: it only endorses.", name=each.name)
    if is_below(session, new, old):
        raise ConflictError(
            "%(new)s is below %(old)s. Move it elsewhere first, or merge the other way round.",
            new=new.name,
            old=old.name,
        )


def merge(session: Session, installation: Installation, old: OrganisationRecord, new: OrganisationRecord) -> MergerPlan:
    """Make one organisation a part of another: classes, people, invitations, what is below it. It awards no more.

    The successor signs that it is so. Returns what was moved. Raises ConflictError as `check_merger`,
    ConfigurationError without a key.
    """
    below = session.scalars(select(OrganisationRecord.id).where(OrganisationRecord.above_id == old.id)).all()
    lock_organisations(session, [old.id, new.id, *below])
    session.refresh(old)
    session.refresh(new)
    plan = plan_merger(session, installation, old, new)
    _move_classes(session, installation, old, new)
    _move_people(session, installation, old, new)
    for invitation in session.scalars(select(InvitationRecord).where(*_open_invitations(old))):
        invitation.organisation = new
    for request in list_open_requests(session, installation, old):
        take_back(session, installation, request)
    for child in session.scalars(select(OrganisationRecord).where(OrganisationRecord.above_id == old.id)):
        child.above_id = new.id
    old.above_id = None
    old.merged_into_id, old.merged_at = new.id, installation.clock().replace(microsecond=0)
    session.flush()
    leave_line(
        session, installation, Action.ORGANISATION_MERGED, old.id, organisation=old, into=new.id, classes=plan.classes
    )
    succeed(session, installation, new, old.slug, name=old.name)
    return plan


def succeed(
    session: Session,
    installation: Installation,
    successor: OrganisationRecord,
    target: str,
    *,
    name: str,
    said_by_id: int | None = None,
) -> EndorsementRecord:
    """Have an organisation sign that an issuer is a part of it now.

    target: the slug of an organisation here; or the id of an issuer elsewhere, a DID or an https address. name: of it.

    Raises InvalidInputError; ConflictError when it says so already.
    """
    if not " ".join(name.split()):
        raise InvalidInputError("Say what the older organisation was called.", field="name")
    comment = _STATEMENT.format(old=" ".join(name.split())[:200], new=successor.name)
    request = EndorsementRequest(EndorsedKind.SUCCESSION, target, successor.slug, comment, said_by_id)
    did = installation.addresses.organisation_did(target)
    for standing in list_standing(session, did):
        if standing.organisation_id == successor.id:
            withdraw_endorsement(session, installation, standing.id, WithdrawalReason.CHANGED)
    session.flush()
    return endorse(session, installation, request)


def _classes(session: Session, organisation: OrganisationRecord) -> list[AchievementRecord]:
    """Return the classes that are not retired, in their order."""
    query = select(AchievementRecord).where(
        AchievementRecord.organisation_id == organisation.id, AchievementRecord.retired_at.is_(None)
    )
    return list(session.scalars(query.order_by(AchievementRecord.position, AchievementRecord.id)))


def _move_classes(
    session: Session, installation: Installation, old: OrganisationRecord, new: OrganisationRecord
) -> None:
    """Give the successor every class as its own. The older addresses stay: they are inside signed badges."""
    held = {(each.pack_id, each.pack_class) for each in _classes(session, new) if each.pack_id is not None}
    for achievement in _classes(session, old):
        newest, draft = newest_of(session, achievement), find_draft(session, achievement)
        is_there = achievement.pack_id is not None and (achievement.pack_id, achievement.pack_class) in held
        if newest is not None and not is_there:
            url = installation.addresses.url(
                "achievement", organisation=old.slug, achievement=achievement.slug, version=newest.version
            )
            made = add_class(session, installation, new, replace(content_of(newest), slug=achievement.slug))
            made.related = [*(newest.related or []), {"id": url, "version": str(newest.version)}]
            made.local_note, made.pack_version = newest.local_note, newest.pack_version
            made.achievement.pack_id, made.achievement.pack_class = achievement.pack_id, achievement.pack_class
            publish(session, installation, made.achievement, made)
        elif newest is None and draft is not None:
            add_class(session, installation, new, replace(content_of(draft), slug=achievement.slug))
        if draft is not None and not discard_draft(session, installation, achievement):
            continue
        retire_class(session, installation, achievement)
    _move_adoptions(session, installation, old, new)


def _move_adoptions(
    session: Session, installation: Installation, old: OrganisationRecord, new: OrganisationRecord
) -> None:
    query = select(PackAdoptionRecord).where(PackAdoptionRecord.organisation_id == old.id)
    for adoption in session.scalars(query).all():
        if session.get(PackAdoptionRecord, (adoption.pack_id, new.id)) is None:
            session.add(
                PackAdoptionRecord(
                    pack_id=adoption.pack_id,
                    organisation_id=new.id,
                    version=adoption.version,
                    adopted_at=installation.clock(),
                )
            )
        session.delete(adoption)
    session.flush()


def _move_people(
    session: Session, installation: Installation, old: OrganisationRecord, new: OrganisationRecord
) -> None:
    """Give everybody in the successor the roles that they had, and in what was below the older one, too.

    Nobody gets more than they had: a role for all below is not one for all below the successor.
    """
    children = session.scalars(select(OrganisationRecord).where(OrganisationRecord.above_id == old.id)).all()
    numbers = select(MembershipRecord.account_id).where(MembershipRecord.organisation_id == old.id).distinct()
    for account in session.scalars(
        select(AccountRecord).where(AccountRecord.id.in_(numbers)).order_by(AccountRecord.id)
    ):
        held = [each for each in account.memberships if each.organisation_id == old.id]
        roles = {Role(each.role) for each in held}
        covering = {Role(each.role) for each in held if each.covers_below}
        _add_roles(session, installation, new, account, roles, covers_below=False)
        for child in children if covering else ():
            _add_roles(session, installation, child, account, covering, covers_below=True)
        for membership in held:
            account.memberships.remove(membership)
            session.delete(membership)
            leave_line(
                session, installation, Action.ROLE_TAKEN, account.id, organisation=old, role=str(membership.role)
            )
    session.flush()


def _add_roles(
    session: Session,
    installation: Installation,
    organisation: OrganisationRecord,
    account: AccountRecord,
    roles: set[Role],
    *,
    covers_below: bool,
) -> None:
    there = [each for each in account.memberships if each.organisation_id == organisation.id]
    wanted = roles | {Role(each.role) for each in there}
    covers = covers_below or any(each.covers_below for each in there)
    set_roles(session, installation, organisation, account, wanted, covers_below=covers)


def _open_invitations(organisation: OrganisationRecord) -> tuple[ColumnElement[bool], ...]:
    return (
        InvitationRecord.organisation_id == organisation.id,
        InvitationRecord.accepted_at.is_(None),
        InvitationRecord.withdrawn_at.is_(None),
    )
