"""One badge class, as a page or a document."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from badges.services.achievements import achievement_of, find_version
from badges.web.current import installation, service
from badges.web.documents import document_response
from badges.web.negotiation import wants_page
from badges.web.public.views import class_page_view, endorsement_views, organisation_view


def achievement(organisation: str, achievement: str, version: int) -> Response:
    """GET /achievements/<organisation>/<slug>/<version>: what this version says, for people or machines."""
    if not wants_page(request):
        places = {"organisation": organisation, "achievement": achievement, "version": version}
        return document_response("achievement", places)
    addresses = installation().addresses
    with service().database.read() as session:
        found = find_version(session, organisation, achievement, version)
        page = render_template(
            "public/achievement.html",
            achievement=class_page_view(found, addresses),
            organisation=organisation_view(found.achievement.organisation, addresses),
            endorsements=endorsement_views(session, achievement_of(found, addresses).id),
        )
    response = make_response(page)
    response.headers["Vary"] = "Accept"
    return response


def achievement_newest(organisation: str, achievement: str) -> AnyResponse:
    """GET /achievements/<organisation>/<slug>: the way to the newest version."""
    with service().database.read() as session:
        found = find_version(session, organisation, achievement)
        newest = found.version
    path = installation().addresses.path(
        "achievement", organisation=organisation, achievement=achievement, version=newest
    )
    return redirect(path)
