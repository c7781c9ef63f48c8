"""What happens to a badge after it was written: published, retired, copied, given a note."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from badges.errors import ConflictError, InvalidInputError
from badges.services.achievements import achievement_of, find_version
from badges.services.class_comparing import differences, is_other_picture
from badges.services.class_content import content_mark, content_of
from badges.services.classes import (
    bring_back_class,
    copy_class,
    discard_draft,
    find_draft,
    newest_of,
    publish_draft,
    retire_class,
)
from badges.services.endorsement_values import list_standing
from badges.services.pack_adopting import set_local_note
from badges.storage.records import AchievementVersionRecord
from badges.vocab.class_content import LICENCE_WORDING
from badges.vocab.people import Permission
from badges.web.admin.class_editing import home_options, side_view
from badges.web.admin.scope import class_homes, class_in_scope, organisation_in_scope
from badges.web.current import installation, service, write
from badges.web.forms import Form, read_form, with_error
from badges.web.templating import notice
from badges.wording import say


def class_publish(organisation: str, achievement: str) -> Response:
    """GET /admin/badges/<organisation>/<slug>/publish: the draft, beside what is published. POST: publishes it."""
    if request.method == "POST":
        seen = read_form(("seen",), 40)["seen"]
        with write() as session:
            found = class_in_scope(session, organisation, achievement, Permission.EDIT_CLASSES)
            version = publish_draft(session, installation(), found, seen=seen).version
        notice(
            say("Published. It can be awarded now.")
            if version == 1
            else say("Published. Badges that were awarded before keep what they said.")
        )
        return redirect(url_for("admin.achievement", organisation=organisation, achievement=achievement), 303)
    with service().database.read() as session:
        found = class_in_scope(session, organisation, achievement, Permission.EDIT_CLASSES)
        draft, newest = find_draft(session, found), newest_of(session, found)
        if draft is None:
            return redirect(url_for("admin.achievement", organisation=organisation, achievement=achievement))
        after = content_of(draft)
        before = content_of(newest) if newest else None
        page = render_template(
            "admin/class_publish.html",
            name=after.name,
            places={"organisation": organisation, "achievement": achievement},
            seen=content_mark(after),
            after=side_view(found, draft),
            before=side_view(found, newest) if newest else None,
            changes=differences(before, after) if before else (),
            is_other_picture=before is not None and is_other_picture(before, after),
            draft=after,
            endorsers=_endorsers(session, newest),
            licence=LICENCE_WORDING[after.licence],
        )
    return make_response(page)


def _endorsers(session: Session, newest: AchievementVersionRecord | None) -> list[str]:
    """Return who stands behind what is published now. They do not stand behind a next version."""
    if newest is None:
        return []
    endorsed_id = achievement_of(newest, installation().addresses).id
    return [record.organisation.name for record in list_standing(session, endorsed_id)]


def class_discard(organisation: str, achievement: str) -> Response:
    """POST /admin/badges/<organisation>/<slug>/discard: throws the draft away."""
    with write() as session:
        found = class_in_scope(session, organisation, achievement, Permission.EDIT_CLASSES)
        is_there = discard_draft(session, installation(), found)
    notice(say("The draft is gone."))
    if not is_there:
        return redirect(url_for("admin.achievements"), 303)
    return redirect(url_for("admin.achievement", organisation=organisation, achievement=achievement), 303)


def class_retire(organisation: str, achievement: str) -> Response:
    """GET /admin/badges/<organisation>/<slug>/retire: what would happen. POST: retires it, or brings it back."""
    if request.method != "POST":
        with service().database.read() as session:
            found = class_in_scope(session, organisation, achievement, Permission.EDIT_CLASSES)
            newest = newest_of(session, found)
            if newest is None:
                raise ConflictError("This badge was never published. Throw its draft away instead.")
            page = render_template(
                "admin/class_retire.html",
                name=newest.name,
                is_retired=found.retired_at is not None,
                places={"organisation": organisation, "achievement": achievement},
            )
        return make_response(page)
    with write() as session:
        found = class_in_scope(session, organisation, achievement, Permission.EDIT_CLASSES)
        if request.form.get("do") == "bring-back":
            bring_back_class(session, installation(), found)
            notice(say("It can be awarded again."))
        elif request.form.get("do") == "retire":
            retire_class(session, installation(), found)
            notice(say("Retired. Nobody can award it now; badges that were awarded stay valid."))
        else:
            raise InvalidInputError("Choose what to do.")
    return redirect(url_for("admin.achievement", organisation=organisation, achievement=achievement), 303)


def class_copy(organisation: str, achievement: str) -> Response:
    """GET /admin/badges/<organisation>/<slug>/copy: whose it is and for whom. POST: makes a draft of one's own."""
    with service().database.read() as session:
        version = find_version(session, organisation, achievement)
        homes = class_homes(session)
        content = content_of(version)
        owner = version.achievement.organisation.name
        image_url = installation().addresses.path(
            "achievement_svg", organisation=organisation, achievement=achievement, version=version.version
        )
    if not homes:
        raise ConflictError(
            "You make badges in no organisation that still awards. Ask its owner for the role of author."
        )
    if request.method == "POST":
        slug = read_form(("organisation",), 100)["organisation"] if len(homes) > 1 else homes[0].slug
        with write() as session:
            home = organisation_in_scope(session, slug, Permission.EDIT_CLASSES)
            made = copy_class(session, installation(), find_version(session, organisation, achievement), home)
            places: dict[str, Any] = {"organisation": home.slug, "achievement": made.achievement.slug}
        notice(say("Copied. It is a draft: change what you like, then publish it."))
        return redirect(url_for("admin.edit_class", **places), 303)
    page = render_template(
        "admin/class_copy.html",
        name=content.name,
        owner=owner,
        licence=LICENCE_WORDING[content.licence],
        may_copy=bool(content.licence) or any(each.slug == organisation for each in homes),
        image_url=image_url,
        homes=home_options(homes),
        form=Form({"organisation": homes[0].slug if len(homes) == 1 else ""}),
        public_url=installation().addresses.path(
            "achievement_newest", organisation=organisation, achievement=achievement
        ),
    )
    return make_response(page)


def class_note(organisation: str, achievement: str) -> Response:
    """GET /admin/badges/<organisation>/<slug>/note: what an organisation adds to a badge of a pack. POST: keeps it."""
    values = read_form(("local_note",)) if request.method == "POST" else {}
    status, problem = 200, None
    if request.method == "POST":
        try:
            with write() as session:
                found = class_in_scope(session, organisation, achievement, Permission.EDIT_CLASSES)
                set_local_note(session, installation(), found, values["local_note"])
        except InvalidInputError as error:
            status, problem = 400, error
        else:
            notice(say("Saved. Badges that were awarded before keep what they said."))
            return redirect(url_for("admin.achievement", organisation=organisation, achievement=achievement), 303)
    with service().database.read() as session:
        found = class_in_scope(session, organisation, achievement, Permission.EDIT_CLASSES)
        newest = newest_of(session, found)
        if found.pack_id is None or newest is None:
            return redirect(url_for("admin.edit_class", organisation=organisation, achievement=achievement))
        form = with_error(values, problem) if problem else Form({"local_note": newest.local_note})
        page = render_template(
            "admin/class_note.html",
            name=newest.name,
            criteria=newest.criteria,
            endorsers=_endorsers(session, newest),
            form=form,
            places={"organisation": organisation, "achievement": achievement},
        )
    return make_response(page, status)
