"""What somebody outside answers to a request for an endorsement: yes, no, and later perhaps no longer.

A link alone decides nothing, because mail programs open links and send forms: a person types the code from the mail.
The endorser gets a profile and a key of its own here (`OrganisationKind.ENDORSER`), or signs with a key that it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.errors import ConflictError, GoneError, NotFoundError
from badges.services.audit import leave_line
from badges.services.coded_links import is_right_code, read_link
from badges.services.context import Installation
from badges.services.endorsement_asking import MESSAGE_MAX, endorsed_of, refuse_name_of_another
from badges.services.endorsements import (
    EndorsementRequest,
    SignedElsewhere,
    checked_comment,
    endorse,
    withdraw_endorsement,
)
from badges.services.evidence import checked_url
from badges.services.links import LinkPurpose
from badges.services.notices import queue_endorsement_mail
from badges.services.organisations import checked_organisation_name, create_organisation
from badges.services.typed_texts import checked_line, checked_paragraphs
from badges.standards.issuer_list import plain_name
from badges.storage.records import (
    EndorsementRecord,
    EndorsementRequestRecord,
    Notice,
    OrganisationRecord,
)
from badges.vocab.audit import Action
from badges.vocab.endorsement import EndorsedKind, WithdrawalReason
from badges.vocab.profile import OrganisationKind
from badges.wording import say

_LINE_MAX: Final = 120


@dataclass(frozen=True, slots=True)
class Given:
    """What an endorser typed. name, role: of the person. endorser_name, url: of whom they speak for.

    seen: the id of what they were shown.
    """

    code: str
    comment: str
    name: str
    role: str
    endorser_name: str
    url: str
    seen: str


def open_request(
    session: Session, installation: Installation, token: str, *, lock: bool = False
) -> EndorsementRequestRecord:
    """Return the request that a link opens, answered or not: what was given can be withdrawn by it.

    Raises NotFoundError for what is no link of ours, or one of an earlier mail; GoneError for one that was taken back,
    declined, or has run out.
    """
    request_id = read_link(
        installation, LinkPurpose.ENDORSEMENT, token, lambda number: session.get(EndorsementRequestRecord, number)
    )
    if request_id is None:
        raise NotFoundError("This link is not complete, or a newer mail was sent since. Copy the whole link from it.")
    record = session.get_one(
        EndorsementRequestRecord, request_id, with_for_update={"of": EndorsementRequestRecord} if lock else None
    )
    ask_whom = {"organisation": record.organisation.name, "email": record.organisation.email}
    if record.taken_back_at is not None:
        raise GoneError("%(organisation)s has taken this request back. You need do nothing.", **ask_whom)
    if record.declined_at is not None:
        raise GoneError("You have declined this. If you think otherwise now, tell %(organisation)s.", **ask_whom)
    if record.endorsement_id is None and record.expires_at <= installation.clock():
        raise GoneError("This request has run out. To get another, ask %(organisation)s: %(email)s.", **ask_whom)
    return record


def confirm_code(session: Session, installation: Installation, token: str, code: str) -> bool:
    """Whether a typed code is right, asked before anything is done that costs; a wrong one is counted.

    Raises as `open_request`; NotAllowedError after too many wrong codes.
    """
    return _is_right(installation, open_request(session, installation, token, lock=True), code)


def give(
    session: Session,
    installation: Installation,
    token: str,
    given: Given,
    *,
    signed_elsewhere: SignedElsewhere | None = None,
) -> EndorsementRecord | None:
    """Endorse. Returns the endorsement; None for a wrong code, which is counted.

    signed_elsewhere: the credential, signed and checked, of an endorser with a key of its own
    (`endorsement_outside.checked_upload`).

    Raises as `open_request` and `endorse`; InvalidInputError with the field; ConflictError when it was given already;
    NotAllowedError after too many wrong codes.
    """
    record = open_request(session, installation, token, lock=True)
    if record.endorsement_id is not None:
        raise ConflictError("You have endorsed this already.")
    name = checked_line(given.name, _LINE_MAX, field="name", needed=True)
    role = checked_line(given.role, _LINE_MAX, field="role", needed=True)
    comment = checked_comment(given.comment)
    url = checked_url(given.url.strip(), field="url")
    endorser_name = checked_organisation_name(given.endorser_name, field="endorser_name")
    refuse_name_of_another(session, endorser_name, field="endorser_name")
    if given.seen != endorsed_of(session, installation, record).id:
        raise ConflictError("There is a newer version of what you were shown. Open the link again, and look at it.")
    if not _is_right(installation, record, given.code):
        return None
    endorser = _endorser(session, installation, record, endorser_name, url)
    made = endorse(
        session,
        installation,
        EndorsementRequest(EndorsedKind(record.kind), record.target, endorser.slug, comment),
        signed_elsewhere=signed_elsewhere,
    )
    made.said_by_name, made.said_by_role = name, role
    made.said_from = record.email.rpartition("@")[2]
    record.endorsement_id, record.failures = made.id, 0
    session.flush()
    queue_endorsement_mail(session, installation, record, Notice.ENDORSEMENT_GIVEN)
    queue_endorsement_mail(session, installation, record, Notice.ENDORSEMENT_ANSWERED)
    return made


def decline(session: Session, installation: Installation, token: str, *, code: str, note: str = "") -> bool:
    """Decline. Returns whether the code was right. Raises as `give`."""
    record = open_request(session, installation, token, lock=True)
    if record.endorsement_id is not None:
        raise ConflictError("You have endorsed this already. You can withdraw that.")
    cleaned = checked_paragraphs(note, MESSAGE_MAX, field="note")
    if not _is_right(installation, record, code):
        return False
    record.declined_at, record.decline_note = installation.clock(), cleaned
    leave_line(session, installation, Action.ENDORSEMENT_DECLINED, record.id, organisation=record.organisation_id)
    queue_endorsement_mail(session, installation, record, Notice.ENDORSEMENT_ANSWERED)
    return True


def withdraw_given(session: Session, installation: Installation, token: str, *, code: str) -> bool:
    """Withdraw what was given by this link, for ever. Returns whether the code was right.

    Badges that carry it are signed anew by the worker. Raises as `give`; ConflictError when it is withdrawn.
    """
    record = open_request(session, installation, token, lock=True)
    if record.endorsement is None:
        raise ConflictError("There is nothing to withdraw.")
    if record.endorsement.revoked_at is not None:
        raise ConflictError("You have withdrawn this already.")
    if not _is_right(installation, record, code):
        return False
    withdrawn = withdraw_endorsement(session, installation, record.endorsement.id, WithdrawalReason.CHANGED)
    withdrawn.is_carried_still = True
    queue_endorsement_mail(session, installation, record, Notice.ENDORSEMENT_ANSWERED)
    return True


def _endorser(
    session: Session, installation: Installation, record: EndorsementRequestRecord, name: str, url: str
) -> OrganisationRecord:
    """Return the endorser's profile here: that of an earlier endorsement from the same address, or a new one."""
    earlier = session.scalars(
        select(EndorsementRequestRecord)
        .join(EndorsementRequestRecord.endorsement)
        .where(EndorsementRequestRecord.email == record.email)
        .order_by(EndorsementRequestRecord.created_at)
    ).all()
    for each in earlier:
        if each.endorsement and plain_name(each.endorsement.organisation.name) == plain_name(name):
            return each.endorsement.organisation
    return create_organisation(
        session, installation, name=name, url=url, email="", description="", kind=OrganisationKind.ENDORSER
    )


def _is_right(installation: Installation, record: EndorsementRequestRecord, code: str) -> bool:
    too_many = say(
        "Too many wrong codes were typed. Ask %(organisation)s to send the mail again.",
        organisation=record.organisation.name,
    )
    return is_right_code(installation, LinkPurpose.ENDORSEMENT, record, code, too_many=too_many)
