"""The badge page for anybody, and the question whether a badge is somebody's."""

from __future__ import annotations

from uuid import UUID

from flask import Response, make_response, request

from badges.errors import InvalidInputError
from badges.services.award_values import find_award
from badges.services.own_badges import verify_own
from badges.standards.identity import normalise_email
from badges.verifying.report import CheckName, Outcome
from badges.web.current import installation, service
from badges.web.documents import document_response
from badges.web.forms import Form, read_form, with_error
from badges.web.negotiation import wants_jwt, wants_page
from badges.web.public.badge_page import NO_FORM, render_badge_page
from badges.wording import say


def credential(award_id: UUID) -> Response:
    """GET /credentials/<uuid>: the page for people, the signed bytes for everything else."""
    if not wants_page(request):
        return document_response("credential_jwt" if wants_jwt(request) else "credential", {"award_id": award_id})
    with service().database.read() as session:
        page = render_badge_page(session, find_award(session, award_id))
    return _page(page)


def check_email(award_id: UUID) -> Response:
    """POST /credentials/<uuid>/check-email: compares an address with the badge; keeps nothing."""
    values = read_form(("email",))
    form, result = NO_FORM, None
    with service().database.read() as session:
        award = find_award(session, award_id)
        try:
            address = normalise_email(values["email"])
        except InvalidInputError as problem:
            form = with_error(values, InvalidInputError(problem.message, field="email"))
        else:
            check = verify_own(session, installation(), award, address).check(CheckName.RECIPIENT)
            passed = check.outcome is Outcome.PASSED
            message = (
                say("Yes. This badge was awarded to that address.")
                if passed
                else say(
                    "No. This badge was not awarded to that address. It may have been awarded to another of theirs."
                )
            )
            form = Form(values)
            result = {"outcome": "passed" if passed else "failed", "message": message}
        page = render_badge_page(session, award, form=form, email_result=result)
    response = _page(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(page: str) -> Response:
    response = make_response(page)
    response.headers["Vary"] = "Accept"
    return response
