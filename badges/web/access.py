"""Who is signed in, and whether they may. Asked before every view, by the permission in `routes.ROUTES`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, g, redirect, request, session, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from badges.errors import NotAllowedError, NotFoundError, NotRecognisedError
from badges.services.accounts import Grants, grants_of
from badges.services.api_keys import find_key, note_used
from badges.services.api_keys import is_due_to_be_seen as is_key_due
from badges.services.second_factors import has_second_factor, needs_second_factor
from badges.services.sessions import begin_session, find_session, is_due_to_be_seen, is_proven, note_seen
from badges.storage.records import AccountRecord, ApiKeyRecord, SessionRecord
from badges.vocab.api import SCOPE_OF, ApiScope
from badges.vocab.audit import Actor, ActorKind
from badges.vocab.people import Permission
from badges.web.current import installation, service, viewer

if TYPE_CHECKING:
    from badges.web.routes import Route

_SESSION: Final = "session"
_SECOND: Final = "second_factor"
SECOND_LIFETIME: Final = timedelta(minutes=10)
_OPEN: Final = (Permission.PUBLIC, Permission.LINK_HOLDER, Permission.TEST_MODE)
# Where somebody may go who must set up a second factor before anything else.
_WITHOUT_SECOND: Final = ("admin.account", "public.sign_out")


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
        if route.permission in SCOPE_OF:
            g.viewer, g.grants, g.session_record = None, Grants(), None
            g.api_key = _key_of_request(SCOPE_OF[route.permission])
            return None
        g.viewer, g.grants, g.session_record = (None, Grants(), None) if route.is_document else _viewer()
        if route.permission not in _OPEN:
            if g.viewer is None:
                return redirect(url_for("public.sign_in", next=_wanted_page()))
            if _lacks_second_factor() and not route.endpoint.startswith(_WITHOUT_SECOND):
                return redirect(url_for("admin.account", needed="second"))
            if route.permission not in g.grants.permissions:
                raise NotFoundError("There is no page at this address.")
        if route.guarded:
            guard.protect()
        return None


def _key_of_request(scope: ApiScope) -> ApiKeyRecord:
    """Return the key that came with this request. Raises NotRecognisedError, NotAllowedError.

    Source: RFC 6750, section 2.1.
    """
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise NotRecognisedError("Send a key of your organisation: Authorization: Bearer badges_…")
    with service().database.read() as database_session:
        key = find_key(database_session, installation(), secret.strip())
    if key is None:
        raise NotRecognisedError("This key opens nothing: it is mistyped, was withdrawn, or has run out.")
    if scope not in key.scopes:
        raise NotAllowedError('This key is not good for that. It needs "%(scope)s".', scope=scope.value)
    if is_key_due(installation(), key):
        with service().database.write(Actor(ActorKind.API_KEY, None, str(key.id))) as database_session:
            note_used(database_session, installation(), key.id)
    return key


def sign_in(account: AccountRecord, *, how: str, next_page: str = "", is_enough: bool = False) -> Response:
    """Answer somebody who has shown who they are: begin a session, or ask for their second factor first.

    how: by what. is_enough: whether that was two factors in one, as a passkey is.
    """
    with service().database.read() as database_session:
        asks = not is_enough and has_second_factor(database_session, account)
    if not asks:
        return finish_sign_in(account, how=how, has_second=is_enough, next_page=next_page)
    at = installation().clock().timestamp()
    session.clear()
    session[_SECOND] = {"account": account.id, "how": how, "at": at, "next": next_page}
    return redirect(url_for("public.sign_in_second"), 303)


def waits_for_second() -> dict[str, Any] | None:
    """Return who has shown the first factor in this browser a moment ago, and nobody later than that."""
    kept = session.get(_SECOND)
    if not isinstance(kept, dict):
        return None
    if installation().clock().timestamp() - float(kept.get("at", 0)) > SECOND_LIFETIME.total_seconds():
        session.pop(_SECOND)
        return None
    return kept


def finish_sign_in(account: AccountRecord, *, how: str, has_second: bool, next_page: str = "") -> Response:
    """Begin a session; whatever the browser had before is gone."""
    with service().database.write(Actor(ActorKind.PERSON, account.id)) as database_session:
        merged = database_session.get_one(AccountRecord, account.id)
        secret = begin_session(
            database_session,
            installation(),
            merged,
            how=how,
            has_second=has_second,
            user_agent=request.headers.get("User-Agent", "")[:500],
        )
    session.clear()
    session[_SESSION] = secret
    session.permanent = True
    return redirect(safe_next(next_page), 303)


def sign_out() -> None:
    """End the session in this browser."""
    session.clear()
    g.viewer, g.grants, g.session_record = None, Grants(), None


def current_session() -> SessionRecord | None:
    """Return the session of this request."""
    found: SessionRecord | None = g.get("session_record")
    return found


def must_prove() -> Response | None:
    """Return the way to sign in once more, where who is signed in has not shown lately who they are."""
    found = current_session()
    if found is not None and is_proven(installation(), found):
        return None
    return redirect(url_for("public.sign_in", again="yes", next=url_for("admin.account")), 303)


def safe_next(wanted: str) -> str:
    """Return a page of ours to go to after signing in; anything else becomes the dashboard."""
    if wanted.startswith(("/admin", "/invitation/")) and "\\" not in wanted and "//" not in wanted:
        return wanted
    return url_for("admin.dashboard")


def _viewer() -> tuple[AccountRecord | None, Grants, SessionRecord | None]:
    """Return who is signed in, what they may do where, and their session."""
    secret = session.get(_SESSION)
    if not isinstance(secret, str):
        return None, Grants(), None
    with service().database.read() as database_session:
        found = find_session(database_session, installation(), secret)
        if found is None:
            return None, Grants(), None
        held = grants_of(database_session, found.account)
    if is_due_to_be_seen(installation(), found):
        with service().database.write() as database_session:
            note_seen(database_session, installation(), found.id)
    return found.account, held, found


def _lacks_second_factor() -> bool:
    account, found = viewer(), current_session()
    if account is None or found is None or found.has_second or not needs_second_factor(account):
        return False
    with service().database.read() as database_session:
        return not has_second_factor(database_session, account)


def _wanted_page() -> str | None:
    return request.full_path.rstrip("?") if request.method != "POST" else None
