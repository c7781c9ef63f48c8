"""Addresses are made and read by one table, and lead where they were made for."""

from __future__ import annotations

import uuid
from typing import Final

import pytest

from badges.addresses import PATHS, Addresses

OURS: Final = Addresses("http://localhost:8000")
AWARD: Final = "6f1c2a9e-0d5b-4a57-9e37-2f8d3b6c1a00"
VALUES: Final = {
    "award_id": AWARD,
    "organisation": "anytown-library",
    "pack": "starter",
    "achievement": "evidence-searcher",
    "version": "12",
    "endorsement_id": AWARD,
    "key_id": "3f2a9c0d1b7e4455",
    "prefix": "0a1",
    "number": "7",
    "token": "a-Token_43",
}


@pytest.mark.parametrize("name", PATHS)
def test_every_address_is_read_as_what_it_was_made_from(name: str) -> None:
    path = OURS.path(name, **VALUES)
    assert "<" not in path
    found = Addresses.match(path)
    assert found is not None
    matched, values = found
    assert matched == name
    assert values == {place: VALUES[place] for place in values}


def test_url_begins_with_the_base_url() -> None:
    assert OURS.url("credential", award_id=uuid.UUID(AWARD)) == f"http://localhost:8000/credentials/{AWARD}"


def test_values_are_percent_encoded() -> None:
    assert OURS.path("sign_in_link", token="a/b?c ä") == "/sign-in/a%2Fb%3Fc%20%C3%A4"


@pytest.mark.parametrize(
    "path",
    [
        "/credentials",
        "/credentials/1",
        f"/credentials/{AWARD}/",
        f"/credentials/{AWARD}xjson",
        f"//credentials/{AWARD}",
        "/achievements/a/b/c",
        "/achievements/A/b/1",
        "/achievements/a/b/01",
        "/status/-1",
        "/status/9999999999",
        "/status/1\n",
        "/keys/..jwk",
        "/mine/a/b",
        "",
    ],
)
def test_anything_else_is_no_address_of_ours(path: str) -> None:
    assert Addresses.match(path) is None


@pytest.mark.parametrize(
    ("base_url", "did"),
    [
        ("http://localhost:8000", "did:web:localhost%3A8000"),
        ("https://badges.example.org", "did:web:badges.example.org"),
    ],
)
def test_did_is_made_of_host_and_port(base_url: str, did: str) -> None:
    """Source: did:web method specification, "Method-specific identifier"."""
    assert Addresses(base_url).service_did == did
    assert Addresses(base_url).organisation_did("anytown") == f"{did}:organisations:anytown"


@pytest.mark.parametrize("url", ["http://localhost:8000/", "https://LOCALHOST:8000/x?y", "http://localhost:8000"])
def test_our_own_addresses_are_known(url: str) -> None:
    assert OURS.is_ours(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost",
        "http://localhost:80000",
        "http://localhost:8000.example.org/",
        "http://localhost:8000@example.org/",
        "http://user@localhost:8000/",
        "ftp://localhost:8000/",
        "//localhost:8000/",
        "/credentials",
        "",
    ],
)
def test_addresses_of_others_are_not_ours(url: str) -> None:
    assert not OURS.is_ours(url)


def test_path_of_an_address_keeps_its_query_and_drops_its_fragment() -> None:
    assert Addresses.path_of("http://localhost:8000/a/b?c=d#e") == "/a/b?c=d"
    assert Addresses.path_of("http://localhost:8000") == "/"
