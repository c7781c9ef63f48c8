"""The viewer's own password."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from badges.errors import InvalidInputError, NotAllowedError
from badges.services.accounts import account_of_session
from badges.services.signing_in import check_password, set_password
from badges.web import access
from badges.web.current import installation, require_viewer, write
from badges.web.forms import Form, read_form
from badges.web.templating import notice
from badges.wording import say


def password() -> Response:
    """GET /admin/password: the form. POST: sets it, and ends the sessions in other browsers."""
    if request.method != "POST":
        return _page(Form())
    values = read_form(("current_password", "new_password"), 500)
    try:
        with write() as session:
            account = account_of_session(session, require_viewer().session_key)
            if account is None:
                raise NotAllowedError("You were signed out meanwhile. Sign in again.")
            if account.password_hash is not None and not check_password(
                session, installation(), account.email, values["current_password"]
            ):
                account = None
            else:
                set_password(session, installation(), account, values["new_password"])
    except InvalidInputError as problem:
        return _page(Form({}, {"new_password": problem.message}), 400)
    if account is None:
        return _page(Form({}, {"current_password": say("This is not the password you have now.")}), 400)
    access.sign_in(account)
    notice(say("Your password is set. Other browsers where you were signed in have to sign in again."))
    return redirect(url_for("admin.dashboard"), 303)


def _page(form: Form, status: int = 200) -> Response:
    has_password = require_viewer().password_hash is not None
    return make_response(render_template("admin/password.html", form=form, has_password=has_password), status)
