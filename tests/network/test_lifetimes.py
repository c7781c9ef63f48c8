"""How long an answer may be kept. Source: RFC 9111."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.network.lifetimes import fresh_for, may_be_kept

AT = datetime(2026, 12, 3, 12, tzinfo=UTC)
NOW = "Thu, 03 Dec 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "max-age=300"}, 300),
        ({"cache-control": 'public, MAX-AGE="300"'}, 300),
        ({"cache-control": "max-age=300, s-maxage=60"}, 60),  # 5.2.2.10: for caches that many share
        ({"cache-control": "max-age=300", "age": "100"}, 200),  # 4.2.3
        ({"cache-control": "max-age=300", "age": "400"}, 0),
        ({"cache-control": "max-age=300", "date": "Thu, 03 Dec 2026 11:59:00 GMT"}, 240),
        ({"cache-control": "max-age=300", "date": "Thu, 03 Dec 2026 12:30:00 GMT"}, 300),  # a clock that is ahead
        ({"cache-control": "max-age=300", "expires": NOW}, 300),  # 5.3: max-age wins
        ({"expires": "Thu, 03 Dec 2026 12:10:00 GMT"}, 600),
        ({"expires": "Thu, 03 Dec 2026 12:40:00 GMT", "date": "Thu, 03 Dec 2026 12:30:00 GMT"}, 600),
        ({"expires": "Thu, 03 Dec 2026 11:00:00 GMT"}, 0),
        ({"expires": "0"}, 0),  # 5.3: an invalid date is one in the past
        ({"cache-control": "no-cache, max-age=300"}, 0),  # 5.2.2.4
        ({"cache-control": "max-age=soon"}, 0),
        ({"cache-control": "max-age=-5"}, 0),
        ({"cache-control": "max-age"}, 0),
        ({"cache-control": "max-age=60, max-age=9000"}, 60),
        ({"cache-control": "public"}, None),
        ({}, None),
    ],
)
def test_lifetime_is_what_the_headers_say(headers: dict[str, str], seconds: int | None) -> None:
    assert fresh_for(headers, AT) == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("headers", "may"),
    [
        ({}, True),
        ({"cache-control": "public, max-age=1", "vary": "Accept"}, True),
        ({"cache-control": "max-age=300, no-store"}, False),
        ({"cache-control": "Private"}, False),
        ({"vary": "*"}, False),
        ({"cache-control": 'extension="no-store"'}, True),
    ],
)
def test_what_must_not_be_kept_is_not(headers: dict[str, str], may: bool) -> None:
    assert may_be_kept(headers) is may


_HEADER = st.text(max_size=60) | st.sampled_from(["max-age=" + "9" * 40, 'max-age="', "s-maxage=\u0663", NOW])


@given(st.dictionaries(st.sampled_from(["cache-control", "expires", "age", "date", "vary"]), _HEADER))
def test_any_header_gives_a_lifetime_and_never_a_negative_one(headers: dict[str, str]) -> None:
    may_be_kept(headers)
    lifetime = fresh_for(headers, AT)
    assert lifetime is None or lifetime >= timedelta(0)
