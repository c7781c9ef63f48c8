"""The front page."""

from __future__ import annotations

from flask import render_template

from badges.services.achievements import list_newest_versions
from badges.web.current import installation, service
from badges.web.public.views import class_view


def home() -> str:
    """GET /: the campaign's two lines, and the badges."""
    with service().database.read() as session:
        classes = [class_view(version, installation().addresses) for version in list_newest_versions(session)]
    return render_template("public/home.html", classes=classes)
