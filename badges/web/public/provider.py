"""Signing in with an organisation's own accounts (OpenID Connect)."""

from __future__ import annotations

from typing import Final

from flask import make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from badges.errors import InvalidInputError, NotAllowedError
from badges.services.identities import account_of_claims, link
from badges.services.providers import finish, provider_of_slug, providers_for, start
from badges.standards.identity import normalise_email
from badges.storage.records import AccountRecord
from badges.web import access
from badges.web.current import installation, service, viewer, write
from badges.web.forms import Form, read_form
from badges.web.templating import notice
from badges.wording import say

_UNDER_WAY: Final = "provider"


def choose_provider() -> Response:
    """GET /sign-in/with: asks for the address. POST: shows, or goes to, the sign-ins that speak for it."""
    if request.method != "POST":
        return _choose_page(Form(), [])
    values = read_form(("email", "next"), 500)
    try:
        email = normalise_email(values["email"])
    except InvalidInputError as problem:
        return _choose_page(Form(values, {"email": problem.message}), [], 400)
    with service().database.read() as database_session:
        found = [
            {"name": each.name, "organisation": each.organisation.name, "slug": each.organisation.slug}
            for each in providers_for(database_session, email)
        ]
    if not found:
        none = say("No organisation has set this up for addresses of that ending. Use a link or your password.")
        return _choose_page(Form(values, {"email": none}), [], 404)
    return _choose_page(Form(values), found)


def _choose_page(form: Form, found: list[dict[str, str]], status: int = 200) -> Response:
    next_page = form.values.get("next", "") or request.args.get("next", "")
    page = render_template("public/provider.html", form=form, found=found, next_page=next_page)
    return make_response(page, status)


def sign_in_with(organisation: str) -> Response:
    """GET /sign-in/with/<organisation>: on to the provider. Only this browser's own session is changed."""
    with service().database.read() as database_session:
        provider = provider_of_slug(database_session, organisation)
    try:
        started = start(installation(), service().provider_web, provider)
    except NotAllowedError as problem:
        notice(problem.message, "warning")
        return redirect(url_for("public.sign_in"), 303)
    account = viewer()
    session[_UNDER_WAY] = started.kept | {
        "next": request.args.get("next", "")[:500],
        # Who is signed in wants to link their work account.
        "link": str(account.id) if account else "",
    }
    return redirect(started.url, 303)


def back_from_provider(organisation: str) -> Response:
    """GET /sign-in/with/<organisation>/back: signs in, in the browser that began."""
    kept = session.pop(_UNDER_WAY, None)
    answer = {name: value[:4_000] for name, value in request.args.items()}
    try:
        with service().database.read() as database_session:
            provider = provider_of_slug(database_session, organisation)
        claims = finish(installation(), service().provider_web, provider, kept or {}, answer)
        signed_in = viewer()
        wants_link = bool(kept and kept.get("link"))
        if wants_link and (signed_in is None or str(signed_in.id) != kept["link"]):
            raise NotAllowedError("Somebody else is signed in now. Begin again.")
        with write() as database_session:
            if wants_link and signed_in is not None:
                account = database_session.get_one(AccountRecord, signed_in.id)
                link(database_session, installation(), account, claims)
            else:
                account = account_of_claims(database_session, installation(), provider, claims)
    except NotAllowedError as problem:
        notice(problem.message, "warning")
        return redirect(url_for("public.sign_in") if viewer() is None else url_for("admin.account"), 303)
    if wants_link:
        notice(say("Your work account is linked. You can sign in with it from now on."))
        return redirect(url_for("admin.account"), 303)
    return access.sign_in(account, how="provider", next_page=str(kept.get("next", "")) if kept else "")
