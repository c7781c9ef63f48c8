"""Making one organisation a part of another: chosen, looked at, confirmed by its name."""

from __future__ import annotations

from typing import Final

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from badges.errors import ConflictError, InvalidInputError
from badges.services.mergers import check_merger, merge, plan_merger
from badges.standards.issuer_list import plain_name
from badges.storage.queries.organisations import list_by_ids
from badges.storage.records import OrganisationRecord
from badges.vocab.people import Permission
from badges.web.admin.scope import organisation_ids, organisation_in_scope
from badges.web.current import call_worker, installation, service, write
from badges.web.forms import Form, read_form, with_error
from badges.web.templating import notice
from badges.wording import say

_FIELDS: Final = ("into", "name")


def merge_organisation(organisation: str) -> Response:
    """GET /admin/organisations/<slug>/merge?into=: into which, then what would move. POST: does it.

    Who does it owns both. The name of the older one is typed, so that nobody does it by mistake.
    """
    if request.method != "POST":
        return _page(organisation, Form({"into": request.args.get("into", "")[:100]}))
    values = read_form(_FIELDS, 300)
    try:
        with write() as session:
            old = organisation_in_scope(session, organisation, Permission.MANAGE_PEOPLE)
            new = organisation_in_scope(session, values["into"], Permission.MANAGE_PEOPLE)
            if plain_name(values["name"]) != plain_name(old.name):
                raise InvalidInputError(
                    'Type the name "%(name)s", to say that you mean it.', field="name", name=old.name
                )
            merge(session, installation(), old, new)
            said = say("%(old)s is now part of %(new)s.", old=old.name, new=new.name)
            slug = new.slug
    except InvalidInputError as problem:
        return _page(organisation, with_error(values, problem), 400)
    except ConflictError as problem:
        return _page(organisation, Form(values, {"": problem.message}), 409)
    call_worker()
    notice(said)
    return redirect(url_for("admin.organisation", organisation=slug), 303)


def _page(slug: str, form: Form, status: int = 200) -> Response:
    with service().database.read() as session:
        old = organisation_in_scope(session, slug, Permission.MANAGE_PEOPLE)
        choices = [
            each for each in list_by_ids(session, organisation_ids(Permission.MANAGE_PEOPLE)) if _fits(old, each)
        ]
        new = next((each for each in choices if each.slug == form.values["into"]), None)
        plan = None
        if new is not None:
            try:
                check_merger(session, old, new)
                plan = plan_merger(session, installation(), old, new)
            except ConflictError as problem:
                form, status = Form(form.values, {"into": problem.message}), 409 if status == 200 else status
        page = render_template(
            "admin/merge.html",
            organisation={"name": old.name, "slug": slug},
            choices=[{"value": each.slug, "text": each.name} for each in choices],
            successor=new.name if new is not None and plan is not None else None,
            plan=plan,
            form=form,
        )
    return make_response(page, status)


def _fits(old: OrganisationRecord, other: OrganisationRecord) -> bool:
    return other.id != old.id and other.merged_into_id is None
