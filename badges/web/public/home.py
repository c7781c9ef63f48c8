"""The front page, and the pictures of the starter pack."""

from __future__ import annotations

from functools import cache

from flask import Response, render_template

from badges.campaign.pack import load_starter_pack
from badges.errors import NotFoundError
from badges.rendering.badge_art import draw_badge_svg
from badges.services.achievements import list_newest_versions
from badges.services.organisations import count_organisations, first_organisation
from badges.services.own_documents import SVG, OwnDocument
from badges.web.current import installation, service
from badges.web.documents import answer
from badges.web.public.views import class_view


def home() -> str:
    """GET /: the campaign's two lines, and the badges of the organisation that leads it."""
    with service().database.read() as session:
        first = first_organisation(session)
        versions = list_newest_versions(session, first.id) if first else []
        classes = [class_view(version, installation().addresses) for version in versions]
        count = count_organisations(session)
    return render_template("public/home.html", classes=classes, organisations_count=count)


def pack_picture(slug: str) -> Response:
    """GET /starter-pack/<slug>.svg: the picture of a class of the starter pack, for those who choose among them."""
    svg = _drawings().get(slug)
    if svg is None:
        raise NotFoundError("There is no page at this address.")
    return answer(OwnDocument(svg.encode(), SVG))


@cache
def _drawings() -> dict[str, str]:
    return {each.slug: draw_badge_svg(each.art) for each in load_starter_pack().classes}
