"""What an organisation says about itself: the form, and its part in the first steps."""

from __future__ import annotations

from typing import Final

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from badges.errors import InvalidInputError
from badges.rendering.cleaning import MOST_BYTES
from badges.services.profiles import ProfileInput, accent_of, remove_logo, set_logo, update_profile
from badges.storage.records import OrganisationRecord
from badges.vocab.people import Permission
from badges.web.admin.scope import organisation_in_scope
from badges.web.current import installation, service, write
from badges.web.forms import Form, read_form, with_error
from badges.web.templating import notice
from badges.wording import say

FIELDS: Final = (
    "name",
    "email",
    "url",
    "description",
    "contact_name",
    "offer",
    "ask_url",
    "sender_name",
    "reply_to",
    "colour",
)


def profile(organisation: str) -> Response:
    """GET /admin/organisations/<slug>/profile: the form. POST: saves it."""
    if request.method != "POST":
        return _page(organisation)
    problem = save_profile(organisation)
    if problem is not None:
        return _page(organisation, problem, 400)
    notice(say("Saved."))
    return redirect(url_for("admin.organisation", organisation=organisation), 303)


def save_profile(slug: str, fields: tuple[str, ...] = FIELDS) -> Form | None:
    """Save what was sent, all or nothing; fields that the form does not have stay. Returns the form with its error, or
    None when it was saved.
    """
    values = read_form((*fields, "remove_logo"))
    upload = request.files.get("logo")
    data = upload.stream.read(MOST_BYTES + 1) if upload and upload.filename else b""
    try:
        with write() as session:
            found = organisation_in_scope(session, slug, Permission.MANAGE_ORGANISATION)
            given = {name: getattr(found, name) for name in FIELDS} | {name: values[name] for name in fields}
            update_profile(session, installation(), found, ProfileInput(**given))
            if data:
                set_logo(session, installation(), found, data)
            elif values["remove_logo"]:
                remove_logo(session, installation(), found)
    except InvalidInputError as error:
        return with_error({**values, "logo": ""}, error)
    return None


def _page(slug: str, form: Form | None = None, status: int = 200) -> Response:
    with service().database.read() as session:
        found = organisation_in_scope(session, slug, Permission.MANAGE_ORGANISATION)
        page = render_template("admin/profile.html", **profile_context(found, form))
    return make_response(page, status)


def profile_context(found: OrganisationRecord, form: Form | None) -> dict[str, object]:
    """Return what the form's templates show."""
    return {
        "organisation": {
            "name": found.name,
            "slug": found.slug,
            "logo_url": logo_path(found),
            "colour": accent_of(found),
        },
        "form": form or Form({name: getattr(found, name) for name in FIELDS}),
    }


def logo_path(found: OrganisationRecord) -> str | None:
    """Return where the logo is as it is now, or None."""
    if not found.logo_mark:
        return None
    return installation().addresses.path("organisation_logo", organisation=found.slug) + f"?v={found.logo_mark}"
