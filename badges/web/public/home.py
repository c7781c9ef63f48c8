"""The front page."""

from __future__ import annotations

from flask import render_template

from badges.services.achievements import list_newest_versions
from badges.services.organisations import count_organisations, first_organisation
from badges.web.current import installation, service
from badges.web.public.views import class_view


def home() -> str:
    """GET /: the campaign's two lines, and the badges of the organisation that leads it."""
    with service().database.read() as session:
        first = first_organisation(session)
        versions = list_newest_versions(session, [first.id]) if first else []
        classes = [class_view(version, installation().addresses) for version in versions]
        count = count_organisations(session)
    return render_template("public/home.html", classes=classes, organisations_count=count)
