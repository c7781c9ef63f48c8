"""What every template may use: addresses, translations, dates, static files."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g, session, url_for
from flask_babel import Babel, format_date, format_datetime, get_locale, gettext
from jinja2 import ChainableUndefined, ChoiceLoader, PackageLoader

from badges.campaign.wording import CAMPAIGN_LINES
from badges.web.current import grants, service
from badges.wording import Wording

_LONDON = ZoneInfo("Europe/London")


def prepare(app: Flask) -> None:
    """Give the templates their filters, globals and context."""
    environment = app.jinja_env
    environment.undefined = ChainableUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    if environment.loader is not None:
        environment.loader = ChoiceLoader([environment.loader, PackageLoader("nhsuk_frontend_jinja")])
    Babel(app, default_locale="en", default_timezone="Europe/London")
    environment.filters["translate"] = translate
    environment.filters["dateformat"] = _date
    environment.filters["datetimeformat"] = _moment
    environment.globals["campaign"] = CAMPAIGN_LINES
    environment.globals["url"] = _url
    environment.globals["path"] = url_for
    environment.globals["static"] = _static

    @app.context_processor
    def page_context() -> dict[str, Any]:
        return {
            "language": str(get_locale() or "en"),
            "trial_mode": service().settings.is_trial,
            "viewer": _viewer_view(),
            "notices": session.pop("notices", []) if "notices" in session else [],
        }


def translate(message: Wording | str) -> str:
    """Return a message in the reader's language, its values filled in, dates written out."""
    if not isinstance(message, Wording):
        return str(message)
    values = {name: _translated(value) for name, value in message.values.items()}
    template: str = gettext(message.template)
    return template % values if values else template


def _translated(value: object) -> object:
    if isinstance(value, Wording):
        return translate(value)
    return _date(value, "d MMMM y") if isinstance(value, date) else value


def notice(message: Wording, kind: str = "success") -> None:
    """Show a message at the top of the next page."""
    session["notices"] = [*session.get("notices", []), {"kind": kind, "message": translate(message)}]


def _viewer_view() -> dict[str, object] | None:
    account = g.get("viewer")
    if account is None:
        return None
    held = account.memberships
    organisation = held[0].organisation if held else None
    return {
        "email": account.email,
        "has_password": account.password_hash is not None,
        "organisation": {"name": organisation.name, "slug": organisation.slug} if organisation else None,
        "may": {permission.value.replace("-", "_"): True for permission in grants().permissions},
    }


def _url(name: str, **values: object) -> str:
    return service().installation.addresses.path(name, **values)


def _static(filename: str) -> str:
    return url_for("static", filename=filename, v=_digest(filename))


@cache
def _digest(filename: str) -> str:
    """Return a mark of a static file's content, so that browsers may keep it for ever."""
    path = Path(__file__).parent / "static" / filename
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def _date(moment: date | datetime, pattern: str) -> str:
    return str(format_date(_day_of(moment), pattern))


def _day_of(moment: date | datetime) -> date:
    """Return the day in London; of the first and last moments that there are, which have none there, their own."""
    if not isinstance(moment, datetime):
        return moment
    try:
        return moment.astimezone(_LONDON).date()
    except OverflowError:
        return moment.date()


def _moment(moment: datetime, pattern: str) -> str:
    return str(format_datetime(moment, pattern))
