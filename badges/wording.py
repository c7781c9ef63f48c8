"""Text for people that can be translated at the edge.

The domain does not know which language its reader wants. It makes a `Wording`: an English template and
its values. `str()` gives English (the command line, logs); the web layer looks the template up in the
reader's catalogue and fills in the same values. A moment or a date among them is shown as a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

# Not from the system: it would write them in its own language.
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """One message: an English template with %(name)s places, and the values for them."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        if not self.values:
            return self.template
        return self.template % {name: _in_english(value) for name, value in self.values.items()}


def _in_english(value: object) -> object:
    """Return a day as it is written in English, such as 3 December 2026 (in UTC); other values as they are."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC)
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}" if isinstance(value, date) else value


def say(template: str, **values: object) -> Wording:
    """Return the message of this template with these values. Translation tools collect the first argument."""
    return Wording(template, values)
