"""The W3C's VC API over HTTP: only in test mode (see docs/test-mode.md); else there is nothing at its addresses."""

from __future__ import annotations

from typing import Final

from flask import Response, make_response, request

from badges.errors import BadgesError, InvalidInputError
from badges.services import vc_api
from badges.standards.json_text import read_json, write_json
from badges.verifying.plain import is_good
from badges.verifying.report import Check, CheckName, Outcome
from badges.vocab.json import JsonObject, JsonValue
from badges.web.current import installation, service
from badges.wording import say

# The type of a problem (RFC 9457) for each check. Source: VC Data Model 2.0, section 7.2; VC Data Integrity 1.0, 4.7;
# Bitstring Status List v1.0, section 3.5.
_PROBLEM_TYPES: Final[dict[CheckName, str]] = {
    CheckName.SHAPE: "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR",
    CheckName.PROOF: "https://w3id.org/security#PROOF_VERIFICATION_ERROR",
    CheckName.ISSUER: "https://w3id.org/security#INVALID_VERIFICATION_METHOD",
    CheckName.STATUS: "https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR",
    CheckName.VALIDITY: "https://www.w3.org/TR/vc-data-model#RANGE_ERROR",
    CheckName.CONTENTS: "https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR",
}


def issue() -> Response:
    """POST /credentials/issue: {"credential", "options"?} → 201 {"verifiableCredential"}; 400 if it must not be."""
    body = _body()
    credential = body.get("credential")
    if not isinstance(credential, dict):
        raise InvalidInputError(say('The request needs an object "credential".'), field="credential")
    signed = vc_api.issue(installation(), credential, _options(body))
    return _json({"verifiableCredential": signed}, 201)


def verify_credential() -> Response:
    """POST /credentials/verify: {"verifiableCredential", "options"?} → 200, or 400 with what is wrong."""
    body = _body()
    credential = _required(body, "verifiableCredential")
    return _answer(vc_api.verify_credential(installation(), credential, _options(body), service().web_fetcher))


def verify_presentation() -> Response:
    """POST /presentations/verify: {"verifiablePresentation", "options"?} → 200, or 400 with what is wrong."""
    body = _body()
    presentation = _required(body, "verifiablePresentation")
    return _answer(vc_api.verify_presentation(installation(), presentation, _options(body), service().web_fetcher))


def set_status() -> Response:
    """POST /credentials/status: {"credentialId", "credentialStatus": {"statusPurpose"}, "status"?} → 200."""
    vc_api.set_status(installation(), _body())
    return _json({}, 200)


def status_list(purpose: str) -> Response:
    """GET /credentials/status-lists/<purpose>: the signed list, as it is now."""
    response = make_response(vc_api.status_list_text(installation(), purpose))
    response.mimetype = "application/json"
    response.headers["Cache-Control"] = "no-store"
    return response


def _answer(checks: tuple[Check, ...]) -> Response:
    problems = [_problem(check) for check in checks if check.outcome in {Outcome.FAILED, Outcome.UNKNOWN}]
    if is_good(checks):
        return _json({"verified": True, "checks": [check.name.value for check in checks]}, 200)
    answer = {**problems[0], "status": 400, "verified": False, "problemDetails": problems}
    response = _json(answer, 400)
    response.mimetype = "application/problem+json"
    return response


def _problem(check: Check) -> JsonObject:
    detail = " ".join([str(check.message), *map(str, check.details)])
    return {"type": _PROBLEM_TYPES[check.name], "title": str(check.message), "detail": detail}


def _body() -> JsonObject:
    try:
        body = read_json(request.get_data(parse_form_data=False))
    except BadgesError as error:
        raise InvalidInputError(say("The request is not JSON. %(reason)s", reason=error.message)) from error
    if not isinstance(body, dict):
        raise InvalidInputError(say("The request must be a JSON object."))
    return body


def _required(body: JsonObject, name: str) -> JsonValue:
    if name not in body:
        raise InvalidInputError(say('The request needs "%(name)s".', name=name), field=name)
    return body[name]


def _options(body: JsonObject) -> JsonObject:
    options = body.get("options", {})
    if not isinstance(options, dict):
        raise InvalidInputError(say('"options" must be an object.'), field="options")
    return options


def _json(value: JsonObject, status: int) -> Response:
    response = make_response(write_json(value), status)
    response.mimetype = "application/json"
    response.headers["Cache-Control"] = "no-store"
    return response
