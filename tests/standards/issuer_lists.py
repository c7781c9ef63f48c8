"""A list of issuers to test with."""

from __future__ import annotations

import copy
from typing import Any, Final

from badges.vocab.json import JsonObject

PUBLISHER: Final = "did:web:campaign.example"
LISTED_ID: Final = "did:web:library.example"

_ENTRY: Final[JsonObject] = {
    "ids": [LISTED_ID, "https://library.example/issuer"],
    "name": "Anytown Hospitals Library",
    "url": "https://library.example/",
    "kind": "known",
    "since": "2026-11-01T00:00:00Z",
}


def entry(**changes: Any) -> JsonObject:
    """One entry. changes: members to set; None takes one away."""
    return _changed(_ENTRY, changes)


def issuer_list(*entries: JsonObject, **changes: Any) -> JsonObject:
    """An unsigned list of these entries, or of one that is good."""
    whole: JsonObject = {
        "type": "IssuerList",
        "version": 1,
        "name": "Libraries of the campaign",
        "publisher": PUBLISHER,
        "issued": "2026-12-01T00:00:00Z",
        "validUntil": "2027-06-01T00:00:00Z",
        "entries": list(entries) or [entry()],
    }
    return _changed(whole, changes)


def _changed(members: JsonObject, changes: dict[str, Any]) -> JsonObject:
    return {name: value for name, value in copy.deepcopy({**members, **changes}).items() if value is not None}
