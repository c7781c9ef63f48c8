"""The holder's own view of a badge. Whoever has the link decides what others see; opening it changes nothing."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from badges.errors import InvalidInputError
from badges.services.holders import award_of_link, holder_url, page_name, set_page
from badges.storage.records import AwardRecord
from badges.web.current import installation, service, write
from badges.web.forms import Form, read_form, with_error
from badges.web.public.badge_page import NO_FORM, render_badge_page
from badges.wording import say


def holder(token: str) -> AnyResponse:
    """GET /mine/<token> shows; POST saves the name and who can see the page."""
    if request.method != "POST":
        with service().database.read() as session:
            return _private(_page(session, award_of_link(session, installation(), token)))
    values = read_form(("name", "show_name", "page"))
    try:
        with write() as session:
            award = award_of_link(session, installation(), token)
            _save(session, award, values)
    except InvalidInputError as problem:
        with service().database.read() as session:
            award = award_of_link(session, installation(), token)
            return _private(_page(session, award, with_error(values, problem), 400))
    return _private(make_response(redirect(f"{request.path}?saved=1#yours", 303)))


def _save(session: Session, award: AwardRecord, values: dict[str, str]) -> None:
    """Save what was sent. A form that was sent empty, as a machine would, changes nothing."""
    if values["page"] not in ("public", "private"):
        raise InvalidInputError(say("Choose who can see the page."), field="page")
    set_page(
        session,
        installation(),
        award,
        name=values["name"],
        shows_name=values["show_name"] == "yes",
        is_private=values["page"] == "private",
    )


def _page(session: Session, award: AwardRecord, form: Form = NO_FORM, status: int = 200) -> Response:
    return make_response(render_badge_page(session, award, form=form, holder=_holder_view(award)), status)


def _holder_view(award: AwardRecord) -> dict[str, Any]:
    addresses = installation().addresses

    def download(name: str) -> str:
        return addresses.path(name, award_id=award.id) + "?download"

    return {
        "name": page_name(award),
        "show_name": award.shows_name,
        "page_on": not award.is_private,
        "saved": request.args.get("saved") is not None,
        "save_url": addresses.path_of(holder_url(installation(), award)),
        "links": {
            "png": download("credential_png"),
            "svg": download("credential_svg"),
            "json": download("credential_json"),
            "page": addresses.url("credential", award_id=award.id),
        },
    }


def _private(response: AnyResponse) -> AnyResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
