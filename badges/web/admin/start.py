"""The first steps of a new organisation: is this right?, then which badges. After that it can award."""

from __future__ import annotations

from typing import Final

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from badges.campaign.pack import load_starter_pack
from badges.errors import InvalidInputError
from badges.services.achievements import list_newest_versions
from badges.services.organisations import finish_set_up
from badges.services.pack_adopting import adopt_starter_pack
from badges.vocab.pack import STARTER_SLUG
from badges.vocab.people import Permission
from badges.web.admin.profile import profile_context, save_profile
from badges.web.admin.scope import organisation_in_scope
from badges.web.current import installation, service, write
from badges.web.forms import Form, with_error
from badges.web.templating import notice
from badges.wording import say

_FIELDS: Final = ("name", "email", "contact_name", "colour")


def start(organisation: str) -> Response:
    """GET /admin/organisations/<slug>/start: name, logo, contact, colour. POST: saves them and goes on."""
    form = save_profile(organisation, _FIELDS) if request.method == "POST" else None
    if request.method == "POST" and form is None:
        return redirect(url_for("admin.start_badges", organisation=organisation), 303)
    with service().database.read() as session:
        found = organisation_in_scope(session, organisation, Permission.MANAGE_ORGANISATION)
        page = render_template("admin/start.html", **profile_context(found, form))
    return make_response(page, 400 if form else 200)


def start_badges(organisation: str) -> Response:
    """GET /admin/organisations/<slug>/start/badges: the starter pack. POST: adopts what is ticked; that is all."""
    if request.method != "POST":
        return _badges_page(organisation, Form())
    slugs = request.form.getlist("badges")
    try:
        with write() as session:
            found = organisation_in_scope(session, organisation, Permission.MANAGE_ORGANISATION)
            if not slugs and not list_newest_versions(session, [found.id], with_retired=True):
                raise InvalidInputError(say("Tick at least one badge. You can add others later."), field="badges")
            adopt_starter_pack(session, installation(), found, only=slugs)
            finish_set_up(session, installation(), found)
    except InvalidInputError as problem:
        return _badges_page(organisation, with_error({"badges": ""}, problem), 400)
    notice(say("Ready. Your badges, your page and your keys are there. Award your first badge."))
    return redirect(url_for("admin.dashboard"), 303)


def _badges_page(slug: str, form: Form, status: int = 200) -> Response:
    pack = load_starter_pack()
    with service().database.read() as session:
        found = organisation_in_scope(session, slug, Permission.MANAGE_ORGANISATION)
        owned = {version.achievement.slug for version in list_newest_versions(session, [found.id], with_retired=True)}
        page = render_template(
            "admin/start_badges.html",
            organisation={"name": found.name, "slug": slug},
            classes=[
                {
                    "slug": each.slug,
                    "name": each.name,
                    "description": each.description,
                    "image_url": installation().addresses.path(
                        "pack_picture", pack=STARTER_SLUG, version=pack.version, achievement=each.slug
                    ),
                    "is_there": each.slug in owned,
                    "is_ticked": each.slug in pack.first,
                }
                for each in sorted(pack.classes, key=lambda each: each.slug not in pack.first)
            ],
            form=form,
        )
    return make_response(page, status)
