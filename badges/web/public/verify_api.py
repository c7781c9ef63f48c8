"""Verifying anybody's badge, for programs. Described in docs/api-verify.md."""

from __future__ import annotations

from flask import Response, make_response

from badges.services.verification import verify_badge
from badges.standards.json_text import write_json
from badges.verifying.report_document import report_document
from badges.web.current import installation, service
from badges.web.public.handing_in import read_api_request


def verify_api() -> Response:
    """POST /api/verify: the report on a badge as JSON, whatever the verdict; nothing is kept."""
    handed_in = read_api_request()
    report = verify_badge(
        installation(),
        handed_in.badge,
        home=service().home,
        web=service().web_fetcher,
        email=handed_in.email,
        issuers=service().known_issuers(),
        find_newer=service().find_newer,
    )
    response = make_response(write_json(report_document(report)))
    response.mimetype = "application/json"
    response.headers["Cache-Control"] = "no-store"
    return response
