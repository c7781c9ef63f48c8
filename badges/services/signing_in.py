"""Signing in: a password, or a one-time link with a code. Wrong tries are counted for the account."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from datetime import datetime, timedelta
from functools import cache
from string import digits
from typing import Final
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from zxcvbn import zxcvbn

from badges.errors import GoneError, InvalidInputError, NotAllowedError, NotFoundError
from badges.services.accounts import find_account
from badges.services.audit import leave_line
from badges.services.context import Installation
from badges.services.links import LinkPurpose
from badges.services.notices import queue_sign_in_mail
from badges.services.sessions import end_sessions
from badges.storage.records import AccountRecord, SignInLinkRecord
from badges.vocab.audit import Action

LINK_LIFETIME_MINUTES: Final = 30
TERMINAL_LINK_LIFETIME: Final = timedelta(days=2)
CODE_TRIES: Final = 5
GUESS_WINDOW: Final = timedelta(hours=1)
GUESSES_IN_WINDOW: Final = 10
LINKS_IN_WINDOW: Final = 10
PASSWORD_MIN: Final = 12
PASSWORD_MAX: Final = 200
_LEAST_SCORE: Final = 3
_JUDGED: Final = 72
_HASHER: Final = PasswordHasher()


def check_password(session: Session, installation: Installation, email: str, password: str) -> AccountRecord | None:
    """Return the account; None, the same for a wrong address and a wrong password, which is counted.

    Raises NotAllowedError when there were too many wrong tries.
    """
    account = find_account(session, email)
    if account is not None:
        account = locked_account(session, account)
        require_guess(installation, account)
    stored = account.password_hash if account else None
    try:
        matches = _HASHER.verify(stored or _nobody_hash(), _plain(password)) and stored is not None
    except (VerificationError, InvalidHashError):
        matches = False
    if account is not None and not matches:
        count_wrong_guess(installation, account)
    return account if matches else None


@cache
def _nobody_hash() -> str:
    """Return what is compared against when there is no such account, so that the answer takes as long."""
    return _HASHER.hash("nobody has this password")


def set_password(session: Session, installation: Installation, account: AccountRecord, password: str) -> None:
    """Set a password; every session of this account ends, and its open links are used up. Raises InvalidInputError."""
    check_strength(password, account.email)
    account.password_hash = _HASHER.hash(_plain(password))
    leave_line(session, installation, Action.PASSWORD_SET, account.id)
    end_sessions(session, installation, account)
    session.execute(
        update(SignInLinkRecord)
        .where(SignInLinkRecord.account_id == account.id, SignInLinkRecord.used_at.is_(None))
        .values(used_at=installation.clock())
    )


def check_strength(password: str, email: str) -> None:
    """Refuse a password that is too short, that is in the lists of breached ones, or that is made of such.

    The lists come with zxcvbn: thirty thousand passwords, names and words, in any usual disguise.

    Raises InvalidInputError.
    """
    if len(password) < PASSWORD_MIN:
        raise InvalidInputError(
            "Use at least %(least)s characters. Three or four words that only you would put together do well.",
            field="password",
            least=PASSWORD_MIN,
        )
    if len(password) > PASSWORD_MAX:
        raise InvalidInputError("Use at most %(most)s characters.", field="password", most=PASSWORD_MAX)
    own = [part for part in re.split(r"[@.\-_+]", email) if len(part) > 2]
    found = zxcvbn(_plain(password)[:_JUDGED], user_inputs=[*own, "badges", "decisions"])
    if found["score"] < _LEAST_SCORE:
        raise InvalidInputError(
            "This password is too easy to guess: it is in lists of stolen passwords, or made of words, names and "
            "patterns that are. Choose three or four words that only you would put together.",
            field="password",
        )


def _plain(password: str) -> str:
    """Return the password as it is hashed: the same letters typed on different systems give the same text."""
    return unicodedata.normalize("NFKC", password)[:PASSWORD_MAX]


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
    leave_line(session, installation, Action.SIGN_IN_LINK_MADE, account.id, link=str(link.id))
    return link


def mail_sign_in_link(session: Session, installation: Installation, email: str, browser_mark: str) -> UUID:
    """Queue a mail with a one-time link when the address has an account.

    Returns the link's number, or a random one when there is no account, or too many links were asked for: the
    answer tells nobody who has an account, and nobody's mailbox can be filled.
    """
    account = find_account(session, email)
    if account is None or _links_since(session, account, installation.clock() - GUESS_WINDOW) >= LINKS_IN_WINDOW:
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
    link.account.has_signed_in = True
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

    Raises GoneError when the link was used, has run out, or had too many wrong codes; NotAllowedError when the
    account had: then the link in the mail still works.
    """
    link = session.get(SignInLinkRecord, link_id, with_for_update={"of": SignInLinkRecord})
    if link is None:
        return None
    _require_usable(installation, link)
    account = locked_account(session, link.account)
    require_guess(installation, account)
    typed = "".join(sign for sign in code if sign in digits)
    if link.browser_hash != _hash(browser_mark) or not hmac.compare_digest(
        typed, installation.links.code(LinkPurpose.SIGN_IN, link.id)
    ):
        link.failures += 1
        count_wrong_guess(installation, account)
        return None
    link.used_at = installation.clock()
    account.has_signed_in = True
    return account


def _require_usable(installation: Installation, link: SignInLinkRecord) -> None:
    if link.used_at is not None:
        raise GoneError("This sign-in link was used before. Ask for a new one.")
    if link.expires_at <= installation.clock() or link.failures >= CODE_TRIES or not link.account.is_active:
        raise GoneError("This sign-in link has run out. Ask for a new one.")


def _links_since(session: Session, account: AccountRecord, moment: datetime) -> int:
    query = select(func.count()).where(
        SignInLinkRecord.account_id == account.id,
        SignInLinkRecord.browser_hash.is_not(None),
        SignInLinkRecord.created_at > moment,
    )
    return session.scalar(query) or 0


def locked_account(session: Session, account: AccountRecord) -> AccountRecord:
    """Return the account as it is now, and let nobody else count for it until this transaction ends."""
    return session.scalars(
        select(AccountRecord)
        .where(AccountRecord.id == account.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def require_guess(installation: Installation, account: AccountRecord) -> None:
    """Raise NotAllowedError when too many wrong passwords or codes were typed for the account within the hour."""
    since = account.failures_since
    if since is not None and since > installation.clock() - GUESS_WINDOW and account.failures >= GUESSES_IN_WINDOW:
        raise NotAllowedError(
            "There were too many wrong tries. Open the link in the mail that we sent you, or wait an hour."
        )


def count_wrong_guess(installation: Installation, account: AccountRecord) -> None:
    now = installation.clock()
    if account.failures_since is None or account.failures_since <= now - GUESS_WINDOW:
        account.failures, account.failures_since = 0, now
    account.failures += 1


def _hash(mark: str) -> str:
    return hashlib.sha256(mark.encode()).hexdigest()
