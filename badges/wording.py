"""Text for people that can be translated at the edge.

The domain does not know which language its reader wants. It makes a `Wording`: an English template and
its values. `str()` gives English (the command line, logs); the web layer looks the template up in the
reader's catalogue and fills in the same values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Wording:
    """One message: an English template with %(name)s places, and the values for them."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template % self.values if self.values else self.template


def say(template: str, **values: object) -> Wording:
    """Return the message of this template with these values. Translation tools collect the first argument."""
    return Wording(template, values)
