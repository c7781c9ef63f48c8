"""The keys with which other systems award for an organisation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from badges.errors import ConflictError, InvalidInputError
from badges.services.api_keys import DAYS, list_keys, make_key, withdraw_key
from badges.storage.records import ApiKeyRecord
from badges.vocab.api import SCOPE_WORDING, ApiScope
from badges.vocab.people import Permission
from badges.web.admin.scope import organisation_in_scope
from badges.web.current import installation, require_viewer, service, write
from badges.web.forms import Form, read_form, with_error
from badges.web.templating import notice
from badges.wording import say

_START = Form({"name": "", "days": str(DAYS[-1])})


def api_keys(organisation: str) -> Response:
    """GET /admin/organisations/<slug>/api-keys: the keys. POST: makes one, and shows it this once."""
    if request.method != "POST":
        return _page(organisation, _START, chosen=[ApiScope.AWARD])
    values = read_form(("name", "days"), 500)
    scopes = request.form.getlist("scopes")
    typed = {**values, "scopes": ""}
    try:
        with write() as session:
            found = organisation_in_scope(session, organisation, Permission.MANAGE_ORGANISATION)
            days = int(values["days"]) if values["days"].isdecimal() and len(values["days"]) < 5 else 0
            record, secret = make_key(
                session, installation(), found, values["name"], scopes, days, created_by_id=require_viewer().id
            )
            made = {"name": record.name, "secret": secret}
    except InvalidInputError as problem:
        return _page(organisation, with_error(typed, problem), 400, chosen=scopes)
    except ConflictError as problem:
        return _page(organisation, Form(typed, {"": problem.message}), 409, chosen=scopes)
    return _page(organisation, _START, chosen=[ApiScope.AWARD], made=made)


def _page(
    slug: str, form: Form, status: int = 200, *, chosen: list[Any], made: dict[str, str] | None = None
) -> Response:
    with service().database.read() as session:
        found = organisation_in_scope(session, slug, Permission.MANAGE_ORGANISATION)
        text = render_template(
            "admin/api_keys.html",
            organisation={"name": found.name, "slug": slug, "is_merged": found.merged_into_id is not None},
            keys=[_row(slug, key) for key in list_keys(session, found)],
            scopes=[{"value": scope.value, "text": SCOPE_WORDING[scope]} for scope in ApiScope],
            chosen=[str(each) for each in chosen],
            days_options=[{"value": days, "text": say("%(days)s days", days=days)} for days in DAYS],
            form=form,
            made=made,
        )
    return make_response(text, status)


def withdraw(organisation: str, api_key_id: UUID) -> Response:
    """POST /admin/organisations/<slug>/api-keys/<uuid>/withdraw."""
    with write() as session:
        found = organisation_in_scope(session, organisation, Permission.MANAGE_ORGANISATION)
        withdraw_key(session, installation(), found, api_key_id)
    notice(say("The key opens nothing any more."))
    return redirect(url_for("admin.api_keys", organisation=organisation), 303)


def _row(slug: str, key: ApiKeyRecord) -> dict[str, Any]:
    return {
        "name": key.name,
        "scopes": [SCOPE_WORDING[ApiScope(scope)] for scope in key.scopes],
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "is_over": key.expires_at <= installation().clock(),
        "used_at": key.used_at,
        "withdraw_url": url_for("admin.api_key_withdraw", organisation=slug, api_key_id=key.id),
    }
