"""The types of JSON documents. Documents stay dicts, so that members that we do not know survive."""

from __future__ import annotations

from typing import Any, TypeAlias

JsonObject: TypeAlias = dict[str, Any]
JsonValue: TypeAlias = Any
