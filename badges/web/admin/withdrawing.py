"""Withdrawing an award, with a reason that anybody can read."""

from __future__ import annotations

from uuid import UUID

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from badges.errors import InvalidInputError
from badges.services.revocation import revoke_award
from badges.vocab.people import Permission
from badges.vocab.status import REVOCATION_WORDING
from badges.web.admin.scope import award_in_scope
from badges.web.admin.views import recipient_text
from badges.web.current import call_worker, installation, require_viewer, service, write
from badges.web.forms import Form, read_form, with_error
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
            reasons=[{"value": str(reason), "text": wording} for reason, wording in REVOCATION_WORDING.items()],
            form=form,
        )
    return make_response(page, status)
