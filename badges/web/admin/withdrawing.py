"""Withdrawing an award, or all of a list, with a reason that anybody can read."""

from __future__ import annotations

from uuid import UUID

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from badges.errors import ConflictError, InvalidInputError
from badges.services.batch_withdrawing import count_standing, withdraw_batch
from badges.services.revocation import revoke_award
from badges.vocab.people import Permission
from badges.vocab.status import REVOCATION_WORDING
from badges.web.admin.scope import award_in_scope, batch_in_scope
from badges.web.admin.views import recipient_text
from badges.web.current import call_worker, installation, require_viewer, service, write
from badges.web.forms import Form, read_form, with_error
from badges.web.public.views import class_view
from badges.web.templating import notice
from badges.wording import say


def withdraw(award_id: UUID) -> Response:
    """GET /admin/awards/<uuid>/withdraw: the reasons. POST: withdraws."""
    if request.method != "POST":
        return _page(award_id, Form({}))
    values = read_form(("reason", "note"))
    try:
        if not values["reason"]:
            raise InvalidInputError("Choose why it is withdrawn.", field="reason")
        with write() as session:
            award = award_in_scope(session, award_id, Permission.REVOKE)
            revoke_award(
                session,
                installation(),
                award,
                values["reason"],
                note=values["note"],
                revoked_by_id=require_viewer().id,
            )
    except InvalidInputError as problem:
        return _page(award_id, with_error(values, problem), 400)
    call_worker()
    notice(say("Withdrawn. Its page now says so, and the person gets a mail."))
    return redirect(url_for("admin.award_detail", award_id=award_id), 303)


def _page(award_id: UUID, form: Form, status: int = 200) -> Response:
    addresses = installation().addresses
    with service().database.read() as session:
        award = award_in_scope(session, award_id, Permission.REVOKE)
        if award.revoked_at is not None:
            return redirect(url_for("admin.award_detail", award_id=award_id))
        page = render_template(
            "admin/withdraw.html",
            award={
                "recipient": recipient_text(award),
                "badge_name": award.achievement_version.name,
                "image_url": addresses.path("credential_svg", award_id=award.id),
                "image_alt": award.achievement_version.image_alt,
                "url": url_for("admin.award_detail", award_id=award_id),
            },
            reasons=_reasons(),
            form=form,
        )
    return make_response(page, status)


def _reasons() -> list[dict[str, object]]:
    return [{"value": str(reason), "text": wording} for reason, wording in REVOCATION_WORDING.items()]


def withdraw_list(batch_id: int) -> Response:
    """GET /admin/batches/<id>/withdraw: the reasons. POST: withdraws every badge of the list that stands."""
    if request.method != "POST":
        return _list_page(batch_id, Form({}))
    values = read_form(("reason", "note"))
    try:
        if not values["reason"]:
            raise InvalidInputError("Choose why they are withdrawn.", field="reason")
        with write() as session:
            batch_in_scope(session, batch_id, Permission.REVOKE)
            count = withdraw_batch(
                session,
                installation(),
                batch_id,
                values["reason"],
                note=values["note"],
                revoked_by_id=require_viewer().id,
            )
    except InvalidInputError as problem:
        return _list_page(batch_id, with_error(values, problem), 400)
    except ConflictError as problem:
        return _list_page(batch_id, Form(values, {"": problem.message}), 409)
    call_worker()
    notice(say("Withdrawn: %(count)s. Their pages now say so, and each person gets a mail.", count=f"{count:,}"))
    return redirect(url_for("admin.batch", batch_id=batch_id), 303)


def _list_page(batch_id: int, form: Form, status: int = 200) -> Response:
    addresses = installation().addresses
    with service().database.read() as session:
        batch = batch_in_scope(session, batch_id, Permission.REVOKE)
        view = class_view(batch.achievement_version, addresses)
        page = render_template(
            "admin/batch_withdraw.html",
            batch={
                "id": batch_id,
                "badge_name": view["name"],
                "image_url": view["image_url"],
                "url": url_for("admin.batch", batch_id=batch_id),
            },
            count=count_standing(session, batch),
            reasons=_reasons(),
            form=form,
        )
    return make_response(page, status)
