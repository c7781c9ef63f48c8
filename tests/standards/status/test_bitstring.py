"""Bitstrings."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badges.errors import BadgesError, RefusedError
from badges.standards.base64url import decode_base64url, encode_base64url
from badges.standards.status.bitstring import (
    MINIMUM_LENGTH,
    BitstringError,
    StatusIndexError,
    bitstring_of,
    decode_bitstring,
    empty_bitstring,
    encode_bitstring,
    get_status_bit,
)

INDEXES = st.integers(0, MINIMUM_LENGTH - 1)


def test_the_first_bit_is_the_left_most_of_the_first_byte() -> None:
    """Bitstring Status List v1.0, section 3.3."""
    assert bitstring_of([0])[:2] == b"\x80\x00"
    assert bitstring_of([7])[:2] == b"\x01\x00"
    assert bitstring_of([8])[:2] == b"\x00\x80"
    assert bitstring_of([MINIMUM_LENGTH - 1])[-1] == 1


@settings(max_examples=50)
@given(st.sets(INDEXES, max_size=40), INDEXES)
def test_the_bits_of_the_indexes_are_set_and_no_others(indexes: set[int], other: int) -> None:
    bits = bitstring_of(indexes)
    assert [get_status_bit(bits, index) for index in (*indexes, other)] == [*([True] * len(indexes)), other in indexes]
    assert int.from_bytes(bits, "big").bit_count() == len(indexes)


@settings(max_examples=50)
@given(st.sets(INDEXES, max_size=200), st.sampled_from([MINIMUM_LENGTH, MINIMUM_LENGTH * 2 + 8]))
def test_reads_what_it_writes(indexes: set[int], length: int) -> None:
    bits = bitstring_of(indexes, length)
    text = encode_bitstring(bits)
    assert decode_bitstring(text) == bits
    assert text == encode_bitstring(bytes(bits))


def test_writes_gzip_without_the_time() -> None:
    text = encode_bitstring(empty_bitstring())
    assert text.startswith("uH4sIAAAAAAA")
    assert gzip.decompress(decode_base64url(text[1:], maximum_bytes=1000)) == bytes(16_384)
    assert len(text) < 100


@pytest.mark.parametrize("length", [0, 8, -8, MINIMUM_LENGTH - 8, MINIMUM_LENGTH + 1])
def test_refuses_lists_that_identify_people(length: int) -> None:
    with pytest.raises(StatusIndexError):
        empty_bitstring(length)


@pytest.mark.parametrize("index", [-1, MINIMUM_LENGTH, 10**12])
def test_refuses_indexes_outside(index: int) -> None:
    with pytest.raises(StatusIndexError):
        get_status_bit(empty_bitstring(), index)
    with pytest.raises(StatusIndexError):
        bitstring_of([index])


PACKED = gzip.compress(empty_bitstring(), mtime=0)


def test_reads_lists_without_the_prefix_or_with_padding() -> None:
    """Status List 2021, section 2, and what is found in the world."""
    text = encode_base64url(PACKED)
    assert decode_bitstring(text) == decode_bitstring("u" + text + "==") == empty_bitstring()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x1f\x8b",
        PACKED[:-1],
        PACKED[:20],
        PACKED + b"x",
        PACKED + PACKED,
        PACKED[:-8] + bytes(8),
        zlib.compress(empty_bitstring()),
        empty_bitstring(),
    ],
    ids=["nothing", "start", "cut by one", "cut", "tail", "twice", "sum", "zlib", "plain"],
)
def test_refuses_what_is_not_one_gzip_file(data: bytes) -> None:
    with pytest.raises(BitstringError):
        decode_bitstring("u" + encode_base64url(data))


@pytest.mark.parametrize("text", ["", "u", "z123", "uH4sI+/", "uH4sI\n", "m" + encode_base64url(PACKED)])
def test_refuses_what_is_not_base64url(text: str) -> None:
    with pytest.raises(BitstringError):
        decode_bitstring(text)


def test_does_not_unpack_a_bomb() -> None:
    bomb = "u" + encode_base64url(gzip.compress(bytes(200 * 1024 * 1024), compresslevel=9))
    with pytest.raises(RefusedError):
        decode_bitstring(bomb)
    assert len(decode_bitstring(encode_bitstring(bytes(1000)), maximum_bytes=1000)) == 1000
    with pytest.raises(RefusedError):
        decode_bitstring(encode_bitstring(bytes(1001)), maximum_bytes=1000)
    with pytest.raises(RefusedError):
        decode_bitstring("u" + "A" * 6_000_000)


@given(st.text(max_size=40) | st.binary(max_size=60).map(lambda data: "uH4sI" + encode_base64url(data)))
def test_never_fails_in_another_way(text: str) -> None:
    try:
        decode_bitstring(text)
    except BadgesError:
        return
