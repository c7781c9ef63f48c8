"""Base64url has one spelling for each byte string."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.standards.base64url import Base64UrlError, decode_base64url, encode_base64url


@given(st.binary(max_size=200))
def test_reads_what_it_writes(data: bytes) -> None:
    assert decode_base64url(encode_base64url(data), maximum_bytes=200) == data


@given(st.text("AQgwz_-=+/\n é", max_size=12))
def test_accepts_only_the_one_spelling(text: str) -> None:
    try:
        data = decode_base64url(text, maximum_bytes=100)
    except Base64UrlError:
        return
    assert encode_base64url(data) == text


@pytest.mark.parametrize("text", ["QQ==", "QR", "Q", "Q+Q", "Q/Q", "QQ\n", " QQ", "QUJ"])
def test_refuses_other_spellings(text: str) -> None:
    with pytest.raises(Base64UrlError):
        decode_base64url(text, maximum_bytes=100)


def test_refuses_more_bytes_than_asked_for() -> None:
    assert decode_base64url(encode_base64url(bytes(9)), maximum_bytes=9) == bytes(9)
    with pytest.raises(Base64UrlError):
        decode_base64url(encode_base64url(bytes(10)), maximum_bytes=9)
