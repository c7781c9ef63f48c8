"""The viewer's own password."""

from __future__ import annotations

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from badges.errors import InvalidInputError, NotAllowedError
from badges.services.signing_in import check_password, set_password
from badges.storage.records import AccountRecord
from badges.web import access
from badges.web.current import installation, require_viewer, write
from badges.web.forms import Form, read_form
from badges.web.templating import notice
from badges.wording import say


def password() -> Response:
    """GET /admin/account/password: the form. POST: sets it, and ends the sessions in other browsers."""
    has_password = require_viewer().password_hash is not None
    if not has_password and (way := access.must_prove()) is not None:
        return way
    if request.method != "POST":
        return _page(Form())
    values = read_form(("current_password", "new_password"), 500)
    found = access.current_session()
    try:
        with write() as session:
            account = session.get_one(AccountRecord, require_viewer().id)
            is_right = not has_password or check_password(
                session, installation(), account.email, values["current_password"]
            )
            if is_right:
                set_password(session, installation(), account, values["new_password"])
    except InvalidInputError as problem:
        return _page(Form({}, {"new_password": problem.message}), 400)
    except NotAllowedError as problem:
        return _page(Form({}, {"current_password": problem.message}), 403)
    if not is_right:
        return _page(Form({}, {"current_password": say("This is not the password you have now.")}), 400)
    answer = access.finish_sign_in(
        account,
        how=found.how if found else "password",
        has_second=bool(found and found.has_second),
        next_page=url_for("admin.account"),
    )
    notice(say("Your password is set. Other browsers where you were signed in have to sign in again."))
    return answer


def _page(form: Form, status: int = 200) -> Response:
    has_password = require_viewer().password_hash is not None
    return make_response(render_template("admin/password.html", form=form, has_password=has_password), status)
