"""How long a status list may be kept, as it says itself. Source: Bitstring Status List v1.0, 2.2."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.standards.status.lifetime import stated_lifetime

AT = datetime(2026, 12, 3, 12, tzinfo=UTC)


def status_list(**changes: Any) -> dict[str, Any]:
    return {"type": ["BitstringStatusListCredential"], "credentialSubject": {"ttl": 300_000}} | changes


def jwt(payload: object) -> bytes:
    parts = [json.dumps({"alg": "ES256"}).encode(), json.dumps(payload).encode(), b"signature"]
    return b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)


@pytest.mark.parametrize(
    ("document", "seconds"),
    [
        (status_list(), 300),
        (status_list(credentialSubject={"ttl": 0}), 0),
        (status_list(validUntil="2026-12-03T12:01:00Z"), 60),
        (status_list(validUntil="2026-12-03T14:01:00Z"), 300),
        (status_list(validUntil="2026-12-03T12:01:00Z", credentialSubject={}), 60),
        (status_list(credentialSubject={}), None),
        (status_list(credentialSubject=[]), None),
        (status_list(credentialSubject={"ttl": -1}), None),
        (status_list(credentialSubject={"ttl": True}), None),
        (status_list(credentialSubject={"ttl": "300000"}), None),
        (status_list(credentialSubject={"ttl": 10**400}), None),
        ({"credentialSubject": {"ttl": 300_000}}, None),
        ([], None),
    ],
)
def test_lifetime_is_what_the_list_says(document: Any, seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert stated_lifetime(json.dumps(document).encode(), AT) == expected
    assert stated_lifetime(jwt(document), AT) == expected
    assert stated_lifetime(jwt({"vc": document}), AT) == expected


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: ("ey" + text).encode()))
def test_anything_else_says_nothing(body: bytes) -> None:
    assert stated_lifetime(body + b"StatusList", AT) is None
