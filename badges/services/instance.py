"""Making an instance: organisation, keys, starter pack, first account. Safe to repeat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.services.accounts import create_account, create_sign_in_link, sign_in_url
from badges.services.achievements import adopt_starter_pack
from badges.services.context import Installation
from badges.services.facts import require_base_url
from badges.services.organisations import create_organisation, list_organisations
from badges.storage.records import AccountRecord, SignInLinkRecord
from badges.vocab.people import Role

DEFAULT_ORGANISATION: Final = "Anytown Hospitals Library"
DEFAULT_ADMIN_EMAIL: Final = "librarian@example.org"
_DESCRIPTION: Final = (
    "We find evidence for decisions, teach how to search for it, and bring knowledge to teams. "
    "Ask us before you decide."
)


@dataclass(frozen=True, slots=True)
class Made:
    """What making the instance did. All counts are 0 when it was there already."""

    organisation: str
    admin_email: str
    organisations_made: int
    classes_made: int
    accounts_made: int


def make_instance(
    session: Session, installation: Installation, *, organisation: str | None, admin_email: str | None
) -> Made:
    """Make what is missing and leave what is there. Raises ConfigurationError, InvalidInputError."""
    require_base_url(session, installation)
    organisations = list_organisations(session)
    email = admin_email or DEFAULT_ADMIN_EMAIL
    made_organisation = not organisations
    if made_organisation:
        home = create_organisation(
            session,
            installation,
            name=organisation or DEFAULT_ORGANISATION,
            url=installation.addresses.base_url + "/",
            email=email,
            description=_DESCRIPTION,
        )
        classes_made = adopt_starter_pack(session, installation, home)
    else:
        home, classes_made = organisations[0], 0
    account = session.scalars(select(AccountRecord).order_by(AccountRecord.id).limit(1)).one_or_none()
    made_account = account is None
    if account is None:
        account = create_account(session, installation, email, home, Role.OWNER)
    return Made(home.name, account.email, int(made_organisation), classes_made, int(made_account))


def first_sign_in_url(session: Session, installation: Installation) -> str | None:
    """Return a one-time link for the first account while nobody has signed in, or None afterwards.

    The same link is given again until it runs out, so that starting the service twice changes nothing.
    """
    account = session.scalars(select(AccountRecord).order_by(AccountRecord.id).limit(1)).one_or_none()
    if account is None or account.password_hash is not None:
        return None
    links = session.scalars(
        select(SignInLinkRecord)
        .where(SignInLinkRecord.account_id == account.id)
        .order_by(SignInLinkRecord.created_at.desc())
    ).all()
    if any(link.used_at for link in links):
        return None
    for link in links:
        if link.browser_hash is None and link.expires_at > installation.clock():
            return sign_in_url(installation, link)
    return sign_in_url(installation, create_sign_in_link(session, installation, account, None))
