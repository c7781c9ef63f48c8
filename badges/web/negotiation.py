"""Page or document: what the one who asks can take."""

from __future__ import annotations

from typing import Final

from flask import Request
from werkzeug.datastructures import MIMEAccept

PAGE: Final = "text/html"
_JWT_TYPES: Final = ("application/vc+jwt", "application/jwt", "application/vc+ld+json+jwt")
# Under which names the same JSON bytes may go out.
_JSON_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "application/ld+json": (
        "application/ld+json",
        "application/json",
        "application/vc",
        "application/vc+ld+json",
    ),
    "application/vc": ("application/vc", "application/ld+json", "application/json", "application/vc+ld+json"),
    "application/did+json": (
        "application/json",
        "application/did+json",
        "application/did+ld+json",
        "application/did",
    ),
    "application/jwk+json": ("application/jwk+json", "application/json"),
    "application/jwk-set+json": ("application/jwk-set+json", "application/json"),
}


def wants_page(request: Request) -> bool:
    """Whether to answer with a page: only to those who ask for HTML above JSON. Everything else gets JSON.

    Under /api/ there are no pages: who calls it is a program, whatever its Accept header says.
    """
    if request.path.startswith("/api/"):
        return False
    accept = request.accept_mimetypes
    html = _quality(accept, PAGE, "application/xhtml+xml")
    machine = _quality(accept, *_JSON_NAMES["application/vc"], *_JWT_TYPES, "text/plain")
    return html > 0 and html >= machine


def wants_jwt(request: Request) -> bool:
    """Whether the one who asks names a JWT type above JSON."""
    accept = request.accept_mimetypes
    jwt = _quality(accept, *_JWT_TYPES)
    return jwt > 0 and jwt > _quality(accept, *_JSON_NAMES["application/vc"])


def media_type_for(request: Request, media_type: str) -> str:
    """Return under which name a document goes out: one that was asked for, if it fits, else its own."""
    names = _JSON_NAMES.get(media_type)
    if names is None:
        return media_type
    accept = request.accept_mimetypes
    named = [name for name in names if _quality(accept, name) > 0]
    return max(named, key=lambda name: _quality(accept, name)) if named else names[0]


def _quality(accept: MIMEAccept, *names: str) -> float:
    """Return the highest quality at which one of these is named outright; wildcards do not count."""
    return max((quality for name, quality in accept if name.split(";")[0].strip().lower() in names), default=0.0)
