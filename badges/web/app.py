"""The Flask application: made from a `Service`, so that tests make it from another."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter, IntegerConverter

from badges.bootstrap import Service, templates_folder
from badges.web import access, errors, headers, limits, templating
from badges.web.current import SERVICE, AfterAward
from badges.web.routes import ROUTES

UPLOAD_LIMIT_BYTES: Final = 11 * 1024 * 1024
SESSION_LIFETIME: Final = timedelta(hours=12)


class SlugConverter(BaseConverter):
    """Lower-case letters, digits and hyphens."""

    regex = r"[a-z0-9-]+"


class NumberConverter(IntegerConverter):
    """A number as it is written: no zeros before it, and small enough for every database."""

    regex = r"0|[1-9]\d{0,8}"


def create_app(
    service: Service, *, after_award: AfterAward | None = None, after_start: AfterAward | None = None
) -> Flask:
    """Return the application. after_award: called when a mail was queued; after_start: when a list is to be awarded."""
    settings = service.settings
    app = Flask(
        "badges.web",
        static_folder=str(Path(__file__).parent / "static"),
        static_url_path="/static",
        template_folder=str(templates_folder()),
    )
    secure = settings.base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=service.installation.secrets.secret("sessions"),
        SESSION_COOKIE_NAME="__Host-badges" if secure else "badges",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SESSION_LIFETIME,
        MAX_CONTENT_LENGTH=UPLOAD_LIMIT_BYTES,
        MAX_FORM_MEMORY_SIZE=UPLOAD_LIMIT_BYTES,
        TRUSTED_HOSTS=_trusted_hosts(service),
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=secure,
    )
    app.extensions[SERVICE] = service
    app.extensions["after_award"] = after_award or (lambda: None)
    app.extensions["after_start"] = after_start or (lambda: None)
    app.url_map.converters["slug"] = SlugConverter
    app.url_map.converters["int"] = NumberConverter
    templating.prepare(app)
    access.prepare(app, ROUTES)
    errors.prepare(app)
    headers.prepare(app, ROUTES)
    limits.prepare(app, service.installation)
    for route in ROUTES:
        app.add_url_rule(route.rule, route.endpoint, route.view, methods=list(route.methods))
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


def _trusted_hosts(service: Service) -> list[str]:
    """Which Host headers are answered: others are refused, so that no link to a stranger's host is ever made."""
    own = urlsplit(service.settings.base_url).hostname or ""
    local = ["localhost", "127.0.0.1"] if service.settings.is_trial else []
    return [own, *service.settings.allowed_hosts, *local]
