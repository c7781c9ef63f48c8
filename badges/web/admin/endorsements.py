"""Asking people outside to endorse something, and what came of it."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from badges.errors import ConflictError, InvalidInputError, NotFoundError
from badges.services.achievements import list_newest_versions
from badges.services.endorsement_asking import (
    Asked,
    ask,
    ask_again,
    endorsed_of,
    find_request,
    list_requests,
    state_of,
    take_back,
)
from badges.services.packs import search_packs
from badges.storage.records import EndorsementRequestRecord, OrganisationRecord
from badges.vocab.endorsement import EndorsedKind
from badges.vocab.people import Permission
from badges.web.admin.scope import organisation_in_scope
from badges.web.current import call_worker, installation, require_viewer, service, write
from badges.web.forms import Form, read_form, with_error
from badges.web.paging import page_asked_for, pagination
from badges.web.templating import notice
from badges.wording import Wording, say

_FIELDS: Final = ("subject", "email", "endorser_name", "message")
_WORDS: Final[dict[str, Wording]] = {
    "given": say("Given"),
    "withdrawn": say("Given, and withdrawn"),
    "declined": say("Declined"),
    "back": say("Taken back"),
    "over": say("Run out"),
    "open": say("No answer yet"),
}
_SIGNS: Final = {"given": "valid", "withdrawn": "withdrawn", "declined": "none", "back": "none", "over": "expired"}


def endorsements(organisation: str) -> Response:
    """GET /admin/organisations/<slug>/endorsements: who was asked, and the form. POST: asks by mail."""
    if request.method != "POST":
        return _page(organisation, Form({"subject": request.args.get("subject", EndorsedKind.ORGANISATION)[:120]}))
    values = read_form(_FIELDS, 4000)
    kind, _, target = values["subject"].partition("/")
    asked = Asked(kind, target, values["email"], values["endorser_name"], values["message"])
    try:
        with write() as session:
            home = organisation_in_scope(session, organisation, Permission.ENDORSE)
            email = ask(session, installation(), home, asked, asked_by_id=require_viewer().id).email
    except InvalidInputError as problem:
        return _page(organisation, with_error(values, problem), 400)
    except NotFoundError:
        wrong = InvalidInputError("Choose what they are to endorse.", field="subject")
        return _page(organisation, with_error(values, wrong), 400)
    except ConflictError as problem:
        return _page(organisation, Form(values, {"": problem.message}), 409)
    call_worker()
    notice(say("%(email)s gets a mail with the request.", email=email))
    return redirect(url_for("admin.endorsements", organisation=organisation), 303)


def endorsement_request(organisation: str, request_id: UUID) -> Response:
    """POST /admin/organisations/<slug>/endorsements/<id>: sends the mail again (do=again), or takes it back."""
    with write() as session:
        home = organisation_in_scope(session, organisation, Permission.ENDORSE)
        record = find_request(session, home, request_id)
        if request.form.get("do") == "again":
            ask_again(session, installation(), record)
            notice(say("%(email)s gets the mail again, with a new link.", email=record.email))
        elif request.form.get("do") == "back":
            take_back(session, installation(), record)
            notice(say("Taken back. The link opens nothing any more."))
        else:
            raise InvalidInputError("Choose what to do.")
    call_worker()
    return redirect(url_for("admin.endorsements", organisation=organisation), 303)


def _page(slug: str, form: Form, status: int = 200) -> Response:
    with service().database.read() as session:
        home = organisation_in_scope(session, slug, Permission.ENDORSE)
        asked = list_requests(session, home, page=page_asked_for())
        page = render_template(
            "admin/endorsements.html",
            organisation={"name": home.name, "slug": slug},
            requests=[_row(session, each) for each in asked.requests],
            pagination=pagination(asked, "admin.endorsements", organisation=slug),
            subjects=_subjects(session, home),
            form=form,
        )
    return make_response(page, status)


def _subjects(session: Session, home: OrganisationRecord) -> list[dict[str, Any]]:
    """Return what an organisation can ask an endorsement for."""
    return [
        {"value": EndorsedKind.ORGANISATION.value, "text": say("%(name)s as a whole", name=home.name)},
        *(
            {"value": f"{EndorsedKind.PACK}/{pack.address}", "text": say("The pack “%(name)s”", name=pack.name)}
            for pack, _ in search_packs(session, organisation=home).found
        ),
        *(
            {
                "value": f"{EndorsedKind.CLASS}/{version.achievement.slug}",
                "text": say("The badge “%(name)s”", name=version.name),
            }
            for version in list_newest_versions(session, [home.id])
        ),
    ]


def _row(session: Session, record: EndorsementRequestRecord) -> dict[str, Any]:
    state = state_of(record, installation())
    try:
        about = endorsed_of(session, installation(), record).name
    except (NotFoundError, ConflictError):
        about = record.target
    made = record.endorsement
    return {
        "endorser": made.organisation.name if made else record.endorser_name,
        "email": record.email,
        "about": about,
        "asked_on": record.created_at,
        "state": _SIGNS.get(state, "queued"),
        "words": _WORDS[state],
        "note": record.decline_note,
        "page_url": installation().addresses.path("endorsement", endorsement_id=made.id) if made else None,
        "url": url_for("admin.endorsement_request", organisation=record.organisation.slug, request_id=record.id)
        if state in ("open", "over", "given")
        else None,
        "may_take_back": state in ("open", "over"),
    }
