"""One organisation, as a page or a document."""

from __future__ import annotations

from typing import Final

from flask import Response, make_response, render_template, request

from badges.services.achievements import list_newest_versions
from badges.services.organisations import find_organisation
from badges.services.signing_keys import list_owned_keys
from badges.storage.records import KeyState
from badges.web.current import installation, service
from badges.web.documents import document_response
from badges.web.negotiation import wants_page
from badges.web.public.views import class_view, endorsement_views, organisation_view
from badges.wording import say

_STATES: Final = {
    KeyState.ACTIVE: say("in use"),
    KeyState.RETIRED: say("retired: its badges stay valid"),
    KeyState.COMPROMISED: say("may have been stolen: of its badges only those count that are in our list"),
}


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
        }
        classes = [class_view(version, addresses) for version in list_newest_versions(session, found.id)]
        endorsements = endorsement_views(session, addresses.organisation_did(organisation))
        page = render_template(
            "public/organisation.html", organisation=view, classes=classes, endorsements=endorsements
        )
    response = make_response(page)
    response.headers["Vary"] = "Accept"
    return response
