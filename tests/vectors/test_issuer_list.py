"""Lists of issuers and software of others: what they sign, we open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from badges.standards.issuer_list import IssuerListError, ListKind
from badges.verifying.documents import Documents
from badges.verifying.trust import open_issuer_list
from badges.vocab.json import JsonObject
from tests.verifying.making import World

SIGNED: Final[JsonObject] = json.loads(
    (Path(__file__).parent / "data" / "issuer-list" / "signed.json").read_text(encoding="utf-8")
)


def open_list(document: JsonObject) -> tuple[str, ListKind]:
    found = open_issuer_list(json.dumps(document), signer=SIGNED["publisher"], documents=Documents(World()))
    return found.name, found.entries[0].kind


def test_list_signed_by_software_of_others_is_opened() -> None:
    assert open_list(SIGNED) == ("Libraries: Zoë’s list, 50% done", ListKind.CAMPAIGN)


@pytest.mark.parametrize("member", ["name", "validUntil", "entries", "@context"])
def test_one_changed_member_is_noticed(member: str) -> None:
    other = {"name": "Another", "validUntil": "2028-01-01T00:00:00Z", "entries": [], "@context": []}
    with pytest.raises(IssuerListError):
        open_list({**SIGNED, member: other[member]})
