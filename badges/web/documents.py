"""Documents for machines: served as kept, cacheable, readable from any other page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final
from uuid import UUID

from flask import Response, make_response, request

from badges.services.own_documents import OwnDocument, own_document
from badges.web.current import service
from badges.web.negotiation import media_type_for

_DOWNLOAD_NAMES: Final = {
    "credential_png": "badge.png",
    "credential_svg": "badge.svg",
    "credential_json": "badge.json",
}


def serve(name: str) -> Callable[..., Response]:
    """Return the view of the document at this address."""

    def view(**values: object) -> Response:
        return document_response(name, values)

    return view


def document_response(name: str, values: dict[str, object]) -> Response:
    """Return the document's answer: ETag, 304, CORS, the media type that was asked for. Raises NotFoundError."""
    plain = {place: str(value) for place, value in values.items()}
    document = service().read_or_make(lambda session: own_document(session, service().installation, name, plain))
    return _response(name, document, plain)


def answer(document: OwnDocument) -> Response:
    """Return a document that anybody may keep for a while, with its ETag; 304 for who has it."""
    response = make_response(document.body, document.status_code)
    response.content_type = media_type_for(request, document.media_type)
    if response.mimetype in ("text/plain", "text/css"):
        response.content_type = f"{response.mimetype}; charset=utf-8"
    response.headers["Cache-Control"] = f"public, max-age={int(document.max_age.total_seconds())}"
    response.headers["Vary"] = "Accept"
    response.set_etag(hashlib.sha256(response.content_type.encode() + document.body).hexdigest()[:32])
    if document.status_code == 200:
        response.make_conditional(request)
    return response


def _response(name: str, document: OwnDocument, values: dict[str, str]) -> Response:
    response = answer(document)
    if name in _DOWNLOAD_NAMES and request.args.get("download") is not None:
        stem, suffix = _DOWNLOAD_NAMES[name].rsplit(".", 1)
        short = UUID(values["award_id"]).hex[:8]
        response.headers["Content-Disposition"] = f'attachment; filename="{stem}-{short}.{suffix}"'
    return response
