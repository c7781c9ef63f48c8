"""The list of issuers, as docs/issuer-list.md describes it."""

from __future__ import annotations

import json
import re
import unicodedata
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.standards.issuer_list import (
    MOST_ENTRIES,
    IssuerListError,
    ListKind,
    plain_name,
    read_issuer_list,
)
from tests.standards.issuer_lists import LISTED_ID, PUBLISHER, entry, issuer_list


def test_reads_everything_that_a_list_says() -> None:
    until = "2027-01-01T00:00:00Z"
    found = read_issuer_list(issuer_list(entry(), entry(ids=["did:web:a.example"], kind="campaign", until=until)))
    assert (found.name, found.publisher) == ("Libraries of the campaign", PUBLISHER)
    assert found.issued == datetime(2026, 12, 1, tzinfo=UTC)
    assert found.valid_until == datetime(2027, 6, 1, tzinfo=UTC)
    first, second = found.entries
    assert found.by_id == {LISTED_ID: first, "https://library.example/issuer": first, "did:web:a.example": second}
    assert (first.name, first.url, first.kind) == (
        "Anytown Hospitals Library",
        "https://library.example/",
        ListKind.KNOWN,
    )
    assert (second.kind, second.until) == (ListKind.CAMPAIGN, datetime(2027, 1, 1, tzinfo=UTC))
    assert found.by_name == {plain_name("anytown hospitals LIBRARY"): (first, second)}


def test_list_that_is_shown_in_the_documents_is_one() -> None:
    text = (Path(__file__).parents[2] / "docs" / "issuer-list.md").read_text()
    (shown,) = re.findall(r"^```json\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert [entry.kind for entry in read_issuer_list(json.loads(shown)).entries] == [ListKind.CAMPAIGN, ListKind.KNOWN]


def test_empty_list_is_one() -> None:
    assert read_issuer_list(issuer_list(entries=[])).entries == ()


def test_members_of_later_versions_are_passed_over() -> None:
    assert read_issuer_list(issuer_list(entry(logo="x"), licence="CC0", proof=[{}])).entries[0].name


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"type": "List"}, "IssuerList"),
        ({"version": 2}, "version"),
        ({"version": "1"}, "version"),
        ({"name": None}, "name"),
        ({"name": " "}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"publisher": "campaign.example"}, "publisher"),
        ({"publisher": "did:web:a.example#key"}, "publisher"),
        ({"issued": "2026-12-01"}, "issued"),
        ({"issued": None}, "issued"),
        ({"validUntil": None}, "validUntil"),
        ({"validUntil": "2026-12-01T00:00:00Z"}, "later"),
        ({"entries": None}, "entries"),
        ({"entries": {}}, "entries"),
        ({"entries": [entry()] * (MOST_ENTRIES + 1)}, "at most"),
        ({"entries": ["did:web:a.example"]}, "Entry 1"),
        ({"entries": [entry(), entry()]}, "twice"),
        ({"entries": [entry(ids=[])]}, "ids"),
        ({"entries": [entry(ids="did:web:a.example")]}, "ids"),
        ({"entries": [entry(ids=["did:web:a.example"] * 11)]}, "ids"),
        ({"entries": [entry(ids=["did:web:a.example", "did:web:a.example"])]}, "twice"),
        ({"entries": [entry(ids=["http://a.example/"])]}, "ids"),
        ({"entries": [entry(ids=["did:web:a.example\u202e"])]}, "ids"),
        ({"entries": [entry(ids=["https://a.example/ x"])]}, "ids"),
        ({"entries": [entry(kind="friend")]}, "kind"),
        ({"entries": [entry(kind=["known"])]}, "kind"),
        ({"entries": [entry(url="javascript:alert(1)")]}, "url"),
        ({"entries": [entry(url=None)]}, "url"),
        ({"entries": [entry(since="lately")]}, "since"),
        ({"entries": [entry(until="2026-11-01T00:00:00Z")]}, "until"),
        ({"entries": [entry(until="")]}, "until"),
    ],
)
def test_one_mistake_refuses_the_whole_list_and_is_named(changes: dict[str, Any], word: str) -> None:
    with pytest.raises(IssuerListError, match=word):
        read_issuer_list(issuer_list(**changes))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(issuer_list())), _JSON, st.sampled_from(sorted(entry())), _JSON)
def test_anything_in_any_place_is_read_or_refused(member: str, value: Any, entry_member: str, inner: Any) -> None:
    document = {**issuer_list({**entry(), entry_member: inner}), member: value}
    with suppress(IssuerListError):
        assert read_issuer_list(document).publisher.startswith(("did:", "https://"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anytown Hospitals Library", "ANYTOWN  hospitals-library"),
        ("Café", "Cafe\u0301"),
        ("Library", "\uff2cibrary"),
        ("Library", "Lib\u200brary"),
        ("NHS England", "NHS \u0415ngland"),  # a Cyrillic letter
        ("NHS England", "\u039d\u0397\u0405 England"),  # two Greek ones and a Cyrillic one
        ("NHS England", "NHS EngIand"),  # a large i for a small l
        ("NHS England", "NHS \u1eb8ngland"),  # a dot below
        ("NHS England", "NHS Eng\u04cfand"),
        ("NHS England", "NHS \u13acngland"),  # a Cherokee letter
        ("Modern Medicine", "Modem Medicine"),
        ("Hospital 10", "Hospita1 lO"),
    ],
)
def test_names_that_look_alike_are_one(one: str, other: str) -> None:
    assert plain_name(one) == plain_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("NHS England", "NHS Scotland"), ("A library", "A library 2"), ("Болница", "Школа"), ("日", "月")],
)
def test_names_that_differ_are_two(one: str, other: str) -> None:
    assert plain_name(one) != plain_name(other)


@given(st.text(max_size=40))
def test_a_name_is_compared_the_same_however_it_is_composed(name: str) -> None:
    plain = plain_name(name)
    assert plain_name(unicodedata.normalize("NFD", name)) == plain
    assert all(letter.isalnum() for letter in plain)
