"""What fails a lint cannot be signed; each fault is found by the lint that is there for it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import pytest

from badges.addresses import Addresses
from badges.issuing.lints import CREDENTIAL_LINTS, STATUS_LIST_LINTS, Lint, LintError, run_lints
from badges.issuing.sign import sign_credential, sign_credential_jwt, sign_status_list
from badges.standards.ob3.documents import credential_document
from badges.standards.signer import KeyAlgorithm, PublicKey
from badges.standards.status.bitstring import bitstring_of
from badges.standards.status.status_list import status_list_document
from badges.vocab.award import Evidence
from badges.vocab.json import JsonObject
from badges.vocab.status import StatusPurpose
from tests.standards.local_signer import ed25519_signer
from tests.standards.samples import HOST, make_award

ADDRESSES: Final = Addresses(HOST)
NOW: Final = datetime(2027, 1, 15, 10, tzinfo=UTC)


class WatchedSigner:
    """A signer that remembers what it was asked to sign."""

    def __init__(self) -> None:
        self._signer = ed25519_signer()
        self.asked: list[bytes] = []
        self.key_id = "key-1"
        self.algorithm = KeyAlgorithm.EDDSA

    @property
    def public_key(self) -> PublicKey:
        return self._signer.public_key

    def sign(self, data: bytes) -> bytes:
        self.asked.append(data)
        return self._signer.sign(data)


def sound() -> JsonObject:
    document = credential_document(make_award(evidence=(Evidence("Led the search", "https://example.org/e"),)))
    return copy.deepcopy(document)


def subject(document: JsonObject) -> JsonObject:
    found: JsonObject = document["credentialSubject"]
    return found


def change(path: str, value: object) -> Callable[[JsonObject], None]:
    """Return what puts a value at a place of the document: credentialSubject/achievement/name."""

    def put(document: JsonObject) -> None:
        *outer, last = path.split("/")
        place = document
        for name in outer:
            place = place[name]
        place[last] = value

    return put


FAULTS: Final[dict[str, list[Callable[[JsonObject], None]]]] = {
    "lint_shape": [
        change("type", ["VerifiableCredential"]),
        change("validFrom", "yesterday"),
        change("credentialSubject/achievement/criteria", "none"),
        lambda document: document.pop("issuer"),
        lambda document: document.pop("validFrom"),
        lambda document: subject(document).pop("achievement"),
    ],
    "lint_disputed_terms": [
        change("awardedDate", "2027-01-15T10:00:00Z"),
        change("inLanguage", "en"),
        change("endorsementJwt", ["a.b.c"]),
        change("credentialSubject/achievement/inLanguage", "en"),
    ],
    "lint_text": [
        change("description", None),
        change("evidence", []),
        change("name", "Evidence\x00Searcher"),
        change("name", "Evidence\tSearcher"),
        change("name", "Evidence\x7fSearcher"),
        change("credentialSubject/achievement/creditsAvailable", 1.5),
    ],
    "lint_addresses": [
        change("id", "https://elsewhere.example.org/credentials/1"),
        change("credentialStatus/statusListCredential", "https://elsewhere.example.org/status/1"),
        change("refreshService/id", "https://elsewhere.example.org/refresh"),
        change("issuer/id", "did:web:elsewhere.example.org:organisations:north"),
        change("issuer/id", "did:web:badges.example.org.evil.org:organisations:north"),
        lambda document: document.pop("credentialStatus"),
        lambda document: document.pop("refreshService"),
    ],
    "lint_names": [
        change("credentialSubject/id", "mailto:sam@example.org"),
        change("credentialSubject/id", "did:key:z6Mk"),
        lambda document: subject(document)["identifier"][0].update(hashed=False, identityHash="sam@example.org"),
        lambda document: subject(document)["identifier"].append(
            {"type": "IdentityObject", "hashed": False, "identityHash": "Sam Jones", "identityType": "name"}
        ),
    ],
}


def test_sound_document_passes() -> None:
    run_lints(sound(), CREDENTIAL_LINTS, ADDRESSES)


def test_every_lint_has_faults_here() -> None:
    assert [lint.__name__ for lint in CREDENTIAL_LINTS] == list(FAULTS)


@pytest.mark.parametrize(
    ("lint", "number"), [(lint, number) for lint in CREDENTIAL_LINTS for number in range(len(FAULTS[lint.__name__]))]
)
def test_fault_is_found_by_its_lint(lint: Lint, number: int) -> None:
    document = sound()
    FAULTS[lint.__name__][number](document)
    with pytest.raises(LintError, match=lint.__name__):
        run_lints(document, (lint,), ADDRESSES)


@pytest.mark.parametrize("name", FAULTS)
def test_what_fails_a_lint_is_never_signed(name: str) -> None:
    document = sound()
    FAULTS[name][0](document)
    signer = WatchedSigner()
    with pytest.raises(LintError, match=name):
        sign_credential(document, signer, "did:web:x#key", created=NOW, addresses=ADDRESSES)
    with pytest.raises(LintError, match=name):
        sign_credential_jwt(document, signer, f"{HOST}/keys/1.jwk", addresses=ADDRESSES)
    assert signer.asked == []


def test_sound_document_is_signed_once() -> None:
    signer = WatchedSigner()
    sign_credential(sound(), signer, "did:web:x#key", created=NOW, addresses=ADDRESSES)
    assert len(signer.asked) == 1


def test_status_list_with_an_empty_member_is_never_signed() -> None:
    signer = WatchedSigner()
    document = status_list_document(
        url=f"{HOST}/status/1",
        issuer="did:web:badges.example.org:organisations:north",
        purpose=StatusPurpose.REVOCATION,
        bitstring=bitstring_of([]),
        valid_from=NOW,
        valid_until=NOW.replace(month=2),
        ttl_milliseconds=300_000,
    )
    run_lints(document, STATUS_LIST_LINTS, ADDRESSES)
    with pytest.raises(LintError, match="lint_text"):
        sign_status_list({**document, "name": None}, signer, "did:web:x#key", created=NOW, addresses=ADDRESSES)
    assert signer.asked == []
