"""What an organisation says about itself: its profile, its accent colour, its logo, the sender of its mails."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from badges.errors import InvalidInputError
from badges.rendering.colours import INK, PAPER, TEAL, TEXT_CONTRAST, contrast_ratio, find_colour, mix_colours
from badges.services.audit import leave_line
from badges.services.context import Installation
from badges.services.evidence import checked_url
from badges.services.organisations import checked_organisation_name
from badges.services.pictures import checked_picture
from badges.services.typed_texts import checked_line, checked_paragraphs
from badges.standards.identity import normalise_email
from badges.storage.records import OrganisationRecord
from badges.vocab.audit import Action

DESCRIPTION_MAX: Final = 500
OFFER_MAX: Final = 4_000
_STEPS: Final = 50


@dataclass(frozen=True, slots=True)
class ProfileInput:
    """What somebody typed about an organisation. Fields as in `OrganisationRecord`; colour: "#RRGGBB", or ""."""

    name: str
    email: str
    url: str = ""
    description: str = ""
    contact_name: str = ""
    offer: str = ""
    ask_url: str = ""
    sender_name: str = ""
    reply_to: str = ""
    colour: str = ""


def update_profile(
    session: Session, installation: Installation, organisation: OrganisationRecord, given: ProfileInput
) -> None:
    """Set what an organisation says about itself. Its slug, its addresses and whatever was signed stay as they are.

    Raises InvalidInputError naming the field.
    """
    values = {
        "name": checked_organisation_name(given.name, field="name"),
        "email": _checked_email(given.email, field="email"),
        "url": checked_url(given.url.strip(), field="url"),
        "description": checked_paragraphs(given.description, DESCRIPTION_MAX, field="description"),
        "contact_name": checked_line(given.contact_name, 200, field="contact_name"),
        "offer": checked_paragraphs(given.offer, OFFER_MAX, field="offer"),
        "ask_url": checked_url(given.ask_url.strip(), field="ask_url"),
        "sender_name": checked_line(given.sender_name, 100, field="sender_name"),
        "reply_to": _checked_email(given.reply_to, field="reply_to") if given.reply_to.strip() else "",
        "colour": checked_colour(given.colour),
    }
    changed = [name for name, value in values.items() if getattr(organisation, name) != value]
    for name in changed:
        setattr(organisation, name, values[name])
    if changed:
        leave_line(
            session,
            installation,
            Action.ORGANISATION_CHANGED,
            organisation.id,
            organisation=organisation,
            what=", ".join(changed),
        )


def checked_colour(text: str) -> str:
    """Return an accent colour that can be read on paper, and on which white can be read; "" for the campaign's own.

    Raises InvalidInputError, naming one nearby that would do.
    """
    cleaned = text.strip()
    if not cleaned:
        return ""
    colour = find_colour(cleaned if cleaned.startswith("#") else cleaned.lower(), field="colour")
    if colour == TEAL:
        return ""
    if contrast_ratio(colour, PAPER) < TEXT_CONTRAST:
        raise InvalidInputError(
            "%(colour)s is too light to be read on a page: its contrast is %(ratio)s and must be at least "
            "%(least)s. %(nearest)s would do.",
            field="colour",
            colour=colour,
            ratio=f"{contrast_ratio(colour, PAPER):.1f}",
            least=f"{TEXT_CONTRAST:.1f}",
            nearest=_darker(colour),
        )
    return colour


def _darker(colour: str) -> str:
    """Return the lightest colour on the way from this one to ink that can be read."""
    mixed = (mix_colours(colour, INK, step / _STEPS) for step in range(1, _STEPS + 1))
    return next(each for each in mixed if contrast_ratio(each, PAPER) >= TEXT_CONTRAST)


def accent_of(organisation: OrganisationRecord) -> str:
    """Return the accent colour of an organisation, "#RRGGBB"."""
    return organisation.colour or TEAL


def set_logo(session: Session, installation: Installation, organisation: OrganisationRecord, data: bytes) -> None:
    """Set the logo: a PNG, a JPEG or an SVG, cleaned and kept as a PNG. Raises as `checked_picture`."""
    picture = checked_picture(data, field="logo")
    organisation.logo_png = picture.png
    organisation.logo_mark = hashlib.sha256(picture.png).hexdigest()[:12]
    _note_logo(session, installation, organisation)


def remove_logo(session: Session, installation: Installation, organisation: OrganisationRecord) -> None:
    """Take the logo away."""
    organisation.logo_png, organisation.logo_mark = None, ""
    _note_logo(session, installation, organisation)


def _note_logo(session: Session, installation: Installation, organisation: OrganisationRecord) -> None:
    leave_line(
        session,
        installation,
        Action.ORGANISATION_CHANGED,
        organisation.id,
        organisation=organisation,
        what="logo",
        logo=organisation.logo_mark,
    )


def _checked_email(text: str, *, field: str) -> str:
    try:
        return normalise_email(text)
    except InvalidInputError as problem:
        raise InvalidInputError(problem.message, field=field) from problem
