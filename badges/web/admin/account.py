"""The viewer's own account: password, second factors, passkeys, recovery codes, and where they are signed in."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, session, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from badges.errors import InvalidInputError, NotFoundError
from badges.rendering.qr import qr_svg
from badges.services.identities import list_identities, unlink
from badges.services.second_factors import (
    add_passkey,
    count_recovery_codes,
    has_second_factor,
    list_passkeys,
    make_recovery_codes,
    needs_second_factor,
    new_totp_secret,
    passkey_options,
    remove_passkey,
    remove_totp,
    set_totp,
    totp_url,
)
from badges.services.sessions import end_session, end_sessions, list_sessions
from badges.storage.records import AccountRecord, SessionRecord
from badges.web import access
from badges.web.current import installation, require_viewer, service, write
from badges.web.forms import Form, read_form
from badges.web.templating import notice
from badges.wording import say

_TOTP: Final = "new_totp_secret"
_CHALLENGE: Final = "new_passkey_challenge"
_HOW: Final = {
    "password": say("with a password"),
    "link": say("with a link"),
    "code": say("with a code from a mail"),
    "invitation": say("with an invitation"),
    "passkey": say("with a passkey"),
    "provider": say("with a work account"),
}


def account() -> Response:
    """GET /admin/account: how the viewer signs in, and where they are signed in."""
    current = access.current_session()
    with service().database.read() as database_session:
        viewer = require_viewer()
        page = render_template(
            "admin/account.html",
            has_password=viewer.password_hash is not None,
            has_app=viewer.totp_secret is not None,
            passkeys=[_passkey_view(each) for each in list_passkeys(database_session, viewer)],
            codes_left=count_recovery_codes(database_session, viewer),
            must_set_up=needs_second_factor(viewer) and not has_second_factor(database_session, viewer),
            sessions=[_session_view(each, current) for each in list_sessions(database_session, installation(), viewer)],
            identities=[
                {"id": each.id, "issuer": each.issuer, "linked_at": each.linked_at}
                for each in list_identities(database_session, viewer)
            ],
        )
    return make_response(page)


def _passkey_view(passkey: Any) -> dict[str, Any]:
    return {"id": passkey.id, "name": passkey.name, "created_at": passkey.created_at, "used_at": passkey.used_at}


def _session_view(found: SessionRecord, current: SessionRecord | None) -> dict[str, Any]:
    return {
        "id": found.id,
        "browser": found.browser,
        "how": _HOW.get(found.how, found.how),
        "has_second": found.has_second,
        "begun_at": found.begun_at,
        "seen_at": found.seen_at,
        "is_this": current is not None and found.id == current.id,
    }


def account_app() -> AnyResponse:
    """GET /admin/account/app: a new authenticator app. POST: sets it up, proven by a code."""
    if (way := access.must_prove()) is not None:
        return way
    if request.method != "POST":
        session[_TOTP] = new_totp_secret()
        return _app_page(Form())
    values = read_form(("code",), 20)
    try:
        if _TOTP not in session:
            raise InvalidInputError("This page is too old. Begin again.", field="code")
        with write() as database_session:
            viewer = _viewer_of(database_session)
            set_totp(database_session, installation(), viewer, session[_TOTP], values["code"])
            codes = _first_codes(database_session, viewer)
            _note_second(database_session)
    except InvalidInputError as problem:
        session.setdefault(_TOTP, new_totp_secret())
        return _app_page(Form(values, {"code": problem.message}), 400)
    session.pop(_TOTP)
    notice(say("Your authenticator app is set up. It is asked for at your next sign-in."))
    return _codes_page(codes) if codes else redirect(url_for("admin.account"), 303)


def _app_page(form: Form, status: int = 200) -> Response:
    secret = session[_TOTP]
    qr = qr_svg(totp_url(require_viewer(), secret), label="QR code for an authenticator app")
    page = render_template(
        "admin/account_app.html",
        form=form,
        qr_svg=Markup(qr),  # noqa: S704 — drawn by us
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def account_app_remove() -> AnyResponse:
    """POST /admin/account/app/remove."""
    if (way := access.must_prove()) is not None:
        return way
    with write() as database_session:
        remove_totp(database_session, installation(), _viewer_of(database_session))
    notice(say("The authenticator app is not asked for any more."))
    return redirect(url_for("admin.account"), 303)


def account_codes() -> AnyResponse:
    """POST /admin/account/recovery-codes: makes new ones and shows them, once."""
    if (way := access.must_prove()) is not None:
        return way
    with write() as database_session:
        codes = make_recovery_codes(database_session, installation(), _viewer_of(database_session))
    return _codes_page(codes)


def _codes_page(codes: list[str]) -> Response:
    response = make_response(render_template("admin/account_codes.html", codes=codes))
    response.headers["Cache-Control"] = "no-store"
    return response


def account_passkey_options() -> AnyResponse:
    """POST /admin/account/passkeys/options: what the browser is asked, as JSON."""
    if access.must_prove() is not None:
        return Response('{"again": true}', 403, content_type="application/json")
    with service().database.read() as database_session:
        options, challenge = passkey_options(database_session, installation(), require_viewer())
    session[_CHALLENGE] = challenge
    return Response(options, content_type="application/json", headers={"Cache-Control": "no-store"})


def account_passkeys() -> AnyResponse:
    """POST /admin/account/passkeys: keeps what the browser made."""
    if (way := access.must_prove()) is not None:
        return way
    values = read_form(("answer", "name"), 20_000)
    try:
        with write() as database_session:
            viewer = _viewer_of(database_session)
            add_passkey(
                database_session,
                installation(),
                viewer,
                answer=values["answer"],
                challenge=session.pop(_CHALLENGE, ""),
                name=values["name"],
            )
            codes = _first_codes(database_session, viewer)
            _note_second(database_session)
    except InvalidInputError as problem:
        notice(problem.message, "warning")
        return redirect(url_for("admin.account"), 303)
    notice(say("Your passkey is there. It signs you in by itself."))
    return _codes_page(codes) if codes else redirect(url_for("admin.account"), 303)


def account_passkey_remove(passkey_id: int) -> AnyResponse:
    """POST /admin/account/passkeys/<number>/remove."""
    if (way := access.must_prove()) is not None:
        return way
    with write() as database_session:
        remove_passkey(database_session, installation(), _viewer_of(database_session), passkey_id)
    notice(say("The passkey opens nothing here any more. Take it away in your device, too."))
    return redirect(url_for("admin.account"), 303)


def account_sessions() -> AnyResponse:
    """POST /admin/account/sessions: ends one, or all others."""
    do, current = request.form.get("do", ""), access.current_session()
    with write() as database_session:
        viewer = _viewer_of(database_session)
        if do == "others" and current is not None:
            end_sessions(database_session, installation(), viewer, but=current.id)
        else:
            end_session(database_session, installation(), viewer, _number(request.form.get("session", "")))
    notice(say("Ended. Whoever sits there has to sign in again."))
    return redirect(url_for("admin.account"), 303)


def account_unlink(identity_id: int) -> AnyResponse:
    """POST /admin/account/identities/<number>/remove: unlinks a work account."""
    if (way := access.must_prove()) is not None:
        return way
    with write() as database_session:
        unlink(database_session, installation(), _viewer_of(database_session), identity_id)
    notice(say("The work account is not linked any more."))
    return redirect(url_for("admin.account"), 303)


def _number(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFoundError("This session has ended already.") from None


def _viewer_of(database_session: Session) -> AccountRecord:
    """Return the viewer's row in this transaction."""
    return database_session.get_one(AccountRecord, require_viewer().id)


def _first_codes(database_session: Session, viewer: AccountRecord) -> list[str]:
    """Make recovery codes with the first second factor: without them a lost phone locks its owner out."""
    if count_recovery_codes(database_session, viewer):
        return []
    return make_recovery_codes(database_session, installation(), viewer)


def _note_second(database_session: Session) -> None:
    """Note that this session has shown a second factor: it was just made in it."""
    current = access.current_session()
    found = database_session.get(SessionRecord, current.id) if current else None
    if found is not None:
        found.has_second = True
