"""Making an instance: organisation, keys, starter pack, first account. Safe to repeat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.errors import ConflictError
from badges.keyring import key_folder
from badges.services.accounts import create_account
from badges.services.audit import leave_line
from badges.services.context import Installation
from badges.services.facts import fixed_base_url, require_base_url
from badges.services.organisations import (
    create_organisation,
    first_organisation,
    list_organisations,
    rename_organisation,
)
from badges.services.pack_adopting import adopt_starter_pack
from badges.services.signing_in import create_sign_in_link, sign_in_url
from badges.services.signing_keys import create_missing_keys
from badges.standards.identity import normalise_email
from badges.storage.records import AccountRecord, OrganisationRecord, SignInLinkRecord
from badges.vocab.audit import Action
from badges.vocab.people import Role

DEFAULT_ORGANISATION: Final = "Anytown Hospitals Library"
DEFAULT_ADMIN_EMAIL: Final = "librarian@example.org"
_DESCRIPTION: Final = (
    "We find evidence for decisions, teach how to search for it, and bring knowledge to teams. "
    "Ask us before you decide."
)


@dataclass(frozen=True, slots=True)
class Made:
    """What making the instance did. The counts are 0 when it was there already; changes says what was changed."""

    organisation: str
    admin_email: str
    organisations_made: int
    classes_made: int
    changes: tuple[str, ...] = ()


def prepare_folders(installation: Installation) -> None:
    """Make the folders of keys and secrets of a new instance; what is there stays. Raises UnavailableError."""
    key_folder(installation.settings).prepare()
    installation.secrets.prepare()


def make_instance(
    session: Session, installation: Installation, *, organisation: str | None, admin_email: str | None
) -> Made:
    """Make what is missing, keys too, and leave what is there.

    Until the first award, the name of the only organisation and the address of an admin who never signed in can
    still be changed; afterwards they stay.

    Raises ConfigurationError, InvalidInputError; ConflictError when a name or address cannot be changed any more.
    """
    require_base_url(session, installation)
    there = list_organisations(session)
    for owner in (None, *there):
        create_missing_keys(session, installation, owner)
    if not there:
        return _make(session, installation, organisation or DEFAULT_ORGANISATION, admin_email or DEFAULT_ADMIN_EMAIL)
    home, account = first_organisation(session) or there[0], _first_account(session)
    changes = [
        *(_rename(session, installation, home, organisation) if organisation else ()),
        *(_readdress(session, installation, home, account, admin_email) if admin_email else ()),
    ]
    return Made(home.name, account.email, 0, 0, tuple(changes))


def _make(session: Session, installation: Installation, name: str, email: str) -> Made:
    home = create_organisation(session, installation, name=name, url="", email=email, description=_DESCRIPTION)
    classes_made = adopt_starter_pack(session, installation, home)
    account = create_account(session, installation, email, home, Role.OWNER)
    return Made(home.name, account.email, 1, classes_made)


def _rename(session: Session, installation: Installation, home: OrganisationRecord, name: str) -> list[str]:
    if name.strip() == home.name:
        return []
    if fixed_base_url(session) is not None or len(list_organisations(session)) > 1:
        raise ConflictError(
            'The organisation is called "%(old)s" and has awarded badges, so it cannot become "%(new)s" here.',
            old=home.name,
            new=name,
        )
    rename_organisation(session, installation, home, name)
    return [f"the organisation is now {home.name}"]


def _readdress(
    session: Session, installation: Installation, home: OrganisationRecord, account: AccountRecord, email: str
) -> list[str]:
    address = normalise_email(email)
    if address == account.email:
        return []
    if _has_signed_in(account):
        raise ConflictError("%(old)s has signed in here already, so the first admin stays.", old=account.email)
    if home.email == account.email and fixed_base_url(session) is None:
        home.email = address
    account.email = address
    leave_line(session, installation, Action.ACCOUNT_CHANGED, account.id, organisation=home, what="address")
    return [f"the first admin is now {address}"]


def first_sign_in_url(session: Session, installation: Installation) -> str | None:
    """Return a one-time link for the first account while nobody has signed in, or None afterwards.

    The same link is given again until it runs out, so that starting the service twice changes nothing.
    """
    account = _first_account(session)
    if _has_signed_in(account):
        return None
    link = session.scalars(
        select(SignInLinkRecord)
        .where(
            SignInLinkRecord.account_id == account.id,
            SignInLinkRecord.browser_hash.is_(None),
            SignInLinkRecord.expires_at > installation.clock(),
        )
        .order_by(SignInLinkRecord.created_at.desc())
        .limit(1)
    ).one_or_none()
    return sign_in_url(installation, link or create_sign_in_link(session, installation, account, None))


def _first_account(session: Session) -> AccountRecord:
    return session.scalars(select(AccountRecord).order_by(AccountRecord.id).limit(1)).one()


def _has_signed_in(account: AccountRecord) -> bool:
    return account.has_signed_in or account.password_hash is not None
