"""Partial copies: what their proof value may be, and every way to show more, less or else than was signed."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import BadgesError
from badges.standards.base64url import decode_base64url, encode_base64url
from badges.standards.did.multikey import decode_public_key
from badges.standards.proofs import ecdsa_sd_2023
from badges.standards.proofs.errors import (
    InvalidSignatureError,
    MalformedProofError,
    ProofError,
    UnsupportedProofError,
)
from badges.standards.proofs.sd_proof_value import BaseProofError, read_derived_proof_value
from badges.vocab.json import JsonObject

DATA: Final = Path(__file__).parents[2] / "vectors" / "data" / "embedded-proofs"
COPY: Final[JsonObject] = json.loads((DATA / "ecdsa-sd-2023-one-of-each.json").read_text("utf-8"))
DERIVED: Final = b"\xd9\x5d\x01"


def parts_of(document: JsonObject) -> list[Any]:
    data = decode_base64url(document["proof"]["proofValue"][1:], maximum_bytes=100_000)
    assert data.startswith(DERIVED)
    parts: list[Any] = cbor2.loads(data[3:])
    return parts


def value_of(parts: Any, prefix: bytes = DERIVED) -> str:
    return "u" + encode_base64url(prefix + cbor2.dumps(parts))


def with_value(value: object, document: JsonObject = COPY) -> JsonObject:
    return {**document, "proof": {**document["proof"], "proofValue": value}}


def verify(document: JsonObject) -> None:
    key = decode_public_key(document["proof"]["verificationMethod"].partition("#")[2])
    ecdsa_sd_2023.verify(document, document["proof"], key)


def test_the_copy_and_its_parts_written_anew_hold() -> None:
    verify(COPY)
    verify(with_value(value_of(parts_of(COPY))))


def change_parts(change: Callable[[list[Any]], object]) -> JsonObject:
    parts = parts_of(COPY)
    change(parts)
    return with_value(value_of(parts))


@pytest.mark.parametrize(
    "change",
    [
        lambda parts: parts[2].pop(),
        lambda parts: parts[2].append(parts[2][0]),
        lambda parts: parts[2].reverse(),
        lambda parts: parts[4].pop(),
        lambda parts: parts[4].append(min(set(range(40)) - set(parts[4]))),
        lambda parts: (parts[4].pop(0), parts[2].append(parts[2][0])),
        lambda parts: parts[3].update({0: parts[3][1], 1: parts[3][0]}),
        lambda parts: parts[3].update({0: bytes(32)}),
        lambda parts: parts.__setitem__(0, parts[2][0]),
        lambda parts: parts.__setitem__(1, fresh_key()),
    ],
    ids=range(10),
)
def test_parts_that_were_changed_do_not_fit(change: Callable[[list[Any]], object]) -> None:
    with pytest.raises(InvalidSignatureError):
        verify(change_parts(change))


def fresh_key(curve: ec.EllipticCurve | None = None) -> bytes:
    key = ec.generate_private_key(curve or ec.SECP256R1()).public_key()
    header = b"\x80\x24" if curve is None else b"\x81\x24"
    return header + key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


@pytest.mark.parametrize(
    "change",
    [
        lambda parts: parts.pop(),
        lambda parts: parts.append([]),
        lambda parts: parts.__setitem__(0, bytes(63)),
        lambda parts: parts.__setitem__(0, "x" * 64),
        lambda parts: parts.__setitem__(1, bytes(35)),
        lambda parts: parts.__setitem__(1, fresh_key(ec.SECP384R1())),
        lambda parts: parts.__setitem__(2, {}),
        lambda parts: parts.__setitem__(2, [bytes(65)]),
        lambda parts: parts.__setitem__(2, [[bytes(64)]]),
        lambda parts: parts.__setitem__(3, []),
        lambda parts: parts.__setitem__(3, {"c14n0": bytes(32)}),
        lambda parts: parts.__setitem__(3, {0: bytes(31)}),
        lambda parts: parts.__setitem__(3, {True: bytes(32)}),
        lambda parts: parts.__setitem__(3, {-1: bytes(32)}),
        lambda parts: parts[3].pop(0),
        lambda parts: parts[3].update({0: parts[3][1]}),
        lambda parts: parts.__setitem__(4, [1.0]),
        lambda parts: parts.__setitem__(4, [True]),
        lambda parts: parts.__setitem__(4, [-1]),
        lambda parts: parts.__setitem__(4, [0, 0]),
        lambda parts: parts.__setitem__(4, [2**70]),
        lambda parts: parts.__setitem__(4, [10_000]),
        lambda parts: parts.__setitem__(4, cbor2.CBORTag(64, b"\x00")),
        lambda parts: parts.__setitem__(0, cbor2.CBORTag(64, parts[0])),
        lambda parts: parts[4].__setitem__(0, cbor2.CBORTag(2, bytes([parts[4][0]]))),
    ],
    ids=range(25),
)
def test_parts_of_another_kind_are_malformed(change: Callable[[list[Any]], object]) -> None:
    with pytest.raises(MalformedProofError):
        verify(change_parts(change))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xd9\x5d",
        DERIVED,
        DERIVED + b"\x85",
        DERIVED + b"\x9f\xff",
        DERIVED + b"\x9b\x7f\xff\xff\xff\xff\xff\xff\xff",
        DERIVED + b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff",
        DERIVED + b"\xbb\x7f\xff\xff\xff\xff\xff\xff\xff",
        DERIVED + b"\x81" * 10_000,
        DERIVED + b"\xc5\x82\x1b\x00\x00\x00\x00\x7f\xff\xff\xff\x03",
        DERIVED + b"\xd8\x1c\x85\xd8\x1d\x00\xd8\x1d\x00\xd8\x1d\x00\xd8\x1d\x00\xd8\x1d\x00",
        DERIVED + cbor2.dumps([b"", b"", [], {}, []]) + b"\x00",
        b"\xd9\x5d\x02" + cbor2.dumps([]),
    ],
    ids=range(13),
)
def test_bytes_that_are_no_value_are_malformed(data: bytes) -> None:
    with pytest.raises(MalformedProofError):
        read_derived_proof_value("u" + encode_base64url(data))


def test_a_value_with_more_signatures_than_any_honest_badge_has_is_malformed() -> None:
    for count, problem in ((1_900, InvalidSignatureError), (2_000, MalformedProofError)):
        parts = parts_of(COPY)
        parts[2] = [bytes(64)] * count
        with pytest.raises(problem):
            verify(with_value(value_of(parts)))


def test_bytes_after_the_value_are_malformed() -> None:
    data = DERIVED + cbor2.dumps(parts_of(COPY)) + b"\x00"
    with pytest.raises(MalformedProofError):
        read_derived_proof_value("u" + encode_base64url(data))


@pytest.mark.parametrize("value", [None, 7, "", "u", "z" + COPY["proof"]["proofValue"][1:], "u=", "ué", []])
def test_what_is_no_text_in_base64url_is_malformed(value: object) -> None:
    with pytest.raises(MalformedProofError):
        verify(with_value(value))


def test_a_base_proof_is_named_as_such() -> None:
    with pytest.raises(BaseProofError):
        verify(json.loads((DATA / "ecdsa-sd-2023-base.json").read_text("utf-8")))


def test_only_a_p_256_key_will_do() -> None:
    for key in (ec.generate_private_key(ec.SECP384R1()), ec.generate_private_key(ec.SECP256K1())):
        with pytest.raises(UnsupportedProofError):
            ecdsa_sd_2023.verify(COPY, COPY["proof"], key.public_key())


def test_one_thing_cannot_be_shown_as_two() -> None:
    """The statements of one piece of evidence, spread over two: each was signed, but of one and the same thing."""
    document = copy.deepcopy(COPY)
    (evidence,) = document["evidence"]
    document["evidence"] = [{"type": evidence["type"]}, {"name": evidence["name"], "type": evidence["type"]}]
    for parts in (parts_of(COPY), [*parts_of(COPY)[:3], {n: bytes(31) + bytes([n]) for n in range(20)}, []]):
        with pytest.raises(ProofError):
            verify(with_value(value_of(parts), document))


def test_a_statement_cannot_be_left_out_or_added() -> None:
    changes: tuple[Callable[[JsonObject], object], ...] = (
        lambda document: document.pop("validFrom"),
        lambda document: document.pop("evidence"),
        lambda document: document["issuer"].pop("name"),
        lambda document: document.update(name="A name"),
        lambda document: document["evidence"].append({"type": ["Evidence"], "name": "Mine"}),
    )
    for change in changes:
        document = copy.deepcopy(COPY)
        change(document)
        with pytest.raises(ProofError):
            verify(document)


@given(st.binary(max_size=120))
def test_any_bytes_fail_in_a_plain_way(data: bytes) -> None:
    for start in (b"", DERIVED, DERIVED + b"\x85\x58\x40" + bytes(64)):
        with pytest.raises(BadgesError):
            read_derived_proof_value("u" + encode_base64url(start + data))


@given(st.data())
def test_one_changed_byte_never_fits(data: st.DataObject) -> None:
    value = decode_base64url(COPY["proof"]["proofValue"][1:], maximum_bytes=100_000)
    position = data.draw(st.integers(0, len(value) - 1))
    changed = bytearray(value)
    changed[position] ^= data.draw(st.integers(1, 255))
    with pytest.raises(BadgesError):
        verify(with_value("u" + encode_base64url(bytes(changed))))
