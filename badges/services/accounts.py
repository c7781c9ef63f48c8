"""Accounts of those who award, and what they may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from badges.errors import InvalidInputError
from badges.services.audit import leave_line
from badges.services.context import Installation
from badges.standards.identity import normalise_email
from badges.storage.records import AccountRecord, MembershipRecord, OrganisationRecord
from badges.vocab.audit import Action
from badges.vocab.people import ROLE_PERMISSIONS, Permission, Role


def add_account(session: Session, installation: Installation, email: str) -> AccountRecord:
    """Make an account without any role. Raises InvalidInputError when the address is none."""
    account = AccountRecord(
        email=normalise_email(email),
        is_active=True,
        created_at=installation.clock(),
    )
    session.add(account)
    session.flush()
    leave_line(session, installation, Action.ACCOUNT_ADDED, account.id)
    return account


def create_account(
    session: Session, installation: Installation, email: str, organisation: OrganisationRecord, role: Role
) -> AccountRecord:
    """Make an account with one role. Raises InvalidInputError when the address is none."""
    account = add_account(session, installation, email)
    account.memberships.append(
        MembershipRecord(account_id=account.id, organisation_id=organisation.id, organisation=organisation, role=role)
    )
    session.flush()
    leave_line(session, installation, Action.ROLE_GIVEN, account.id, organisation=organisation, role=role.value)
    return account


def find_account(session: Session, email: str) -> AccountRecord | None:
    """Return the account of this address, in whatever case it is typed."""
    try:
        normalised = normalise_email(email)
    except InvalidInputError:
        return None
    return session.scalar(select(AccountRecord).where(AccountRecord.email == normalised, AccountRecord.is_active))


@dataclass(frozen=True, slots=True)
class Grants:
    """What an account may do where: permissions by the number of the organisation, in the order of their names."""

    by_organisation: Mapping[int, frozenset[Permission]] = field(default_factory=dict)

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the account may do somewhere."""
        return frozenset({Permission.PUBLIC, Permission.SIGNED_IN}).union(*self.by_organisation.values())

    def organisation_ids(self, permission: Permission) -> list[int]:
        """Return the organisations in which the account may do this."""
        return [number for number, granted in self.by_organisation.items() if permission in granted]

    def allows(self, permission: Permission, organisation_id: int) -> bool:
        """Return whether the account may do this there."""
        return permission in self.by_organisation.get(organisation_id, frozenset())


def grants_of(session: Session, account: AccountRecord) -> Grants:
    """Return what an account may do where. A role that covers what is below is one in all organisations there."""
    held = (
        select(MembershipRecord.organisation_id, MembershipRecord.role, MembershipRecord.covers_below)
        .where(MembershipRecord.account_id == account.id)
        .cte("held", recursive=True)
    )
    # What has become a part of another organisation is looked after by those who look after that.
    below = select(OrganisationRecord.id, held.c.role, held.c.covers_below).where(
        or_(
            and_(OrganisationRecord.above_id == held.c.organisation_id, held.c.covers_below),
            OrganisationRecord.merged_into_id == held.c.organisation_id,
        )
    )
    held = held.union(below)
    rows = session.execute(
        select(held.c.organisation_id, held.c.role)
        .join(OrganisationRecord, OrganisationRecord.id == held.c.organisation_id)
        .order_by(OrganisationRecord.name, OrganisationRecord.id)
    )
    granted: dict[int, frozenset[Permission]] = {}
    for number, role in rows:
        granted[number] = granted.get(number, frozenset()) | ROLE_PERMISSIONS[Role(role)]
    return Grants(granted)
