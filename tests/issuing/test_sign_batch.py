"""Signing a chunk: all of it or nothing, and one of it opened by the full algorithm."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Final

import pytest

from badges.addresses import Addresses
from badges.ids import SystemRandom
from badges.issuing.lints import LintError
from badges.issuing.sign import sign_batch
from badges.standards.json_text import read_json_object
from badges.standards.jsonld.contexts import bundled_context_in_full
from badges.standards.ob3.documents import credential_document
from badges.standards.proofs import eddsa_rdfc_2022
from badges.standards.signer import KeyAlgorithm, PublicKey, Signer
from badges.vocab.json import JsonObject
from tests.standards.local_signer import ed25519_signer
from tests.standards.samples import HOST, make_award

ADDRESSES: Final = Addresses(HOST)
NOW: Final = datetime(2027, 1, 15, 10, tzinfo=UTC)
METHOD: Final = "did:web:badges.example:organisations:library#key-1"


class Chosen(SystemRandom):
    """Chance that always falls on one number."""

    def __init__(self, number: int) -> None:
        self._number = number

    def below(self, limit: int) -> int:
        assert self._number < limit
        return self._number


class SlippingSigner:
    """Signs other bytes than it was given, once: as if the canonical form had been wrong there."""

    def __init__(self, slips_at: int) -> None:
        self._signer = ed25519_signer()
        self._slips_at = slips_at
        self._signed = 0
        self.key_id = "key-1"
        self.algorithm = KeyAlgorithm.EDDSA

    @property
    def public_key(self) -> PublicKey:
        return self._signer.public_key

    def sign(self, data: bytes) -> bytes:
        self._signed += 1
        return self._signer.sign(data + b"!" if self._signed - 1 == self._slips_at else data)


def documents(count: int) -> list[JsonObject]:
    document = credential_document(make_award())
    return [{**document, "id": f"{HOST}/credentials/{uuid.uuid4()}"} for _ in range(count)]


def signed(signer: Signer, chunk: list[JsonObject], chosen: int = 0) -> list[str]:
    return sign_batch(chunk, signer, METHOD, created=NOW, addresses=ADDRESSES, random=Chosen(chosen))


def test_every_text_of_a_chunk_holds_by_the_full_algorithm() -> None:
    signer, chunk = ed25519_signer(), documents(12)
    texts = signed(signer, chunk)
    assert [read_json_object(text)["id"] for text in texts] == [document["id"] for document in chunk]
    for text in texts:
        document = read_json_object(text)
        eddsa_rdfc_2022.verify(document, document["proof"][0], signer.public_key, context_of=bundled_context_in_full)


def test_refuses_the_chunk_when_the_one_that_is_opened_does_not_hold() -> None:
    with pytest.raises(LintError, match="full algorithm"):
        signed(SlippingSigner(3), documents(6), chosen=3)


def test_opens_one_and_not_all() -> None:
    """The others rest on the compiled form, which is what makes a batch quick."""
    assert len(signed(SlippingSigner(3), documents(6), chosen=4)) == 6


def test_signs_nothing_of_a_chunk_with_a_document_that_must_not_be_signed() -> None:
    chunk = documents(3)
    chunk[2]["name"] = "a\x07bell"
    with pytest.raises(LintError, match="control character"):
        signed(ed25519_signer(), chunk)


def test_an_empty_chunk_is_nothing() -> None:
    assert signed(ed25519_signer(), []) == []
