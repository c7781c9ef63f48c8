"""Names of people, as they are typed."""

from __future__ import annotations

from typing import Final

from badges.errors import InvalidInputError
from badges.standards.plain_text import strip_controls

NAME_MAX: Final = 120


def checked_name(name: str) -> str:
    """Return the name on one line, without control characters. Raises InvalidInputError for the field `name`."""
    cleaned = " ".join(strip_controls(name).split())
    if len(cleaned) > NAME_MAX:
        raise InvalidInputError(
            "The name has %(length)s characters; at most %(most)s fit.",
            field="name",
            length=len(cleaned),
            most=NAME_MAX,
        )
    return cleaned
