"""Award one, then the next: three fields, Enter, and the next empty row appears."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from badges.errors import AlreadyHeldError, InvalidInputError, UnavailableError
from badges.services.awards import AwardRequest, award_badge
from badges.storage.queries.awards import find_awards, mail_states
from badges.storage.records import AwardRecord
from badges.vocab.people import Permission
from badges.web.admin.scope import award_scope, version_in_scope
from badges.web.admin.views import MAIL_STATES, admin_class_view, awardable, recipient_text
from badges.web.current import call_worker, installation, require_viewer, service, write
from badges.web.forms import Form, read_form, with_error
from badges.wording import say

_FIELDS: Final = ("email", "name", "narrative", "evidence_url", "again")
_JUST_AWARDED: Final = "just_awarded"
_REMEMBERED: Final = 10


def choose() -> str:
    """GET /admin/award: which badge?"""
    with service().database.read() as database_session:
        return render_template(
            "admin/award.html",
            classes=awardable(database_session),
            achievement=None,
            form=Form(),
            award_url=None,
        )


def award_one(organisation: str, achievement: str) -> AnyResponse:
    """GET /admin/award/<organisation>/<slug>: the row to fill in. POST: awards, and shows the next row."""
    place = f"{organisation}/{achievement}"
    if request.method != "POST":
        return _page(organisation, achievement, Form())
    values = read_form(_FIELDS)
    try:
        if not values["email"].strip():
            raise InvalidInputError("Type the e-mail address of the person who receives it.", field="email")
        with write() as database_session:
            version_in_scope(database_session, organisation, achievement, Permission.AWARD)
            record = award_badge(database_session, installation(), _request(place, values))
    except AlreadyHeldError as problem:
        held = say("%(email)s holds this badge already.", email=values["email"].strip())
        form = Form({**values, "held": problem.award_id}, {"email": held})
        return _page(organisation, achievement, form, 409)
    except UnavailableError as problem:
        return _page(organisation, achievement, Form(values, {"": problem.message}), 503)
    except InvalidInputError as problem:
        field = problem.field if problem.field in values else "email"
        return _page(
            organisation,
            achievement,
            with_error(values, InvalidInputError(problem.message, field=field)),
            400,
        )
    call_worker()
    _remember(place, record.id)
    return redirect(url_for("admin.award_one", organisation=organisation, achievement=achievement), 303)


def _request(place: str, values: dict[str, str]) -> AwardRequest:
    return AwardRequest(
        achievement=place,
        email=values["email"],
        name=values["name"],
        narrative=values["narrative"],
        evidence_url=values["evidence_url"],
        again=values["again"] == "yes",
        awarded_by_id=require_viewer().id,
    )


def _page(organisation: str, achievement: str, form: Form, status: int = 200) -> Response:
    with service().database.read() as database_session:
        version = version_in_scope(database_session, organisation, achievement, Permission.AWARD)
        page = render_template(
            "admin/award.html",
            achievement=admin_class_view(version),
            form=form,
            award_url=url_for("admin.award_one", organisation=organisation, achievement=achievement),
            many_url=url_for("admin.award_many", organisation=organisation, achievement=achievement),
            held_url=url_for("admin.award_detail", award_id=form.values["held"]) if "held" in form.values else None,
            awarded=_just_awarded(database_session, f"{organisation}/{achievement}"),
        )
    return make_response(page, status)


def _remember(place: str, award_id: UUID) -> None:
    """Keep in the browser's session which awards were just made with this badge."""
    rows = session.get(_JUST_AWARDED)
    kept = rows["ids"] if isinstance(rows, dict) and rows.get("place") == place else []
    session[_JUST_AWARDED] = {"place": place, "ids": [str(award_id), *kept][:_REMEMBERED]}


def _just_awarded(database_session: Session, place: str) -> list[dict[str, Any]]:
    """Return the rows of the awards that were just made in this browser with this badge, newest first."""
    kept = session.get(_JUST_AWARDED)
    if not isinstance(kept, dict) or kept.get("place") != place:
        return []
    ids = [UUID(award_id) for award_id in kept["ids"]]
    awards = find_awards(database_session, ids, award_scope())
    states = mail_states(database_session, ids)
    return [_row(awards[award_id], states.get(award_id)) for award_id in ids if award_id in awards]


def _row(award: AwardRecord, mail_state: str | None) -> dict[str, Any]:
    return {
        "url": url_for("admin.award_detail", award_id=award.id),
        "recipient": recipient_text(award),
        "email": award.person.email if award.person else "",
        "mail_state": MAIL_STATES.get(mail_state or "", "none"),
    }
