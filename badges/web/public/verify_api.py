"""Verifying anybody's badge, for programs. Described in docs/api-verify.md."""

from __future__ import annotations

from flask import Response, make_response

from badges.standards.json_text import write_json
from badges.verifying.report_document import report_document
from badges.web.current import service
from badges.web.public.handing_in import read_api_request, report_on


def verify_api() -> Response:
    """POST /api/verify: the report on a badge as JSON, whatever the verdict; nothing is kept."""
    handed_in = read_api_request()
    response = make_response(write_json(report_document(report_on(handed_in, service().web_fetcher))))
    response.mimetype = "application/json"
    response.headers["Cache-Control"] = "no-store"
    return response
