"""Signing a chunk from a template: to the byte what is signed one by one; all of it or nothing; one of it opened."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.addresses import Addresses
from badges.errors import StandardsError
from badges.ids import SystemRandom
from badges.issuing.credential_template import Slot, Values, compile_template
from badges.issuing.lints import LintError
from badges.issuing.sign import BatchSigner, SignedValues, sign_credential
from badges.standards.json_text import read_json_object
from badges.standards.jsonld.contexts import bundled_context_in_full
from badges.standards.ledger import issued_hash
from badges.standards.moments import read_moment
from badges.standards.ob3.documents import credential_document
from badges.standards.proofs import eddsa_rdfc_2022
from badges.standards.signer import KeyAlgorithm, PublicKey, Signer
from badges.vocab.award import Evidence, HashedEmail, Recipient
from badges.vocab.json import JsonObject
from badges.vocab.status import StatusPosition
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


def document_of(values: Values) -> JsonObject:
    """Make a credential in the ordinary way: a value, then its document."""
    sample, award_id = make_award(), values[Slot.AWARD_ID]
    email = None
    if Slot.SALT in values:
        email = HashedEmail(values[Slot.IDENTITY_HASH], values[Slot.SALT])
    evidence = Evidence(values.get(Slot.NARRATIVE, ""), values.get(Slot.EVIDENCE_URL, ""))
    begins = read_moment(values[Slot.VALID_FROM])
    assert begins is not None
    award = dataclasses.replace(
        sample,
        id=award_id,
        credential_url=f"{HOST}/credentials/{award_id}",
        refresh_url=f"{HOST}/credentials/{award_id}/refresh",
        ob2_assertion_url=f"{HOST}/ob2/assertions/{award_id}",
        recipient=Recipient(f"urn:uuid:{values[Slot.SUBJECT_ID]}", email),
        valid_from=begins,
        valid_until=read_moment(values.get(Slot.VALID_UNTIL)),
        status=StatusPosition(f"{HOST}/status/3", int(values[Slot.STATUS_INDEX])),
        evidence=(evidence,),
    )
    return credential_document(award)


def values_of(number: int, **more: str) -> dict[Slot, str]:
    return {
        Slot.AWARD_ID: str(uuid.UUID(int=number + 7)),
        Slot.SUBJECT_ID: str(uuid.UUID(int=number + 70_000)),
        Slot.IDENTITY_HASH: "sha256$" + f"{number:064x}",
        Slot.SALT: f"{number:032x}",
        Slot.VALID_FROM: "2027-01-15T10:00:00Z",
        Slot.STATUS_INDEX: str(number % 131_072),
        **{Slot(name): text for name, text in more.items()},
    }


def signed(signer: Signer, chunk: Iterable[Values], chosen: int = 0) -> list[SignedValues]:
    batch = BatchSigner(document_of, signer, METHOD, created=NOW, addresses=ADDRESSES, random=Chosen(chosen))
    return batch.sign(chunk)


MOMENTS = st.integers(946_684_800, 4_070_908_800).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
)
NARRATIVES = st.text(
    st.one_of(
        st.sampled_from('%"\\\n\r <>&{}_:é–𝔸\u2028\ufeff'), st.characters(codec="utf-8", exclude_categories=["Cc"])
    ),
    min_size=1,
    max_size=60,
).filter(lambda text: text.strip())
URLS = st.from_regex(r"https://[a-z]{1,8}\.example/[A-Za-z0-9%&=?#+~._/-]{0,30}", fullmatch=True)


@given(
    st.integers(0, 10**6),
    st.fixed_dictionaries(
        {"valid_from": MOMENTS},
        optional={"valid_until": MOMENTS, "narrative": NARRATIVES, "evidence_url": URLS},
    ),
)
def test_a_template_gives_to_the_byte_what_is_signed_one_by_one(number: int, more: dict[str, str]) -> None:
    if "valid_until" in more:
        more["valid_from"], more["valid_until"] = sorted((more["valid_from"], more["valid_until"]))
    signer, values = ed25519_signer(), values_of(number, **more)
    [fresh] = signed(signer, [values])
    alone = sign_credential(document_of(values), signer, METHOD, created=NOW, addresses=ADDRESSES)
    assert fresh.text == alone
    assert fresh.issued_hash.hex() == issued_hash(alone)


def test_every_text_of_a_chunk_holds_by_the_full_algorithm() -> None:
    signer, chunk = (
        ed25519_signer(),
        [values_of(number, narrative=f"Asked {number} %s questions") for number in range(12)],
    )
    for each, values in zip(signed(signer, chunk), chunk, strict=True):
        document = read_json_object(each.text)
        assert document["id"] == f"{HOST}/credentials/{values[Slot.AWARD_ID]}"
        eddsa_rdfc_2022.verify(document, document["proof"][0], signer.public_key, context_of=bundled_context_in_full)


def test_a_text_that_the_compiled_form_cannot_take_goes_through_the_full_algorithm() -> None:
    signer, values = ed25519_signer(), values_of(1, evidence_url="https://example.org/\u00e4?q=%41")
    alone = sign_credential(document_of(values), signer, METHOD, created=NOW, addresses=ADDRESSES)
    assert signed(signer, [values])[0].text == alone


def test_refuses_the_chunk_when_the_one_that_is_opened_does_not_hold() -> None:
    with pytest.raises(LintError, match="full algorithm"):
        signed(SlippingSigner(3), [values_of(number) for number in range(6)], chosen=3)


@pytest.mark.parametrize(
    ("slot", "value"),
    [
        (Slot.AWARD_ID, "5"),
        (Slot.SUBJECT_ID, "sam.jones@nhs.net"),
        (Slot.IDENTITY_HASH, "sam.jones@nhs.net"),
        (Slot.SALT, ""),
        (Slot.VALID_FROM, "2027-01-15"),
        (Slot.STATUS_INDEX, "-1"),
        (Slot.STATUS_INDEX, "01"),
        (Slot.NARRATIVE, "a tab\there"),
        (Slot.NARRATIVE, " \n "),
        (Slot.NARRATIVE, ""),
        (Slot.NARRATIVE, "half \ud800"),
        (Slot.EVIDENCE_URL, "javascript:alert(1)"),
        (Slot.EVIDENCE_URL, "https://example.org/a b"),
        (Slot.AWARD_ID, "5e9f1e11-0a0b-4c0d-8e0f-a1b2c3d4e5f1\n"),
    ],
)
def test_refuses_a_value_that_is_not_of_its_kind(slot: Slot, value: str) -> None:
    with pytest.raises(LintError, match=slot.value):
        signed(ed25519_signer(), [{**values_of(1), slot: value}])


def test_refuses_an_end_before_the_beginning() -> None:
    with pytest.raises(LintError, match="ends before it begins"):
        signed(ed25519_signer(), [values_of(1, valid_until="2027-01-15T09:59:59Z")])


def test_refuses_to_sign_what_a_lint_finds() -> None:
    def naming(values: Values) -> JsonObject:
        document = document_of(values)
        document["credentialSubject"]["name"] = "Sam Jones"
        return document

    batch = BatchSigner(naming, ed25519_signer(), METHOD, created=NOW, addresses=ADDRESSES, random=Chosen(0))
    with pytest.raises(LintError, match="may name the recipient"):
        batch.sign([values_of(1)])


def test_refuses_a_template_in_which_a_value_would_not_be_signed() -> None:
    slots = tuple(values_of(1, narrative="x"))
    with pytest.raises(StandardsError, match="would not be in its credential"):
        compile_template(
            lambda values: document_of({**values, Slot.NARRATIVE: "always this"}), slots, {}, addresses=ADDRESSES
        )
