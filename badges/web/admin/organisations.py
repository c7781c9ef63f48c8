"""The organisations that the viewer looks after: which there are, what can be set in each, and adding one."""

from __future__ import annotations

from typing import Any, Final

from flask import make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from badges.errors import ConflictError, InvalidInputError
from badges.services.invitations import invite_organisation
from badges.storage.queries.organisations import list_by_ids, search_organisations
from badges.storage.records import OrganisationRecord
from badges.vocab.people import Permission
from badges.vocab.profile import KIND_WORDING, TAKING_PART, OrganisationKind
from badges.web.admin.profile import logo_path
from badges.web.admin.scope import organisation_ids, organisation_in_scope
from badges.web.current import call_worker, grants, installation, require_viewer, service, write
from badges.web.forms import Form, read_form, with_error
from badges.web.paging import page_asked_for, pagination
from badges.web.public.views import organisation_view
from badges.web.templating import notice
from badges.wording import say

_ADD_FIELDS: Final = ("name", "email", "kind", "above")
_ABOVE: Final = (OrganisationKind.NATION, OrganisationKind.REGION)


def organisations() -> str:
    """GET /admin/organisations?q=&page=: those that the viewer looks after, as a tree of names."""
    ids = organisation_ids(Permission.MANAGE_ORGANISATION)
    words = request.args.get("q", "").strip()[:100]
    with service().database.read() as session:
        page = search_organisations(session, ids, words=words, page=page_asked_for())
        names = {
            each.id: each.name for each in list_by_ids(session, [one.above_id for one in page.found if one.above_id])
        }
        rows = [
            {
                "name": each.name,
                "kind": KIND_WORDING[OrganisationKind(each.kind)],
                "above": names.get(each.above_id or 0, ""),
                "url": url_for("admin.organisation", organisation=each.slug),
                "is_set_up": each.is_set_up,
                "part_of": each.merged_into.name if each.merged_into else None,
            }
            for each in page.found
        ]
        can_add = bool(_above_choices(session))

    return render_template(
        "admin/organisations.html",
        organisations=rows,
        total=page.total,
        query=words,
        add_url=url_for("admin.add_organisation") if can_add else None,
        pagination=pagination(page, "admin.organisations", q=words),
    )


def organisation(organisation: str) -> str:
    """GET /admin/organisations/<slug>: what can be set."""
    with service().database.read() as session:
        found = organisation_in_scope(session, organisation, Permission.MANAGE_ORGANISATION)
        view = organisation_view(found, installation().addresses) | {"logo_url": logo_path(found)}
    return render_template(
        "admin/organisation.html",
        organisation=view,
        slug=organisation,
        is_set_up=found.is_set_up,
        may_manage_people=grants().allows(Permission.MANAGE_PEOPLE, found.id),
    )


def add_organisation() -> Response:
    """GET /admin/organisations/add: the form. POST: adds an organisation, and invites its first owner by mail."""
    if request.method != "POST":
        return _add_page(Form({"kind": OrganisationKind.SERVICE.value}))
    values = read_form(_ADD_FIELDS, 500)
    try:
        with write() as session:
            above = next((each for each in _above_choices(session) if each.slug == values["above"]), None)
            if above is None:
                raise InvalidInputError(say("Choose the region or nation that it is below."), field="above")
            if values["kind"] not in TAKING_PART:
                raise InvalidInputError(say("Choose what it is."), field="kind")
            made = invite_organisation(
                session,
                installation(),
                values["name"],
                values["email"],
                kind=OrganisationKind(values["kind"]),
                above=above,
                invited_by_id=require_viewer().id,
            )
            slug = made.slug
    except InvalidInputError as problem:
        field = "name" if problem.field == "organisation" else problem.field
        return _add_page(with_error(values, InvalidInputError(problem.message, field=field)), 400)
    except ConflictError as problem:
        return _add_page(Form(values, {"": problem.message}), 409)
    call_worker()
    notice(say("Added. %(email)s gets a mail with the invitation to be its owner.", email=values["email"].strip()))
    return redirect(url_for("admin.organisation", organisation=slug), 303)


def _above_choices(session: Session) -> list[OrganisationRecord]:
    """Return the organisations below which the viewer may add one."""
    found = list_by_ids(session, organisation_ids(Permission.MANAGE_PEOPLE))
    return [each for each in found if each.kind in _ABOVE and each.merged_into_id is None]


def _add_page(form: Form, status: int = 200) -> Response:
    with service().database.read() as session:
        choices: list[dict[str, Any]] = [{"value": each.slug, "text": each.name} for each in _above_choices(session)]
    kinds = [{"value": kind.value, "text": KIND_WORDING[kind]} for kind in TAKING_PART]
    page = render_template("admin/add_organisation.html", form=form, above=choices, kinds=kinds)
    return make_response(page, status)
