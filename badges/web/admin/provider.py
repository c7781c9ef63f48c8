"""How people of an organisation sign in: whether a second factor is asked for, and their own work accounts."""

from __future__ import annotations

from typing import Final

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from badges.errors import ConflictError, InvalidInputError, NotAllowedError
from badges.services.providers import (
    ProviderInput,
    find_provider,
    read_metadata,
    redirect_url,
    remove_provider,
    set_provider,
)
from badges.services.second_factors import set_requirement
from badges.storage.records import AccountRecord, ProviderRecord
from badges.vocab.people import Permission
from badges.web.admin.scope import organisation_in_scope
from badges.web.current import installation, require_viewer, service, write
from badges.web.forms import Form, read_form, with_error
from badges.web.templating import notice
from badges.wording import say

_FIELDS: Final = ("name", "issuer", "client_id", "client_secret", "domains", "vouches")


def provider(organisation: str) -> Response:
    """GET /admin/organisations/<slug>/sign-in: the settings. POST: saves, tests or removes them, by the button `do`."""
    if request.method != "POST":
        return _page(organisation, None)
    values = read_form((*_FIELDS, "do", "second_factor"), 9_000)
    try:
        with write() as session:
            found = organisation_in_scope(session, organisation, Permission.MANAGE_ORGANISATION)
            if values["do"] == "second":
                viewer = session.get_one(AccountRecord, require_viewer().id)
                set_requirement(session, installation(), found, viewer, wanted=values["second_factor"] == "yes")
            elif values["do"] == "remove":
                remove_provider(session, installation(), found)
            elif values["do"] in ("save", "test"):
                given = ProviderInput(
                    values["name"],
                    values["issuer"],
                    values["client_id"],
                    values["client_secret"],
                    values["domains"],
                    values["vouches"] == "yes",
                )
                issuer = set_provider(session, installation(), found, given).issuer
            else:
                raise InvalidInputError(say("Choose what to do."), field="")
    except InvalidInputError as problem:
        return _page(organisation, with_error(values, problem), 400)
    except ConflictError as problem:
        return _page(organisation, Form(values, {"second_factor": problem.message}), 409)
    if values["do"] == "test":
        _test(issuer)
    else:
        notice(say("Saved."))
    return redirect(url_for("admin.provider", organisation=organisation), 303)


def _test(issuer: str) -> None:
    """Ask the provider who it is, and say what came back."""
    try:
        metadata = read_metadata(service().provider_web, issuer)
    except NotAllowedError as problem:
        notice(say("Saved, but it does not work yet. %(problem)s", problem=problem.message), "warning")
        return
    notice(say("Saved. The provider answers. People go to %(url)s.", url=str(metadata["authorization_endpoint"])[:200]))


def _page(slug: str, form: Form | None, status: int = 200) -> Response:
    with service().database.read() as session:
        found = organisation_in_scope(session, slug, Permission.MANAGE_ORGANISATION)
        record = find_provider(session, found)
        shown = record or ProviderRecord(organisation=found)
        values = {
            "name": record.name if record else "",
            "issuer": record.issuer if record else "",
            "client_id": record.client_id if record else "",
            "domains": ", ".join(record.domains) if record else "",
            "vouches": "yes" if record and record.vouches else "",
            "second_factor": "yes" if found.requires_second_factor else "",
        }
        page = render_template(
            "admin/provider.html",
            organisation={"name": found.name, "slug": slug},
            form=form or Form(values),
            is_there=record is not None,
            redirect_url=redirect_url(installation(), shown),
            sign_in_url=url_for("public.sign_in_with", organisation=slug, _external=False),
        )
    return make_response(page, status)
