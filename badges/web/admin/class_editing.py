"""Writing a badge: the form with the designer. Nothing is published by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Response as FlaskResponse
from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from badges.errors import ConflictError, InvalidInputError
from badges.rendering.badge_art import draw_badge_svg
from badges.rendering.cleaning import MOST_BYTES
from badges.rendering.icon_words import describe_art
from badges.services.class_content import content_of
from badges.services.class_forms import ClassInput, checked_content, designed_art
from badges.services.classes import (
    add_class,
    save_draft,
    standing_text,
)
from badges.services.frameworks import frameworks
from badges.storage.records import AchievementRecord, AchievementVersionRecord
from badges.vocab.class_content import ClassContent
from badges.vocab.people import Permission
from badges.web.admin.class_form_views import first_values, form_context, values_of
from badges.web.admin.scope import class_homes, class_in_scope, organisation_in_scope
from badges.web.current import installation, service, write
from badges.web.forms import Form, read_form, with_error
from badges.web.templating import notice, translate
from badges.wording import say

_TEXTS: Final = (
    "name",
    "description",
    "criteria",
    "audience",
    "who_can_earn",
    "how_to_earn",
    "achievement_type",
    "validity",
    "tags",
    "first_question",
    "mail_text",
    "licence",
    "silhouette",
    "icon",
    "ground",
    "light",
    "lit_dots",
    "label",
    "alt_text",
)
_OTHERS: Final = ("picture", "seen", "organisation")


def new_class() -> Response:
    """GET /admin/badges/new: an empty form. POST: keeps a draft."""
    with service().database.read() as session:
        homes = class_homes(session)
    if request.method != "POST":
        return _form_page(Form(first_values()), None, homes=homes)
    values = read_form((*_TEXTS, *_OTHERS))
    if request.form.get("do") == "show":
        return _shown(values, None, homes=homes)
    try:
        content = checked_content(_typed(values), known=frameworks(installation()))
        with write() as session:
            slug = values["organisation"] if len(homes) > 1 else homes[0].slug
            if slug not in {each.slug for each in homes}:
                raise InvalidInputError("Choose whose badge it is.", field="organisation")
            home = organisation_in_scope(session, slug, Permission.EDIT_CLASSES)
            made = add_class(session, installation(), home, content)
            places: dict[str, Any] = {"organisation": home.slug, "achievement": made.achievement.slug}
    except InvalidInputError as problem:
        return _form_page(with_error(_all_values(values), problem), None, homes=homes, status=400)
    return redirect(url_for("admin.class_publish", **places), 303)


def edit_class(organisation: str, achievement: str) -> Response:
    """GET /admin/badges/<organisation>/<slug>/edit: the form. POST: keeps a draft; what is published stays."""
    with service().database.read() as session:
        found = class_in_scope(session, organisation, achievement, Permission.EDIT_CLASSES)
        standing = standing_text(session, found)
        kept = content_of(standing)
        uploaded_url = _uploaded_url(found, standing)
        if found.pack_id is not None:
            return redirect(url_for("admin.class_note", organisation=organisation, achievement=achievement))
    if request.method != "POST":
        return _form_page(Form(values_of(kept)), kept, uploaded_url=uploaded_url)
    values = read_form((*_TEXTS, *_OTHERS))
    if request.form.get("do") == "show":
        return _shown(values, kept, uploaded_url=uploaded_url)
    try:
        content = checked_content(_typed(values), kept, known=frameworks(installation()))
        with write() as session:
            found = class_in_scope(session, organisation, achievement, Permission.EDIT_CLASSES)
            is_other = save_draft(session, installation(), found, content, seen=values["seen"])
    except InvalidInputError as problem:
        return _form_page(with_error(_all_values(values), problem), kept, status=400, uploaded_url=uploaded_url)
    except ConflictError as problem:
        return _form_page(Form(_all_values(values), {"": problem.message}), kept, status=409, uploaded_url=uploaded_url)
    if not is_other:
        notice(say("Nothing is different from what is published."), "info")
        return redirect(url_for("admin.achievement", organisation=organisation, achievement=achievement), 303)
    return redirect(url_for("admin.class_publish", organisation=organisation, achievement=achievement), 303)


def art_picture() -> FlaskResponse:
    """GET /admin/badges/picture.svg?silhouette=&icon=…: what the designer's fields describe, or what is wrong."""
    texts = {name: request.args.get(name, "")[:400] for name in _TEXTS}
    try:
        svg = draw_badge_svg(designed_art({**texts, "alt_text": ""}, texts["name"] or "–"))
    except InvalidInputError as problem:
        return FlaskResponse(translate(problem.message), 400, mimetype="text/plain")
    return FlaskResponse(svg, mimetype="image/svg+xml", headers={"Cache-Control": "private, max-age=3600"})


def side_view(found: AchievementRecord, version: AchievementVersionRecord) -> dict[str, Any]:
    """Return a version for a page that shows it beside another."""
    return {
        "version": version.version,
        "image_url": url_for(
            "admin.class_picture",
            organisation=found.organisation.slug,
            achievement=found.slug,
            version=version.version,
        ),
        "image_alt": version.image_alt,
    }


def _typed(values: Mapping[str, str]) -> ClassInput:
    upload = request.files.get("upload")
    return ClassInput(
        texts=values,
        alignments=tuple(request.form.getlist("alignments"))[:100],
        is_uploaded=values["picture"] == "uploaded",
        upload=upload.stream.read(MOST_BYTES + 1) if upload and upload.filename else b"",
    )


def _shown(values: dict[str, str], kept: ClassContent | None, **more: Any) -> Response:
    """Return the form again, with the picture that it describes now; nothing is kept."""
    try:
        art = designed_art(values, values["name"] or "–")
    except InvalidInputError as problem:
        return _form_page(with_error(_all_values(values), problem), kept, status=400, **more)
    if not values["alt_text"].strip():
        values["alt_text"] = str(describe_art(art))
    return _form_page(Form(_all_values(values)), kept, **more)


def _form_page(
    form: Form,
    kept: ClassContent | None,
    *,
    homes: Any = (),
    status: int = 200,
    uploaded_url: str = "",
) -> Response:
    context = form_context(form, kept, uploaded_url)
    page = render_template("admin/class_form.html", form=form, homes=home_options(homes), **context)
    return make_response(page, status)


def _uploaded_url(found: AchievementRecord, version: AchievementVersionRecord) -> str:
    """Return where the picture of a version is, if it was uploaded."""
    if version.art is not None and "uploaded" not in version.art:
        return ""
    return str(side_view(found, version)["image_url"])


def home_options(homes: Any) -> list[dict[str, str]]:
    """Return organisations as options."""
    return [{"value": each.slug, "text": each.name} for each in homes]


def _all_values(values: Mapping[str, str]) -> dict[str, Any]:
    """Return what was typed with the ticks, as the template shows them again."""
    return {**values, "alignments": request.form.getlist("alignments"), "upload": ""}
