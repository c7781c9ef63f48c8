"""An award put right: the name, the address; and renewed. Nothing is withdrawn, and its page stays where it is."""

from __future__ import annotations

from uuid import UUID

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from badges.errors import AlreadyHeldError, ConflictError, InvalidInputError, UnavailableError
from badges.services.correcting import correct_name, renew_award
from badges.services.superseding import supersede_award
from badges.standards.identity import normalise_email
from badges.vocab.people import Permission
from badges.vocab.status import SupersessionReason
from badges.web.admin.scope import award_in_scope
from badges.web.admin.views import recipient_text
from badges.web.current import call_worker, installation, service, write
from badges.web.forms import Form, read_form, with_error
from badges.web.templating import notice
from badges.wording import say


def correct(award_id: UUID) -> Response:
    """GET /admin/awards/<uuid>/correct: name and address. POST: puts them right."""
    if request.method != "POST":
        return _page(award_id, None)
    values = read_form(("name", "email"), 500)
    is_new = False
    try:
        with write() as session:
            award = award_in_scope(session, award_id, Permission.AWARD)
            has_name = correct_name(session, installation(), award, values["name"])
            is_other = award.person is not None and normalise_email(values["email"]) != award.person.email
            if is_other:
                is_new = supersede_award(
                    session, installation(), award, SupersessionReason.EMAIL, email=values["email"]
                )
    except InvalidInputError as problem:
        return _page(award_id, with_error(values, problem), 400)
    except AlreadyHeldError as problem:
        return _page(award_id, Form(values, {"email": problem.message}), 409)
    except ConflictError as problem:
        return _page(award_id, Form(values, {"": problem.message}), 409)
    except UnavailableError as problem:
        return _page(award_id, Form(values, {"": problem.message}), 503)
    if is_new:
        call_worker()
        notice(say("The badge was signed for the new address, and the mail is on its way there."))
    elif has_name:
        notice(say("The name was put right. The badge stays as it was signed."))
    return redirect(url_for("admin.award_detail", award_id=award_id), 303)


def renew(award_id: UUID) -> Response:
    """POST /admin/awards/<uuid>/renew."""
    with write() as session:
        renew_award(session, installation(), award_in_scope(session, award_id, Permission.AWARD))
    call_worker()
    notice(say("Renewed. The person gets a mail."))
    return redirect(url_for("admin.award_detail", award_id=award_id), 303)


def _page(award_id: UUID, form: Form | None, status: int = 200) -> Response:
    with service().database.read() as session:
        award = award_in_scope(session, award_id, Permission.AWARD)
        if award.revoked_at is not None:
            return redirect(url_for("admin.award_detail", award_id=award_id))
        email = award.person.email if award.person else ""
        page = render_template(
            "admin/correct.html",
            award={
                "recipient": recipient_text(award),
                "badge_name": award.achievement_version.name,
                "image_url": installation().addresses.path("credential_svg", award_id=award.id),
                "url": url_for("admin.award_detail", award_id=award_id),
                "has_email": bool(email),
            },
            form=form or Form({"name": award.name, "email": email}),
        )
    return make_response(page, status)
