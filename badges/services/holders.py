"""What the holder of a badge decides: whether the page shows a name, and whether there is a page."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from badges.errors import InvalidInputError, NotFoundError
from badges.services.audit import leave_line
from badges.services.award_values import find_award
from badges.services.context import Installation
from badges.services.links import LinkPurpose
from badges.services.names import checked_name
from badges.storage.records import AwardRecord
from badges.vocab.audit import Action


def holder_url(installation: Installation, award: AwardRecord) -> str:
    """Return the address that only the holder gets. It stays valid and can be sent again, until the badge is given to
    another e-mail address: what was sent to the former one opens nothing then.
    """
    token = installation.links.token(LinkPurpose.HOLDER, award.id, award.identity_salt or "")
    return installation.addresses.url("holder", token=token)


def award_of_link(session: Session, installation: Installation, token: str) -> AwardRecord:
    """Return whose badge a holder's link opens. Raises NotFoundError."""

    def salt_of(award_id: UUID) -> str:
        award = session.get(AwardRecord, award_id)
        return (award.identity_salt or "") if award else ""

    award_id = installation.links.read(LinkPurpose.HOLDER, token, salt_of)
    if award_id is None:
        raise NotFoundError("This link is not complete. Copy the whole link from the mail and try again.")
    return find_award(session, award_id)


def page_name(award: AwardRecord) -> str:
    """Return the name that the holder's form begins with: the holder's own, else the one that the awarder typed."""
    return award.page_name or award.name


def set_page(
    session: Session, installation: Installation, award: AwardRecord, *, name: str, shows_name: bool, is_private: bool
) -> None:
    """Set the name on the page, whether it is shown, and whether there is a page for others. What the awarder typed
    stays, and so do the documents that others need for checking: they hold no name.

    Raises InvalidInputError with the field.
    """
    cleaned = checked_name(name)
    if shows_name and not cleaned:
        raise InvalidInputError("Type the name that the page should show.", field="name")
    award.page_name, award.shows_name, award.is_private = cleaned, shows_name, is_private
    leave_line(
        session,
        installation,
        Action.AWARD_CHANGED,
        award.id,
        organisation=award.organisation_id,
        shows_name=shows_name,
        is_private=is_private,
    )
