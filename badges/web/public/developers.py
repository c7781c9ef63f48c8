"""The API, for people who write programs: the OpenAPI document as a page."""

from __future__ import annotations

from typing import Any

from flask import render_template

from badges.web.api.openapi import openapi_document
from badges.web.current import service


def developers() -> str:
    """GET /developers."""
    document = openapi_document(service().settings.base_url)
    return render_template(
        "public/developers.html",
        base_url=service().settings.base_url,
        operations=[
            _operation(method, path, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        ],
        schemas=[_schema(name, schema) for name, schema in document["components"]["schemas"].items()],
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "description": operation.get("description", ""),
        "headers": [each for each in operation.get("parameters", ()) if each["in"] == "header"],
        "answers": [
            {"status": status, "meaning": each["description"]} for status, each in operation["responses"].items()
        ],
    }


def _schema(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    needed = schema.get("required", ())
    return {
        "name": name,
        "members": [
            {
                "name": member,
                "kind": _kind(each),
                "most": each.get("maxLength"),
                "is_needed": member in needed,
                "description": each.get("description", ""),
            }
            for member, each in schema["properties"].items()
        ],
    }


def _kind(schema: dict[str, Any]) -> str:
    """Return what a member holds, in a word or two of JSON."""
    if "enum" in schema:
        return " | ".join(schema["enum"])
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if schema.get("type") == "array":
        return f"[{_kind(schema['items'])}]"
    kind = schema.get("type", "")
    return " | ".join(kind) if isinstance(kind, list) else str(schema.get("format", kind))
