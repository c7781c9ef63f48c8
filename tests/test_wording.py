"""Messages in English, as the command line and logs show them; pages fill in the same values in other languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from badges.wording import say


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (date(2026, 12, 3), "3 December 2026"),
        (datetime(2026, 12, 3, 23, 59, tzinfo=UTC), "3 December 2026"),
        (datetime(2026, 12, 3, 1, tzinfo=timezone(timedelta(hours=2))), "2 December 2026"),
        (datetime(1, 1, 1, tzinfo=UTC), "1 January 1"),
        ("text", "text"),
        (7, "7"),
    ],
)
def test_days_are_written_out(value: object, written: str) -> None:
    assert str(say("On %(day)s.", day=value)) == f"On {written}."


def test_message_inside_a_message_is_written_out_too() -> None:
    assert (
        str(say("It is so. %(why)s", why=say("Since %(day)s.", day=date(2026, 1, 2))))
        == "It is so. Since 2 January 2026."
    )
