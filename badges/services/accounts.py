"""Accounts of those who award, and what they may do."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.errors import InvalidInputError
from badges.services.context import Installation
from badges.standards.identity import normalise_email
from badges.storage.records import AccountRecord, MembershipRecord, OrganisationRecord
from badges.vocab.people import ROLE_PERMISSIONS, Permission, Role


def create_account(
    session: Session, installation: Installation, email: str, organisation: OrganisationRecord, role: Role
) -> AccountRecord:
    """Make an account with one role. Raises InvalidInputError when the address is none."""
    account = AccountRecord(
        email=normalise_email(email),
        is_active=True,
        session_key=installation.random.token(16),
        created_at=installation.clock(),
    )
    session.add(account)
    session.flush()
    account.memberships.append(
        MembershipRecord(account_id=account.id, organisation_id=organisation.id, organisation=organisation, role=role)
    )
    session.flush()
    return account


def find_account(session: Session, email: str) -> AccountRecord | None:
    """Return the account of this address, in whatever case it is typed."""
    try:
        normalised = normalise_email(email)
    except InvalidInputError:
        return None
    return session.scalar(select(AccountRecord).where(AccountRecord.email == normalised, AccountRecord.is_active))


def account_of_session(session: Session, session_key: str) -> AccountRecord | None:
    """Return whose session this is, or None when it was ended."""
    return session.scalar(
        select(AccountRecord).where(AccountRecord.session_key == session_key, AccountRecord.is_active)
    )


def permissions_of(account: AccountRecord) -> frozenset[Permission]:
    """Return what an account may do somewhere."""
    granted = {Permission.PUBLIC, Permission.SIGNED_IN}
    for membership in account.memberships:
        granted |= ROLE_PERMISSIONS[Role(membership.role)]
    return frozenset(granted)


def organisations_of(account: AccountRecord, permission: Permission) -> list[OrganisationRecord]:
    """Return the organisations in which an account may do this."""
    return [
        membership.organisation
        for membership in account.memberships
        if permission in ROLE_PERMISSIONS[Role(membership.role)]
    ]
