"""The published JSON Schemas of Open Badges 3.0, every variant of which our documents must pass."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import jsonschema_rs

STRICT = "ob30/plain-ghpages-2025-03/achievementcredential.json"
PUBLISHED = "ob30/published-2026-07/ob_v3p0_achievementcredential_schema.json"
W3C = "w3c/verifiable-credential-schema.json"
PROFILES = (
    "ob30/plain-ghpages-2025-03/profile.json",
    "ob30/published-2026-07/ob_v3p0_profile_schema.json",
)
CREDENTIALS = (STRICT, PUBLISHED, W3C)


@cache
def load_schema(folder: Path, name: str) -> jsonschema_rs.Validator:
    """A validator that checks formats too."""
    schema = json.loads((folder / "schemas" / name).read_bytes())
    return jsonschema_rs.validator_for(schema, validate_formats=True)
