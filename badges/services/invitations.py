"""Invitations by mail: made, sent again, withdrawn, accepted.

A link alone accepts nothing, because mail programs open links: a person types the code from the mail. And it signs
nobody in to an account that is there already, because mails are forwarded: its owner signs in as always, then accepts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badges.errors import ConflictError, GoneError, InvalidInputError, NotAllowedError, NotFoundError
from badges.services.accounts import add_account, find_account
from badges.services.audit import leave_line
from badges.services.coded_links import is_right_code, link_code, link_token, read_link
from badges.services.context import Installation
from badges.services.links import LinkPurpose
from badges.services.notices import queue_invitation_mail
from badges.services.organisations import create_organisation
from badges.services.people import checked_roles, set_roles
from badges.standards.identity import normalise_email
from badges.storage.records import AccountRecord, InvitationRecord, OrganisationRecord
from badges.vocab.audit import Action
from badges.vocab.people import Role
from badges.vocab.profile import OrganisationKind
from badges.wording import Wording, say

LIFETIME: Final = timedelta(days=14)
OPEN_MOST: Final = 200
_WINDOW: Final = timedelta(hours=1)
_IN_WINDOW: Final = 100


def invite(
    session: Session,
    installation: Installation,
    organisation: OrganisationRecord,
    email: str,
    roles: Collection[str],
    *,
    covers_below: bool = False,
    invited_by_id: int | None = None,
) -> InvitationRecord:
    """Invite an address, whether it has an account or not. An open invitation of the same address is replaced.

    Raises InvalidInputError with the field; ConflictError when it has all these roles already, or too many were sent.
    """
    if organisation.merged_into_id is not None:
        raise ConflictError(
            "%(name)s has become a part of another organisation. Invite them there.", name=organisation.name
        )
    chosen = checked_roles(roles)
    address = _checked_address(email)
    _refuse_too_many(session, installation, organisation)
    account = find_account(session, address)
    held = {each.role for each in account.memberships if each.organisation_id == organisation.id} if account else set()
    if account is not None and held >= {role.value for role in chosen}:
        raise InvalidInputError("%(email)s is that here already.", field="email", email=address)
    for earlier in list_open(session, installation, organisation):
        if earlier.email == address:
            withdraw_invitation(session, installation, earlier)
    now = installation.clock()
    record = InvitationRecord(
        id=installation.random.uuid(),
        organisation=organisation,
        email=address,
        roles=[role.value for role in chosen],
        covers_below=covers_below,
        round=1,
        failures=0,
        invited_by_id=invited_by_id,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    session.add(record)
    session.flush()
    leave_line(session, installation, Action.INVITED, record.id, organisation=organisation, roles=list(record.roles))
    queue_invitation_mail(session, installation, record)
    return record


def invite_organisation(
    session: Session,
    installation: Installation,
    name: str,
    email: str,
    *,
    kind: OrganisationKind = OrganisationKind.SERVICE,
    above: OrganisationRecord | None = None,
    slug: str = "",
    invited_by_id: int | None = None,
) -> OrganisationRecord:
    """Add an organisation and invite its first owner, who is led through the rest.

    email: of the owner; the organisation's public contact too, until they choose another.

    Raises InvalidInputError with the field, ConflictError when its short name is taken.
    """
    made = create_organisation(
        session,
        installation,
        name=name,
        url="",
        email=_checked_address(email),
        description="",
        slug=slug,
        kind=kind,
        above=above,
        is_set_up=False,
    )
    invite(session, installation, made, email, [Role.OWNER.value], invited_by_id=invited_by_id)
    return made


def list_open(
    session: Session, installation: Installation, organisation: OrganisationRecord
) -> Sequence[InvitationRecord]:
    """Return the invitations that nobody has answered yet, also those that ran out in the last month, newest first."""
    query = select(InvitationRecord).where(
        InvitationRecord.organisation_id == organisation.id,
        InvitationRecord.accepted_at.is_(None),
        InvitationRecord.withdrawn_at.is_(None),
        InvitationRecord.expires_at > installation.clock() - timedelta(days=30),
    )
    return session.scalars(query.order_by(InvitationRecord.created_at.desc()).limit(OPEN_MOST)).all()


def find_invitation(session: Session, organisation: OrganisationRecord, invitation_id: UUID) -> InvitationRecord:
    """Return an invitation of an organisation. Raises NotFoundError."""
    record = session.get(InvitationRecord, invitation_id)
    if record is None or record.organisation_id != organisation.id:
        raise NotFoundError("There is no such invitation here.")
    return record


def send_again(session: Session, installation: Installation, record: InvitationRecord) -> None:
    """Send an invitation once more, with a new link and a new code; the ones before open nothing any more.

    Raises ConflictError when it was answered or withdrawn.
    """
    if record.accepted_at or record.withdrawn_at:
        raise ConflictError("This invitation is not open any more. Invite them anew.")
    _refuse_too_many(session, installation, record.organisation)
    record.round, record.failures = record.round + 1, 0
    record.expires_at = installation.clock() + LIFETIME
    leave_line(session, installation, Action.INVITED_AGAIN, record.id, organisation=record.organisation)
    queue_invitation_mail(session, installation, record)


def withdraw_invitation(session: Session, installation: Installation, record: InvitationRecord) -> None:
    """Withdraw an invitation. Safe to repeat. Raises ConflictError when it was accepted."""
    if record.accepted_at is not None:
        raise ConflictError("This invitation was accepted already. Take the roles away instead.")
    if record.withdrawn_at is None:
        record.withdrawn_at = installation.clock()
        leave_line(session, installation, Action.INVITATION_WITHDRAWN, record.id, organisation=record.organisation)


def invitation_url(installation: Installation, record: InvitationRecord) -> str:
    """Return the address of an invitation, as it is in the newest mail."""
    return installation.addresses.url("invitation", token=link_token(installation, LinkPurpose.INVITATION, record))


def invitation_code(installation: Installation, record: InvitationRecord) -> str:
    """Return the code in the newest mail."""
    return link_code(installation, LinkPurpose.INVITATION, record)


def open_invitation(
    session: Session, installation: Installation, token: str, *, lock: bool = False
) -> InvitationRecord:
    """Return the invitation that a link opens.

    Raises NotFoundError for what is no link of ours, or one of an earlier mail; GoneError when it was accepted,
    withdrawn, or has run out, saying how to get another.
    """
    invitation_id = read_link(
        installation, LinkPurpose.INVITATION, token, lambda number: session.get(InvitationRecord, number)
    )
    if invitation_id is None:
        raise NotFoundError(
            "This invitation is not complete, or a newer one was sent since. Copy the whole link from the newest mail."
        )
    record = session.get_one(
        InvitationRecord, invitation_id, with_for_update={"of": InvitationRecord} if lock else None
    )
    ask = {"organisation": record.organisation.name, "email": record.organisation.email}
    if record.withdrawn_at is not None:
        raise GoneError("%(organisation)s has withdrawn this invitation. To get another, ask %(email)s.", **ask)
    if record.accepted_at is not None:
        raise GoneError("This invitation was accepted already. Sign in with the address that it was sent to.")
    if record.expires_at <= installation.clock():
        raise GoneError("This invitation has run out. To get another, ask %(organisation)s: %(email)s.", **ask)
    return record


def accept(
    session: Session, installation: Installation, token: str, *, code: str, signed_in: AccountRecord | None
) -> tuple[InvitationRecord, AccountRecord] | None:
    """Accept an invitation and give the roles. Returns it with its account; None for a wrong code, which is counted.

    signed_in: who accepts, when the address has an account already; the code is not asked for then.

    Raises as `open_invitation`; NotAllowedError when somebody else is signed in, when the address has an account and
    nobody is, or after too many wrong codes.
    """
    record = open_invitation(session, installation, token, lock=True)
    account = find_account(session, record.email)
    if account is not None:
        if signed_in is None or signed_in.id != account.id:
            raise NotAllowedError("Sign in as %(email)s first, then accept.", email=record.email)
    elif not is_right_code(installation, LinkPurpose.INVITATION, record, code, too_many=_too_many_codes(record)):
        return None
    else:
        account = add_account(session, installation, record.email)
    record.accepted_at = installation.clock()
    leave_line(session, installation, Action.INVITATION_ACCEPTED, record.id, organisation=record.organisation)
    held = {Role(each.role) for each in account.memberships if each.organisation_id == record.organisation_id}
    roles = held | {Role(role) for role in record.roles}
    set_roles(session, installation, record.organisation, account, roles, covers_below=record.covers_below)
    return record, account


def _too_many_codes(record: InvitationRecord) -> Wording:
    return say(
        "Too many wrong codes were typed for this invitation. Ask %(email)s to send it again.",
        email=record.organisation.email,
    )


def _checked_address(email: str) -> str:
    try:
        return normalise_email(email)
    except InvalidInputError as problem:
        raise InvalidInputError(problem.message, field="email") from problem


def _refuse_too_many(session: Session, installation: Installation, organisation: OrganisationRecord) -> None:
    """Refuse more invitations than an organisation needs: nobody uses us to fill mailboxes."""
    since = installation.clock() - _WINDOW
    sent = session.scalar(
        select(func.count())
        .select_from(InvitationRecord)
        .where(InvitationRecord.organisation_id == organisation.id, InvitationRecord.created_at > since)
    )
    if (sent or 0) >= _IN_WINDOW:
        raise ConflictError("Too many invitations were sent within the hour. Go on in an hour.")
