"""An invitation, opened from its mail. Opening it accepts nothing; a person types the code, or signs in."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from badges.errors import NotAllowedError
from badges.services.accounts import find_account
from badges.services.invitations import accept, open_invitation
from badges.vocab.people import ROLE_MEANING, ROLE_WORDING, Role
from badges.web import access
from badges.web.current import installation, service, viewer, write
from badges.web.forms import Form, read_form
from badges.web.templating import notice
from badges.wording import say


def invitation(token: str) -> Response:
    """GET /invitation/<token>: what is offered. POST: accepts it, with the code or as the account that it is for."""
    if request.method != "POST":
        return _page(token, Form())
    values = read_form(("code", "accept"), 40)
    if values["accept"] != "yes":  # a machine that sends the form as it is
        return _page(token, Form(values, {"code": say("Type the code, then press the button.")}), 400)
    signed_in = viewer()
    try:
        with write() as session:
            done = accept(session, installation(), token, code=values["code"], signed_in=signed_in)
            if done is None:
                account = None
            else:
                record, account = done
                slug, is_new = record.organisation.slug, signed_in is None
                goes_on = not record.organisation.is_set_up and Role.OWNER in record.roles
    except NotAllowedError as problem:
        return _page(token, Form(values, {"code": problem.message}), 403)
    if account is None:
        wrong = say("This is not the code from the newest mail. Look again; it has six digits.")
        return _page(token, Form(values, {"code": wrong}), 400)
    page = url_for("admin.start", organisation=slug) if goes_on else url_for("admin.dashboard")
    answer = access.sign_in(account, how="invitation", next_page=page) if is_new else redirect(page, 303)
    if not goes_on:
        notice(say("Welcome. You can begin."))
    return _unshared(answer)


def _page(token: str, form: Form, status: int = 200) -> Response:
    signed_in = viewer()
    with service().database.read() as session:
        record = open_invitation(session, installation(), token)
        account = find_account(session, record.email)
        page = render_template(
            "public/invitation.html",
            organisation=record.organisation.name,
            email=record.email,
            roles=[{"name": ROLE_WORDING[Role(role)], "meaning": ROLE_MEANING[Role(role)]} for role in record.roles],
            has_account=account is not None,
            is_signed_in=bool(signed_in and account and signed_in.id == account.id),
            someone_else=signed_in.email if signed_in and (account is None or signed_in.id != account.id) else None,
            action=request.path,
            sign_in_url=url_for("public.sign_in", next=request.path),
            form=form,
        )
    return _unshared(make_response(page, status))


def _unshared(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
