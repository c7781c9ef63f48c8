"""One place that turns errors into answers: a page for people, problem details (RFC 9457) for machines."""

from __future__ import annotations

import json
import logging
import secrets
from typing import Final

from flask import Flask, Response, make_response, render_template, request
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError, TooManyRequests

from badges import errors
from badges.errors import BadgesError
from badges.web.negotiation import wants_page
from badges.wording import Wording, say

_log = logging.getLogger(__name__)
_RETRY_SECONDS: Final = "10"

_KINDS: Final[tuple[tuple[type[BadgesError], int, Wording], ...]] = (
    (errors.InvalidInputError, 400, say("Something needs another look")),
    (errors.NotFoundError, 404, say("There is nothing here")),
    (errors.NotRecognisedError, 401, say("A key is needed")),
    (errors.MismatchError, 422, say("This is another request")),
    (errors.GoneError, 410, say("This is not here any more")),
    (errors.NotAllowedError, 403, say("You cannot do this")),
    (errors.ConflictError, 409, say("This cannot be done now")),
    (errors.RefusedError, 413, say("We do not take this")),
    (errors.UnavailableError, 503, say("Please try again in a minute")),
    (errors.ConfigurationError, 503, say("The service is not set up right")),
)
_HTTP_MESSAGES: Final[dict[int, tuple[Wording, Wording]]] = {
    400: (say("We could not read this request"), say("Go back, load the page again and try once more.")),
    404: (
        say("There is nothing here"),
        say("The address may be mistyped or cut off. Copy the whole address and try again."),
    ),
    405: (say("This address does not do that"), say("Go back and use the page's own buttons.")),
    413: (say("This is too large"), say("A file can have at most 10 MB.")),
    429: (say("Too many tries"), say("Wait a little, then try again.")),
}


def prepare(app: Flask) -> None:
    """Register the answers."""

    @app.errorhandler(BadgesError)
    def answer_ours(error: BadgesError) -> Response:
        for kind, status, title in _KINDS:
            if isinstance(error, kind):
                answer = _answer(status, title, error.message, field=getattr(error, "field", ""))
                if status == 401:
                    answer.headers["WWW-Authenticate"] = 'Bearer realm="badges"'
                if kind is errors.UnavailableError:
                    answer.headers["Retry-After"] = _RETRY_SECONDS
                return answer
        return _answer_unexpected(error)

    @app.errorhandler(CSRFError)
    def answer_old_form(_error: CSRFError) -> Response:
        title = say("This page was open for too long")
        return _answer(400, title, say("For your safety, go back, load the page again and send it once more."))

    @app.errorhandler(HTTPException)
    def answer_http(error: HTTPException) -> Response:
        status = error.code or 500
        if 300 <= status < 400:
            return make_response(error.get_response())
        title, message = _HTTP_MESSAGES.get(status, _HTTP_MESSAGES[400])
        methods = sorted(set(getattr(error, "valid_methods", None) or ()) - {"HEAD", "OPTIONS"})
        if status == 405 and methods and not wants_page(request):
            message = say("Use %(methods)s.", methods=", ".join(methods))
        if isinstance(error, SecurityError):
            return _problem(status, title, message)  # a page has addresses, and a strange host has none
        answer = _answer(status, title, message)
        if isinstance(error, TooManyRequests):
            limit = error.limit.limit if isinstance(error, RateLimitExceeded) and error.limit else None
            answer.headers["Retry-After"] = str(limit.get_expiry() if limit else error.retry_after or _RETRY_SECONDS)
        if status == 405 and getattr(error, "valid_methods", None):
            answer.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
        return answer

    @app.errorhandler(Exception)
    def answer_unexpected(error: Exception) -> Response:
        return _answer_unexpected(error)


def _answer_unexpected(error: Exception) -> Response:
    reference = secrets.token_hex(4)
    _log.error("Unexpected error %s in %s", reference, request.endpoint, exc_info=error)
    title = say("Something went wrong on our side")
    message = say("Look whether it worked before you try again. If it stays, tell us this reference.")
    return _answer(500, title, message, reference)


def _answer(status: int, title: Wording, message: Wording, reference: str = "", *, field: str = "") -> Response:
    if wants_page(request):
        page = render_template("errors/error.html", title=title, message=message, reference=reference)
        response = make_response(page, status)
    else:
        response = _problem(status, title, message, reference, field)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept"
    return response


def _problem(status: int, title: Wording, message: Wording, reference: str = "", field: str = "") -> Response:
    """field: where it is a JSON pointer, it is named. Source: RFC 9457, section 3; RFC 6901, section 6."""
    problem = {"type": "about:blank", "title": str(title), "status": status, "detail": str(message)}
    more: dict[str, object] = {"reference": reference} if reference else {}
    if field.startswith("/"):
        more["errors"] = [{"detail": str(message), "pointer": f"#{field}"}]
    response = make_response(json.dumps(problem | more), status)
    response.mimetype = "application/problem+json"
    return response
