"""Names of people, as they are typed."""

from __future__ import annotations

from typing import Final

from badges.errors import InvalidInputError
from badges.standards.plain_text import strip_controls

NAME_MAX: Final = 120
# Embeddings, overrides and isolates (Unicode Standard Annex 9). Names in any script read right without them.
_DIRECTIONS: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def checked_name(name: str) -> str:
    """Return the name on one line, without characters that turn the direction of what stands around it.

    Raises InvalidInputError for the field `name`.
    """
    cleaned = " ".join(strip_controls(name).translate(_DIRECTIONS).split())
    if len(cleaned) > NAME_MAX:
        raise InvalidInputError(
            "The name has %(length)s characters; at most %(most)s fit.",
            field="name",
            length=len(cleaned),
            most=NAME_MAX,
        )
    return cleaned
