"""Contexts for vectors that use more than the bundled ones."""

from __future__ import annotations

import json
from pathlib import Path

from badges.standards.jsonld.contexts import (
    CONTEXT_FILES,
    ContextSource,
    UnknownContextError,
    bundled_context,
)
from badges.vocab.json import JsonObject


def context_source(standards_data: Path) -> ContextSource:
    """Return a source with the bundled contexts and, besides, the standards' example contexts."""
    folder = standards_data / "contexts"
    files: dict[str, str] = json.loads((folder / "url-map.json").read_text("utf-8"))

    def context_of(url: str) -> JsonObject:
        if url in CONTEXT_FILES:
            return bundled_context(url)
        if url not in files:
            raise UnknownContextError(url)
        document: JsonObject = json.loads((folder / files[url]).read_text("utf-8"))
        return document

    return context_of


def read_document(path: Path) -> JsonObject:
    """Return a JSON object of the standards' material."""
    document: JsonObject = json.loads(path.read_text("utf-8"))
    return document
