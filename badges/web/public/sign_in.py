"""Signing in: a password, or a one-time link by mail with a code for when the link opens elsewhere."""

from __future__ import annotations

import secrets
from typing import Final
from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from badges.errors import BadgesError, InvalidInputError, NotAllowedError
from badges.services.accounts import account_of_session
from badges.services.signing_in import (
    LINK_LIFETIME_MINUTES,
    account_of_link,
    check_password,
    end_sessions,
    mail_sign_in_link,
    use_sign_in_code,
    use_sign_in_link,
)
from badges.standards.identity import normalise_email
from badges.web import access
from badges.web.current import call_worker, installation, require_viewer, service, viewer, write
from badges.web.forms import Form, read_form, with_error
from badges.wording import say

_MARK: Final = "sign_in_mark"
_PENDING: Final = "sign_in_pending"


def sign_in() -> AnyResponse:
    """GET /sign-in: the form. POST: signs in with a password, or sends a link."""
    if viewer() is not None:
        return redirect(url_for("admin.dashboard"))
    if request.method != "POST":
        return _form(Form(), request.args.get("next", ""))
    values = read_form(("email", "password", "how", "next"), 500)
    try:
        address = _address(values["email"])
        if values["how"] == "link":
            return _send_link(address, values["next"])
        if not values["password"]:
            raise InvalidInputError("Type your password, or have a link sent to you.", field="password")
        with write() as database_session:
            account = check_password(database_session, installation(), address, values["password"])
        if account is None:
            wrong = say(
                "The e-mail address or the password is not right. You can also ask for a sign-in link by e-mail."
            )
            raise NotAllowedError(wrong)
    except InvalidInputError as problem:
        return _form(with_error(values, problem), values["next"], 400)
    except NotAllowedError as problem:
        return _form(Form(values, {"password": problem.message}), values["next"], 403)
    access.sign_in(account)
    return redirect(access.safe_next(values["next"]), 303)


def _address(text: str) -> str:
    try:
        return normalise_email(text)
    except InvalidInputError as problem:
        raise InvalidInputError(problem.message, field="email") from problem


def _form(form: Form, next_page: str, status: int = 200) -> Response:
    return make_response(
        render_template("public/sign_in.html", form=form, next_page=next_page, minutes=LINK_LIFETIME_MINUTES), status
    )


def _send_link(address: str, next_page: str) -> AnyResponse:
    mark = secrets.token_urlsafe(24)
    with write() as database_session:
        link_id = mail_sign_in_link(database_session, installation(), address, mark)
    session[_MARK] = mark
    session[_PENDING] = {"link": str(link_id), "email": address, "next": next_page}
    call_worker()
    return redirect(url_for("public.sign_in_code"), 303)


def sign_in_code() -> AnyResponse:
    """GET /sign-in/code: "look in your mail". POST: signs in with the code from the mail."""
    pending = session.get(_PENDING)
    if not isinstance(pending, dict) or _MARK not in session:
        return redirect(url_for("public.sign_in"), 303)
    if request.method != "POST":
        return make_response(render_template("public/sign_in_sent.html", form=Form(), email=pending["email"]))
    values = read_form(("code",), 20)
    try:
        with write() as database_session:
            account = use_sign_in_code(
                database_session, installation(), UUID(pending["link"]), values["code"], session[_MARK]
            )
    except BadgesError as problem:
        form = Form(values, {"code": problem.message})
        return make_response(render_template("public/sign_in_sent.html", form=form, email=pending["email"]), 400)
    if account is None:
        wrong = say("This is not the code from the newest mail. Look again; it has six digits.")
        form = Form(values, {"code": wrong})
        return make_response(render_template("public/sign_in_sent.html", form=form, email=pending["email"]), 400)
    access.sign_in(account)
    return redirect(access.safe_next(pending.get("next", "")), 303)


def sign_in_link(token: str) -> AnyResponse:
    """GET /sign-in/<token>: a button. POST: signs in, once. A mail scanner that opens the link signs nobody in."""
    if request.method != "POST":
        with service().database.read() as database_session:
            account = account_of_link(database_session, installation(), token)
        page = render_template("public/sign_in_link.html", token=token, email=account.email)
        return _unshared(make_response(page))
    pending = session.get(_PENDING)
    wanted = str(pending.get("next", "")) if isinstance(pending, dict) else ""
    with write() as database_session:
        account = use_sign_in_link(database_session, installation(), token, session.get(_MARK))
    access.sign_in(account)
    return _unshared(make_response(redirect(access.safe_next(wanted), 303)))


def sign_out() -> AnyResponse:
    """POST /sign-out: ends the account's sessions, in every browser."""
    with write() as database_session:
        account = account_of_session(database_session, require_viewer().session_key)
        if account is not None:
            end_sessions(database_session, installation(), account)
    access.sign_out()
    return redirect(url_for("public.home"), 303)


def _unshared(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
