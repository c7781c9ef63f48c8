"""The organisations that the viewer looks after: which there are, and what can be set in each."""

from __future__ import annotations

from flask import render_template, url_for

from badges.storage.queries.organisations import list_by_ids
from badges.vocab.people import Permission
from badges.web.admin.scope import organisation_ids, organisation_in_scope
from badges.web.current import installation, service
from badges.web.public.views import organisation_view


def organisations() -> str:
    """GET /admin/organisations."""
    with service().database.read() as session:
        found = list_by_ids(session, organisation_ids(Permission.MANAGE_ORGANISATION))
        rows = [{"name": each.name, "url": url_for("admin.organisation", organisation=each.slug)} for each in found]
    return render_template("admin/organisations.html", organisations=rows)


def organisation(organisation: str) -> str:
    """GET /admin/organisations/<slug>: what can be set."""
    with service().database.read() as session:
        found = organisation_in_scope(session, organisation, Permission.MANAGE_ORGANISATION)
        view = organisation_view(found, installation().addresses)
    return render_template("admin/organisation.html", organisation=view, slug=organisation)
