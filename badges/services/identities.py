"""Work accounts: who somebody is at a provider, linked to their account here so that nobody else can take it over."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.errors import InvalidInputError, NotAllowedError, NotFoundError
from badges.services.accounts import find_account
from badges.services.audit import leave_line
from badges.services.context import Installation
from badges.services.providers import Claims
from badges.standards.identity import normalise_email
from badges.storage.records import AccountRecord, IdentityRecord, OrganisationRecord, ProviderRecord
from badges.vocab.audit import Action


def account_of_claims(
    session: Session, installation: Installation, provider: ProviderRecord, claims: Claims
) -> AccountRecord:
    """Return whose account a provider's word opens.

    Whoever was linked before is known by the provider's own number for them, whatever their address is now. At the
    first time an account is linked by its address only if all of this holds: the provider's organisation has named the
    address's ending; the provider says that the address was verified, or the organisation has said that its word is
    enough; the account has a role in that organisation; and it has none outside of it and of what is below it. So an
    organisation can say who its own people are, and nobody else's.

    Raises NotAllowedError, saying what to do.
    """
    known = _find(session, claims)
    if known is not None:
        account = session.get(AccountRecord, known.account_id)
        if account is None or not account.is_active:
            raise NotAllowedError("This account was closed.")
        return account
    account = _account_by_address(session, provider, claims)
    if account is None:
        raise NotAllowedError(
            "There is no account for you that %(name)s may open. If you have one, sign in another way and link it on "
            "your account page; else ask an owner of your organisation to invite you.",
            name=provider.name,
        )
    link(session, installation, account, claims)
    return account


def link(session: Session, installation: Installation, account: AccountRecord, claims: Claims) -> None:
    """Link a work account. Raises NotAllowedError when it is linked to somebody else."""
    known = _find(session, claims)
    if known is not None:
        if known.account_id != account.id:
            raise NotAllowedError("This work account is linked to another account here.")
        return
    session.add(
        IdentityRecord(
            account_id=account.id,
            issuer=claims.issuer,
            subject=claims.subject,
            linked_at=installation.clock(),
        )
    )
    session.flush()
    leave_line(session, installation, Action.IDENTITY_LINKED, account.id)


def list_identities(session: Session, account: AccountRecord) -> Sequence[IdentityRecord]:
    """Return the work accounts that are linked to an account."""
    return session.scalars(
        select(IdentityRecord).where(IdentityRecord.account_id == account.id).order_by(IdentityRecord.id)
    ).all()


def unlink(session: Session, installation: Installation, account: AccountRecord, identity_id: int) -> None:
    """Unlink a work account. Raises NotFoundError."""
    record = session.get(IdentityRecord, identity_id)
    if record is None or record.account_id != account.id:
        raise NotFoundError("This work account is not linked any more.")
    session.delete(record)
    leave_line(session, installation, Action.IDENTITY_UNLINKED, account.id)


def _find(session: Session, claims: Claims) -> IdentityRecord | None:
    return session.scalar(
        select(IdentityRecord).where(IdentityRecord.issuer == claims.issuer, IdentityRecord.subject == claims.subject)
    )


def _account_by_address(session: Session, provider: ProviderRecord, claims: Claims) -> AccountRecord | None:
    if not claims.email or not (claims.email_verified or provider.vouches):
        return None
    try:
        email = normalise_email(claims.email)
    except InvalidInputError:
        return None
    if email.rpartition("@")[2] not in provider.domains:
        return None
    account = find_account(session, email)
    if account is None or not account.memberships:
        return None
    its_own = _subtree(session, provider.organisation_id)
    held = {each.organisation_id for each in account.memberships}
    return account if provider.organisation_id in held and held <= its_own else None


def _subtree(session: Session, organisation_id: int) -> set[int]:
    """Return the numbers of an organisation and of all below it."""
    below = select(OrganisationRecord.id).where(OrganisationRecord.id == organisation_id).cte("below", recursive=True)
    below = below.union(select(OrganisationRecord.id).where(OrganisationRecord.above_id == below.c.id))
    return set(session.scalars(select(below.c.id)))
