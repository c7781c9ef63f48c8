"""Who is signed in, and whether they may. Asked before every view, by the permission in `routes.ROUTES`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from flask import Flask, g, redirect, request, session, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from badges.errors import NotFoundError
from badges.services.accounts import Grants, account_of_session, grants_of
from badges.storage.records import AccountRecord
from badges.vocab.people import Permission
from badges.web.current import service

if TYPE_CHECKING:
    from badges.web.routes import Route

_SESSION_KEY: Final = "account"
_OPEN: Final = (Permission.PUBLIC, Permission.LINK_HOLDER, Permission.TEST_MODE)


def prepare(app: Flask, routes: Sequence[Route]) -> None:
    """Have every request looked at. A route that is not in the table, other than static files, is refused."""
    by_endpoint = {route.endpoint: route for route in routes}
    guard = CSRFProtect(app)

    @app.before_request
    def look_at_request() -> Response | None:
        if request.endpoint is None or request.endpoint == "static":
            return None
        route = by_endpoint[request.endpoint]
        if route.permission is Permission.TEST_MODE and not service().settings.test_mode:
            raise NotFoundError("There is no page at this address.")
        g.permission = route.permission
        g.viewer, g.grants = (None, Grants()) if route.is_document else _viewer()
        if route.permission not in _OPEN:
            if g.viewer is None:
                return redirect(url_for("public.sign_in", next=_wanted_page()))
            if route.permission not in g.grants.permissions:
                raise NotFoundError("There is no page at this address.")
        if route.guarded:
            guard.protect()
        return None


def sign_in(account: AccountRecord) -> None:
    """Begin a session; whatever the browser had before is gone."""
    session.clear()
    session[_SESSION_KEY] = account.session_key
    session.permanent = True
    g.viewer, g.grants = account, Grants()


def sign_out() -> None:
    """End the session in this browser."""
    session.clear()
    g.viewer, g.grants = None, Grants()


def safe_next(wanted: str) -> str:
    """Return a page of ours to go to after signing in; anything else becomes the dashboard."""
    if wanted.startswith(("/admin", "/invitation/")) and "\\" not in wanted and "//" not in wanted:
        return wanted
    return url_for("admin.dashboard")


def _viewer() -> tuple[AccountRecord | None, Grants]:
    """Return who is signed in, and what they may do where."""
    key = session.get(_SESSION_KEY)
    if not isinstance(key, str):
        return None, Grants()
    with service().database.read() as database_session:
        account = account_of_session(database_session, key)
        return account, grants_of(database_session, account) if account else Grants()


def _wanted_page() -> str | None:
    return request.full_path.rstrip("?") if request.method != "POST" else None
