"""One endorsement, as a page or a document."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from flask import Response, make_response, render_template, request

from badges.services.endorsement_values import endorsed_thing, find_endorsement
from badges.services.own_badges import verify_own_endorsement
from badges.vocab.endorsement import WITHDRAWAL_WORDING, EndorsedKind, WithdrawalReason
from badges.web.current import installation, service
from badges.web.documents import document_response
from badges.web.markdown import to_html
from badges.web.negotiation import wants_page
from badges.web.public.report_views import state_of
from badges.web.public.views import organisation_view


def endorsement(endorsement_id: UUID) -> Response:
    """GET /endorsements/<uuid>: who stands behind what, for people or machines."""
    if not wants_page(request):
        return document_response("endorsement", {"endorsement_id": endorsement_id})
    addresses = installation().addresses
    with service().database.read() as session:
        found = find_endorsement(session, endorsement_id)
        thing = endorsed_thing(session, installation(), found)
        reason = WITHDRAWAL_WORDING[WithdrawalReason(found.revocation_reason)] if found.revocation_reason else None
        report = verify_own_endorsement(session, installation(), found)
        address = addresses.url("endorsement", endorsement_id=endorsement_id)
        view = {
            "state": "withdrawn" if reason else state_of(report, installation().clock()),
            "by": organisation_view(found.organisation, addresses),
            "about": {
                "name": thing.name,
                "url": addresses.path(thing.address, **thing.places) if thing.address else None,
            },
            "is_succession": found.kind == EndorsedKind.SUCCESSION,
            "comment_html": to_html(found.comment),
            "said_on": found.valid_from,
            "who": ", ".join(filter(None, (found.said_by_name, found.said_by_role))),
            "said_from": found.said_from,
            "external_did": found.external_did,
            "withdrawn_reason": reason,
            "check_url": f"{addresses.path('verify')}?{urlencode({'url': address})}",
            "json_url": addresses.url("endorsement_json", endorsement_id=endorsement_id),
        }
        page = render_template("public/endorsement.html", endorsement=view)
    response = make_response(page)
    response.headers["Vary"] = "Accept"
    return response
