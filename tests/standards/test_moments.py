"""Moments with a time zone. Open Badges 3.0, "DateTimeZ"; RFC 3339, section 5.6."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import StandardsError
from badges.standards.moments import read_iso_moment, read_moment, write_moment


@given(st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0)))
def test_what_is_written_is_read_back(moment: datetime) -> None:
    assert read_moment(write_moment(moment)) == moment


def test_moment_is_written_in_utc() -> None:
    zone = timezone(timedelta(hours=1))

    assert write_moment(datetime(2026, 6, 1, 0, 30, tzinfo=zone)) == "2026-05-31T23:30:00Z"


def test_moment_without_zone_is_not_written() -> None:
    with pytest.raises(StandardsError, match="time zone"):
        write_moment(datetime(2026, 6, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2010-01-01T00:00:00+01:00", datetime(2009, 12, 31, 23, tzinfo=UTC)),
        ("2010-01-01t00:00:00.123456789z", datetime(2010, 1, 1, microsecond=123456, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_moment_is_read(text: str, expected: datetime) -> None:
    assert read_moment(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "2010-01-01", "2010-01-01T00:00:00", "2010-02-30T00:00:00Z", "2010-01-01T25:00:00Z", "x",
     "2010-01-01U00:00:00Z", "2010-01-01_00:00Z",
     "2010-01-01T00:00:00+24:00", "0001-01-01T00:00:00+23:00", "٢٠١٠-01-01T00:00:00Z", None, 5, ["x"]],
)  # fmt: skip
def test_what_is_no_moment_is_none(text: object) -> None:
    assert read_moment(text) is None
    assert read_iso_moment(text) is None


def test_older_spellings_are_read_for_version_2() -> None:
    assert read_moment("2017-10-01T00:00Z") is None
    assert read_iso_moment("2017-10-01T00:00Z") == datetime(2017, 10, 1, tzinfo=UTC)
    assert read_iso_moment("2017-10-01T00:00:00+0100") == datetime(2017, 9, 30, 23, tzinfo=UTC)
    assert read_iso_moment("2017-10-01T00:00") is None


@given(st.text(max_size=80))
def test_no_text_makes_it_raise(text: str) -> None:
    assert read_moment(text) is None or read_iso_moment(text) is not None
