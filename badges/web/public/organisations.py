"""One organisation, as a page or a document."""

from __future__ import annotations

from typing import Final

from flask import Response, make_response, render_template, request

from badges.services.achievements import list_newest_versions
from badges.services.endorsement_values import standing_succession
from badges.services.organisations import find_organisation
from badges.services.own_documents import OwnDocument
from badges.services.profiles import accent_of
from badges.services.signing_keys import list_owned_keys
from badges.storage.queries.organisations import search_organisations
from badges.storage.records import KeyState
from badges.vocab.profile import OrganisationKind
from badges.web.current import installation, service
from badges.web.documents import answer, document_response
from badges.web.markdown import to_html
from badges.web.negotiation import wants_page
from badges.web.paging import page_asked_for, pagination
from badges.web.public.views import class_view, endorsement_views, organisation_view
from badges.wording import say

_STATES: Final = {
    KeyState.ACTIVE: say("in use"),
    KeyState.RETIRED: say("retired: its badges stay valid"),
    KeyState.COMPROMISED: say("may have been stolen: of its badges only those count that are in our list"),
}


def organisations() -> str:
    """GET /organisations?q=&page=: who takes part."""
    words = request.args.get("q", "").strip()[:100]
    with service().database.read() as session:
        page = search_organisations(session, words=words, page=page_asked_for())
        found = [organisation_view(each, installation().addresses) for each in page.found]

    return render_template(
        "public/organisations.html",
        organisations=found,
        total=page.total,
        query=words,
        pagination=pagination(page, "public.organisations", q=words),
    )


def colour(organisation: str) -> Response:
    """GET /organisations/<slug>/colour.css: its accent colour, for its own pages."""
    with service().database.read() as session:
        accent = accent_of(find_organisation(session, organisation))
    return answer(OwnDocument(f":root{{--am-accent:{accent}}}\n".encode(), "text/css"))


def organisation(organisation: str) -> Response:
    """GET /organisations/<slug>: who awards, for people or machines."""
    if not wants_page(request):
        return document_response("organisation", {"organisation": organisation})
    addresses = installation().addresses
    with service().database.read() as session:
        found = find_organisation(session, organisation)
        keys = [
            {
                "id": f"{key.id} ({key.algorithm})",
                "url": addresses.path("key", key_id=key.id),
                "state": _STATES[KeyState(key.state)],
            }
            for key in list_owned_keys(session, found)
        ]
        view = organisation_view(found, addresses) | {
            "did": addresses.organisation_did(organisation),
            "did_url": addresses.path("organisation_did", organisation=organisation),
            "json_url": addresses.url("organisation_json", organisation=organisation),
            "public_keys": keys,
            "offer_html": to_html(found.offer) if found.offer else "",
        }
        statement = standing_succession(session, addresses.organisation_did(organisation))
        view["statement_url"] = (
            addresses.path("endorsement", endorsement_id=statement.id) if statement is not None else None
        )
        view["is_endorser"] = found.kind == OrganisationKind.ENDORSER
        classes = [class_view(version, addresses) for version in list_newest_versions(session, [found.id])]
        endorsements = endorsement_views(session, addresses.organisation_did(organisation))
        page = render_template(
            "public/organisation.html", organisation=view, classes=classes, endorsements=endorsements
        )
    response = make_response(page)
    response.headers["Vary"] = "Accept"
    return response
