"""The description of the API for programs, OpenAPI 3.1: one document, of which the page for people is made too."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from flask import Response

from badges import __version__
from badges.addresses import PATHS
from badges.services.api_awards import MEMBERS, MOST_KEY_CHARACTERS, MOST_RECIPIENTS
from badges.services.own_documents import OwnDocument
from badges.standards.json_text import write_json
from badges.vocab.json import JsonObject
from badges.web.current import service
from badges.web.documents import answer

_MEANINGS: Final = {
    "email": "Where the person gets the badge. The signed badge holds a hash of it only.",
    "name": "How the person is greeted. It is not inside the signed badge.",
    "narrative": "What the person did, as evidence inside the badge.",
    "evidence_url": "A web address that shows it.",
    "date": "The day on which it was earned, as 2026-03-31 or 31/03/2026; today if left out.",
    "reference": "Your own number for the person or the course. It comes back in the answer, and is not in the badge.",
}
_PROBLEM: Final = {"$ref": "#/components/schemas/Problem"}


def openapi() -> Response:
    """GET /api/v1/openapi.json."""
    text = write_json(openapi_document(service().settings.base_url))
    return answer(OwnDocument(text.encode(), "application/json"))


@cache
def openapi_document(base_url: str) -> JsonObject:
    """Return the description. Source: OpenAPI Specification 3.1.1."""
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Badges for #AMillionDecisions",
            "version": __version__,
            "summary": "Award badges from another system, and see whether they stand.",
        },
        "servers": [{"url": base_url}],
        "security": [{"key": []}],
        "paths": {
            PATHS["awards_api"]: {"post": _award_operation()},
            PATHS["award_api"].replace("<uuid:award_id>", "{id}"): {"get": _read_operation()},
        },
        "components": {
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key of your organisation, which an owner makes; it is shown once.",
                }
            },
            "schemas": _schemas(),
        },
    }


def _award_operation() -> JsonObject:
    return {
        "operationId": "award",
        "summary": "Award a badge to one person, or up to a thousand",
        "description": "Each badge is signed and stored before the answer, and mailed after it. Whoever has the badge "
        "already keeps the first one, so a list can be sent again. A recipient that cannot be awarded holds up no "
        "other: the answer says why, and the row waits in your lists of people.",
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "A text of your own, best a random UUID. The same request with the same key gets the "
                "same answer for 24 hours.",
                "schema": {"type": "string", "minLength": 1, "maxLength": MOST_KEY_CHARACTERS},
            }
        ],
        "requestBody": {"required": True, "content": _json("#/components/schemas/Awards")},
        "responses": {
            "200": {
                "description": "What became of each recipient, in the order in which they were sent.",
                "headers": {
                    "Idempotent-Replayed": {
                        "description": "true where the request was sent before.",
                        "schema": {"type": "string", "const": "true"},
                    }
                },
                "content": _json("#/components/schemas/Answer"),
            },
            **_problems(
                ("400", "The request cannot be read. errors names the place."),
                ("401", "No key, or one that opens nothing."),
                ("403", "The key is not good for awarding."),
                ("404", "There is no such badge. The problem lists those that there are."),
                ("409", "The badge is retired, or the same request is still being worked on."),
                ("413", "The request is too large."),
                ("422", "This Idempotency-Key came with another request before."),
                ("503", "Something that is needed does not answer now. Send it again with the same Idempotency-Key."),
            ),
        },
    }


def _read_operation() -> JsonObject:
    return {
        "operationId": "look",
        "summary": "See whether a badge of yours stands",
        "parameters": [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}},
        ],
        "responses": {
            "200": {"description": "The badge.", "content": _json("#/components/schemas/Award")},
            **_problems(
                ("401", "No key, or one that opens nothing."),
                ("403", "The key is not good for looking."),
                ("404", "There is no such badge of your organisation."),
            ),
        },
    }


def _schemas() -> JsonObject:
    count = {"type": "integer", "minimum": 0}
    address = {"type": "string", "format": "uri"}
    moment = {"type": "string", "format": "date-time"}
    number = {"type": "string", "format": "uuid"}
    return {
        "Awards": {
            "type": "object",
            "required": ["badge", "recipients"],
            "additionalProperties": False,
            "properties": {
                "badge": {"type": "string", "description": "The last part of the badge's address, such as supporter."},
                "recipients": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": MOST_RECIPIENTS,
                    "items": {"$ref": "#/components/schemas/Recipient"},
                },
            },
        },
        "Recipient": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                name.value: {"type": "string", "maxLength": most, "description": _MEANINGS[name]}
                for name, most in MEMBERS.items()
            },
        },
        "Answer": {
            "type": "object",
            "required": ["batch", "awarded", "already_held", "refused", "results"],
            "properties": {
                "batch": {
                    "type": ["integer", "null"],
                    "description": "The number of the list in your lists of people.",
                },
                "awarded": count,
                "already_held": count,
                "refused": count,
                "results": {"type": "array", "items": {"$ref": "#/components/schemas/Result"}},
            },
        },
        "Result": {
            "type": "object",
            "required": ["state"],
            "properties": {
                "state": {
                    "enum": ["awarded", "already_held", "needs_look", "refused"],
                    "description": "needs_look: probably mistyped; somebody decides on the list's page.",
                },
                "reference": {"type": "string"},
                "id": number,
                "url": {**address, "description": "The badge's page."},
                "problem": {
                    "type": "object",
                    "required": ["detail"],
                    "properties": {
                        "detail": {"type": "string"},
                        "pointer": {"type": "string", "description": "What in the request is meant (RFC 6901)."},
                        "suggestion": {"type": "string", "description": "The address that may be meant."},
                    },
                },
            },
        },
        "Award": {
            "type": "object",
            "required": ["id", "url", "badge", "state", "valid_from"],
            "properties": {
                "id": number,
                "url": address,
                "badge": {"type": "string"},
                "state": {"enum": ["valid", "over", "withdrawn"]},
                "valid_from": moment,
                "valid_until": moment,
                "withdrawn_at": moment,
            },
        },
        "Problem": {
            "type": "object",
            "description": "Problem details, RFC 9457.",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": {"type": "string"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "detail": {"type": "string"},
                "errors": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["detail", "pointer"],
                        "properties": {"detail": {"type": "string"}, "pointer": {"type": "string"}},
                    },
                },
            },
        },
    }


def _json(reference: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": reference}}}


def _problems(*each: tuple[str, str]) -> JsonObject:
    return {
        status: {"description": meaning, "content": {"application/problem+json": {"schema": _PROBLEM}}}
        for status, meaning in each
    }
