"""Multikeys and base58btc."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP521R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import BadgesError
from badges.standards.did.multikey import (
    MultikeyError,
    decode_base58,
    decode_public_key,
    encode_base58,
    encode_public_key,
)
from badges.standards.signer import KeyAlgorithm, PublicKey
from tests.standards.local_signer import signer_for

FITTING = [KeyAlgorithm.EDDSA, KeyAlgorithm.ES256, KeyAlgorithm.ES384]


def der(key: PublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@given(st.binary(max_size=100))
def test_base58_reads_what_it_writes(data: bytes) -> None:
    assert decode_base58(encode_base58(data)) == data


@given(st.text("123zZAa", max_size=30))
def test_base58_has_one_spelling(text: str) -> None:
    assert encode_base58(decode_base58(text)) == text


def test_base58_of_known_values() -> None:
    """Examples of draft-msporny-base58, section 5."""
    assert encode_base58(b"Hello World!") == "2NEpo7TZRRrLZSi2U"
    assert encode_base58(bytes.fromhex("0000287fb4cd")) == "11233QC4"
    assert decode_base58("") == b""


@pytest.mark.parametrize("text", ["0", "O", "I", "l", "é", " 1", "1\n", "1" * 513])
def test_base58_refuses_other_letters_and_long_texts(text: str) -> None:
    with pytest.raises(MultikeyError):
        decode_base58(text)


@pytest.mark.parametrize("algorithm", FITTING)
def test_reads_the_key_that_it_writes(algorithm: KeyAlgorithm) -> None:
    key = signer_for(algorithm).public_key
    assert der(decode_public_key(encode_public_key(key))) == der(key)


def test_known_beginnings() -> None:
    """Controlled Identifiers v1.0, section 2.2.2: z6Mk for Ed25519, zDna for P-256, z82 for P-384."""
    texts = [encode_public_key(signer_for(algorithm).public_key) for algorithm in FITTING]
    assert [text[:3] for text in texts] == ["z6M", "zDn", "z82"]


def test_refuses_to_write_other_kinds_of_key() -> None:
    for key in (signer_for(KeyAlgorithm.RS256).public_key, generate_private_key(SECP521R1()).public_key()):
        with pytest.raises(MultikeyError):
            encode_public_key(key)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xed",
        b"\xed\x01",
        b"\xed\x01" + bytes(31),
        b"\xed\x01" + bytes(33),
        b"\x80\x24" + b"\x02" + b"\xff" * 32,
        b"\x80\x24" + b"\x05" + bytes(32),
        b"\x81\x24" + b"\x02" + b"\xff" * 48,
        b"\x80\x26" + bytes(32),
        b"\xec\x01" + bytes(32),
    ],
)
def test_refuses_what_is_no_public_key(data: bytes) -> None:
    with pytest.raises(MultikeyError):
        decode_public_key("z" + encode_base58(data))


@given(st.text(max_size=60) | st.text("z6MkDna82123456789abcdef", max_size=60))
def test_never_fails_in_another_way(text: str) -> None:
    try:
        decode_public_key(text)
    except BadgesError:
        return
    assert encode_public_key(decode_public_key(text)) == text
