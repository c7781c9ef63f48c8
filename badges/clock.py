"""The clock. Everything that needs the time takes a `Clock`, so that a test can set it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the present moment in UTC, in whole seconds (signed documents carry no fractions)."""
    return datetime.now(UTC).replace(microsecond=0)
