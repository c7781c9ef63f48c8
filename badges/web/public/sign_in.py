"""Signing in: a password, a passkey, or a one-time link by mail with a code for when the link opens elsewhere; then the
second factor of who has one.
"""

from __future__ import annotations

import json
import secrets
from typing import Final
from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from badges.errors import BadgesError, InvalidInputError, NotAllowedError, NotFoundError
from badges.services.second_factors import (
    account_of_passkey,
    check_second_code,
    count_passkeys,
    passkey_challenge,
)
from badges.services.sessions import end_session
from badges.services.signing_in import (
    LINK_LIFETIME_MINUTES,
    account_of_link,
    check_password,
    mail_sign_in_link,
    use_sign_in_code,
    use_sign_in_link,
)
from badges.standards.identity import normalise_email
from badges.storage.records import AccountRecord
from badges.web import access
from badges.web.current import call_worker, installation, require_viewer, service, viewer, write
from badges.web.forms import Form, read_form, with_error
from badges.wording import say

_MARK: Final = "sign_in_mark"
_PENDING: Final = "sign_in_pending"
_CHALLENGE: Final = "passkey_challenge"


def sign_in() -> AnyResponse:
    """GET /sign-in: the form. POST: signs in with a password, or sends a link."""
    again = request.args.get("again") == "yes" or request.form.get("again") == "yes"
    if viewer() is not None and not again:
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
    return access.sign_in(account, how="password", next_page=values["next"])


def _address(text: str) -> str:
    try:
        return normalise_email(text)
    except InvalidInputError as problem:
        raise InvalidInputError(problem.message, field="email") from problem


def _form(form: Form, next_page: str, status: int = 200) -> Response:
    someone = viewer()
    page = render_template(
        "public/sign_in.html",
        form=form,
        next_page=next_page,
        minutes=LINK_LIFETIME_MINUTES,
        again=someone.email if someone else None,
    )
    return make_response(page, status)


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
    return access.sign_in(account, how="code", next_page=pending.get("next", ""))


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
    return _unshared(access.sign_in(account, how="link", next_page=wanted))


def sign_in_second() -> AnyResponse:
    """GET /sign-in/second: asks for the second factor. POST: signs in with a code of the app, or a recovery code."""
    waiting = access.waits_for_second()
    if waiting is None:
        return redirect(url_for("public.sign_in"), 303)
    if request.method != "POST":
        return _second_form(waiting["account"], Form())
    values = read_form(("code",), 40)
    try:
        with write() as database_session:
            account = database_session.get_one(AccountRecord, waiting["account"])
            right = check_second_code(database_session, installation(), account, values["code"])
    except NotAllowedError as problem:
        return _second_form(waiting["account"], Form(values, {"code": problem.message}), 403)
    if not right:
        wrong = say("This code is not right, or was used before. Wait for the next one, or use a recovery code.")
        return _second_form(waiting["account"], Form({}, {"code": wrong}), 400)
    return access.finish_sign_in(account, how=waiting["how"], has_second=True, next_page=waiting.get("next", ""))


def _second_form(account_id: int, form: Form, status: int = 200) -> Response:
    with service().database.read() as database_session:
        account = database_session.get_one(AccountRecord, account_id)
        page = render_template(
            "public/sign_in_second.html",
            form=form,
            has_app=account.totp_secret is not None,
            has_passkeys=count_passkeys(database_session, account) > 0,
        )
    return make_response(page, status)


def passkey_options() -> Response:
    """POST /sign-in/passkey/options: what the browser is asked, as JSON."""
    options, challenge = passkey_challenge(installation())
    session[_CHALLENGE] = challenge
    return Response(options, content_type="application/json", headers={"Cache-Control": "no-store"})


def sign_in_passkey() -> AnyResponse:
    """POST /sign-in/passkey: signs in with what the browser answered. It is two factors in one."""
    challenge = session.pop(_CHALLENGE, "")
    values = read_form(("answer", "next"), 10_000)
    waiting = access.waits_for_second()
    try:
        answer = json.loads(values["answer"])
    except ValueError:
        answer = None
    account = None
    if challenge and isinstance(answer, dict):
        with write() as database_session:
            account = account_of_passkey(database_session, installation(), answer=answer, challenge=challenge)
    if account is None or (waiting is not None and waiting["account"] != account.id):
        wrong = say("This passkey is not known here. Use another way to sign in.")
        return _form(Form({}, {"": wrong}), values["next"], 403)
    next_page = str(waiting.get("next", "")) if waiting else values["next"]
    return access.sign_in(account, how="passkey", next_page=next_page, is_enough=True)


def sign_out() -> AnyResponse:
    """POST /sign-out: ends the session in this browser."""
    found = access.current_session()
    if found is not None:
        try:
            with write() as database_session:
                end_session(database_session, installation(), require_viewer(), found.id)
        except NotFoundError:
            pass  # it was ended a moment ago from elsewhere
    access.sign_out()
    return redirect(url_for("public.home"), 303)


def _unshared(response: AnyResponse) -> AnyResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
