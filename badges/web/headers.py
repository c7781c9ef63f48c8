"""The headers of every answer: what a browser may load, keep and tell others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, request

from badges.vocab.people import Permission

if TYPE_CHECKING:
    from badges.web.routes import Route

_CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
# A picture of a badge may be opened by itself; nothing in it may run or load.
_DOCUMENT_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


def prepare(app: Flask, routes: Sequence[Route]) -> None:
    """Set the headers on every answer. Documents for anybody can be read by any other page, their errors too."""
    public = {route.endpoint for route in routes if route.permission is Permission.PUBLIC and not route.guarded}
    taking = {route.endpoint for route in routes if route.is_document and "POST" in route.methods}
    secure = bool(app.config["SESSION_COOKIE_SECURE"])

    @app.after_request
    def set_headers(response: Response) -> Response:
        is_preflight = request.method == "OPTIONS"
        is_page = response.mimetype == "text/html" and not is_preflight
        headers = response.headers
        if request.endpoint in public and not is_page:
            headers["Access-Control-Allow-Origin"] = "*"
            headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if is_preflight:
            methods = "POST, OPTIONS" if request.endpoint in taking else "GET, HEAD, OPTIONS"
            headers["Access-Control-Allow-Methods"] = methods
            headers["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match"
            headers["Access-Control-Max-Age"] = "86400"
        headers.setdefault("Content-Security-Policy", _CONTENT_SECURITY_POLICY if is_page else _DOCUMENT_POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint == "static" and response.status_code < 400:
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        elif is_page:
            headers.setdefault("Cache-Control", "private, no-cache")
        return response
