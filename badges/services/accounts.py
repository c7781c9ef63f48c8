"""Accounts of those who award: signing in with a password or a one-time link."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from functools import cache
from string import digits
from typing import Final
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.errors import GoneError, InvalidInputError, NotAllowedError, NotFoundError
from badges.services.context import Installation
from badges.services.links import LinkPurpose
from badges.services.notices import queue_sign_in_mail
from badges.standards.identity import normalise_email
from badges.storage.records import AccountRecord, MembershipRecord, OrganisationRecord, SignInLinkRecord
from badges.vocab.people import ROLE_PERMISSIONS, Permission, Role

LINK_LIFETIME_MINUTES: Final = 30
TERMINAL_LINK_LIFETIME: Final = timedelta(days=2)
CODE_TRIES: Final = 5
PASSWORD_MIN: Final = 12
PASSWORD_MAX: Final = 200
_HASHER: Final = PasswordHasher()


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


def check_password(session: Session, email: str, password: str) -> AccountRecord:
    """Return the account. Raises NotAllowedError, the same for a wrong address and a wrong password."""
    account = find_account(session, email)
    stored = account.password_hash if account and account.password_hash else None
    try:
        matches = _HASHER.verify(stored or _nobody_hash(), password[:PASSWORD_MAX]) and stored is not None
    except (VerificationError, InvalidHashError):
        matches = False
    if account is None or not matches:
        raise NotAllowedError(
            "The e-mail address or the password is not right. You can also ask for a sign-in link by e-mail."
        )
    return account


@cache
def _nobody_hash() -> str:
    """Return what is compared against when there is no such account, so that the answer takes as long."""
    return _HASHER.hash("nobody has this password")


def set_password(installation: Installation, account: AccountRecord, password: str) -> None:
    """Set a password and end every session of this account. Raises InvalidInputError."""
    if len(password) < PASSWORD_MIN:
        raise InvalidInputError(
            "Use at least %(least)s characters. Three or four words that only you would put together do well.",
            field="password",
            least=PASSWORD_MIN,
        )
    if len(password) > PASSWORD_MAX:
        raise InvalidInputError("Use at most %(most)s characters.", field="password", most=PASSWORD_MAX)
    if account.email.split("@")[0] in password.lower() or len(set(password)) < 5:
        raise InvalidInputError(
            "This password is too easy to guess. Choose words that are not your name or a pattern.",
            field="password",
        )
    account.password_hash = _HASHER.hash(password)
    account.session_key = installation.random.token(16)


def create_sign_in_link(
    session: Session, installation: Installation, account: AccountRecord, browser_mark: str | None
) -> SignInLinkRecord:
    """Make a one-time link.

    browser_mark: a secret kept in the browser that asks; only that browser can use the link. None, for a link
    that is shown in the terminal: any browser can.
    """
    now = installation.clock()
    link = SignInLinkRecord(
        id=installation.random.uuid(),
        account_id=account.id,
        account=account,
        browser_hash=_hash(browser_mark) if browser_mark else None,
        failures=0,
        created_at=now,
        expires_at=now + (timedelta(minutes=LINK_LIFETIME_MINUTES) if browser_mark else TERMINAL_LINK_LIFETIME),
    )
    session.add(link)
    session.flush()
    return link


def mail_sign_in_link(session: Session, installation: Installation, email: str, browser_mark: str) -> UUID:
    """Queue a mail with a one-time link when the address has an account.

    Returns the link's number, or a random one when there is no account: the answer tells nobody who has one.
    """
    account = find_account(session, email)
    if account is None:
        return installation.random.uuid()
    link = create_sign_in_link(session, installation, account, browser_mark)
    queue_sign_in_mail(session, installation, link)
    return link.id


def sign_in_url(installation: Installation, link: SignInLinkRecord) -> str:
    """Return the address of a one-time link."""
    token = installation.links.token(LinkPurpose.SIGN_IN, link.id)
    return installation.addresses.url("sign_in_link", token=token)


def account_of_link(session: Session, installation: Installation, token: str) -> AccountRecord:
    """Return whom a one-time link would sign in, without using it up. Raises as `use_sign_in_link`."""
    return _usable_link(session, installation, token).account


def use_sign_in_link(
    session: Session, installation: Installation, token: str, browser_mark: str | None
) -> AccountRecord:
    """Use a one-time link up and return its account.

    Raises NotFoundError when it is none of ours, GoneError when it was used or has run out, NotAllowedError when
    another browser asked for it: then the code in the mail is typed there.
    """
    link = _usable_link(session, installation, token, lock=True)
    if link.browser_hash is not None and not hmac.compare_digest(link.browser_hash, _hash(browser_mark or "")):
        raise NotAllowedError(
            "This link was asked for in another browser. Go back to that browser and type the code from the mail, "
            "or ask for a new link here."
        )
    link.used_at = installation.clock()
    return link.account


def _usable_link(session: Session, installation: Installation, token: str, *, lock: bool = False) -> SignInLinkRecord:
    link_id = installation.links.read(LinkPurpose.SIGN_IN, token)
    locking = {"of": SignInLinkRecord} if lock else None
    link = session.get(SignInLinkRecord, link_id, with_for_update=locking) if link_id else None
    if link is None:
        raise NotFoundError(
            "This sign-in link is not complete. Copy the whole link from the mail, or ask for a new one."
        )
    _require_usable(installation, link)
    return link


def use_sign_in_code(
    session: Session, installation: Installation, link_id: UUID, code: str, browser_mark: str
) -> AccountRecord | None:
    """Use a link up by its code, typed in the browser that asked. Returns None for a wrong code, which is counted.

    Raises GoneError when the link was used, has run out, or had too many wrong codes.
    """
    link = session.get(SignInLinkRecord, link_id, with_for_update={"of": SignInLinkRecord})
    if link is None:
        return None
    _require_usable(installation, link)
    typed = "".join(sign for sign in code if sign in digits)
    if link.browser_hash != _hash(browser_mark) or not hmac.compare_digest(
        typed, installation.links.code(LinkPurpose.SIGN_IN, link.id)
    ):
        link.failures += 1
        return None
    link.used_at = installation.clock()
    return link.account


def _require_usable(installation: Installation, link: SignInLinkRecord) -> None:
    if link.used_at is not None:
        raise GoneError("This sign-in link was used before. Ask for a new one.")
    if link.expires_at <= installation.clock() or link.failures >= CODE_TRIES or not link.account.is_active:
        raise GoneError("This sign-in link has run out. Ask for a new one.")


def _hash(mark: str) -> str:
    return hashlib.sha256(mark.encode()).hexdigest()
