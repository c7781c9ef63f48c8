"""Who is what in an organisation: roles given and taken. There is always an owner."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badges.errors import ConflictError, InvalidInputError, NotFoundError
from badges.services.audit import leave_line
from badges.services.context import Installation
from badges.services.locks import lock_organisations
from badges.storage.records import AccountRecord, MembershipRecord, OrganisationRecord
from badges.vocab.audit import Action
from badges.vocab.people import Role

PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with roles in an organisation. covers_below: whether they have them in all below it, too."""

    account: AccountRecord
    roles: tuple[Role, ...]
    covers_below: bool


@dataclass(frozen=True, slots=True)
class MemberPage:
    """Some of the people of an organisation. total: of all."""

    members: Sequence[Member]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


def checked_roles(names: Collection[str]) -> list[Role]:
    """Return the roles of these names, each once, in their usual order. Raises InvalidInputError."""
    unknown = [name for name in names if name not in list(Role)]
    if unknown or not names:
        raise InvalidInputError("Choose what they may do: %(known)s.", field="roles", known=", ".join(Role))
    return [role for role in Role if role in names]


def list_members(session: Session, organisation: OrganisationRecord, *, page: int = 1, words: str = "") -> MemberPage:
    """Return the people who have a role in an organisation itself, by address."""
    accounts = (
        select(AccountRecord)
        .where(
            AccountRecord.id.in_(
                select(MembershipRecord.account_id).where(MembershipRecord.organisation_id == organisation.id)
            )
        )
        .order_by(AccountRecord.email)
    )
    if words:
        accounts = accounts.where(AccountRecord.email.contains(words.lower(), autoescape=True))
    total = session.scalar(select(func.count()).select_from(accounts.subquery())) or 0
    page = min(max(page, 1), max(1, -(-total // PAGE_SIZE)))
    found = session.scalars(accounts.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    return MemberPage([_member(account, organisation) for account in found], total, page)


def find_member(session: Session, organisation: OrganisationRecord, account_id: int) -> Member:
    """Return one of them. Raises NotFoundError."""
    account = session.get(AccountRecord, account_id)
    member = _member(account, organisation) if account else None
    if member is None or not member.roles:
        raise NotFoundError("There is nobody with this number here.")
    return member


def _member(account: AccountRecord, organisation: OrganisationRecord) -> Member:
    held = [each for each in account.memberships if each.organisation_id == organisation.id]
    roles = tuple(role for role in Role if role in {each.role for each in held})
    return Member(account, roles, any(each.covers_below for each in held))


def set_roles(
    session: Session,
    installation: Installation,
    organisation: OrganisationRecord,
    account: AccountRecord,
    roles: Collection[Role],
    *,
    covers_below: bool = False,
) -> None:
    """Let somebody have exactly these roles in an organisation; none takes them out of it.

    Of two owners who leave at the same moment, the second is refused.

    Raises ConflictError when nobody would be left who owns the organisation.
    """
    lock_organisations(session, [organisation.id])
    session.refresh(account, ["memberships"])
    held = {Role(each.role): each for each in account.memberships if each.organisation_id == organisation.id}
    if Role.OWNER in held and Role.OWNER not in roles:
        _require_other_owner(session, organisation, account)
    for role, membership in held.items():
        if role not in roles:
            account.memberships.remove(membership)
            session.delete(membership)
            leave_line(session, installation, Action.ROLE_TAKEN, account.id, organisation=organisation, role=role.value)
        elif membership.covers_below != covers_below:
            membership.covers_below = covers_below
            _note_given(session, installation, organisation, account, role, covers_below)
    for role in roles:
        if role not in held:
            account.memberships.append(
                MembershipRecord(
                    account_id=account.id,
                    organisation_id=organisation.id,
                    organisation=organisation,
                    role=role,
                    covers_below=covers_below,
                )
            )
            _note_given(session, installation, organisation, account, role, covers_below)
    session.flush()


def _note_given(
    session: Session,
    installation: Installation,
    organisation: OrganisationRecord,
    account: AccountRecord,
    role: Role,
    covers_below: bool,
) -> None:
    leave_line(
        session,
        installation,
        Action.ROLE_GIVEN,
        account.id,
        organisation=organisation,
        role=role.value,
        covers_below=covers_below,
    )


def _require_other_owner(session: Session, organisation: OrganisationRecord, account: AccountRecord) -> None:
    others = session.scalar(
        select(func.count())
        .select_from(MembershipRecord)
        .join(AccountRecord, AccountRecord.id == MembershipRecord.account_id)
        .where(
            MembershipRecord.organisation_id == organisation.id,
            MembershipRecord.role == Role.OWNER,
            MembershipRecord.account_id != account.id,
            AccountRecord.is_active,
        )
    )
    if not others:
        raise ConflictError(
            "%(name)s needs an owner, and this is the last one. Make somebody else an owner first.",
            name=organisation.name,
        )
