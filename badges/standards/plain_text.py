"""Text that every implementation of the standards reads alike.

Canonicalisers of different age write control characters differently, so a signature over them holds here and
fails elsewhere. They have no use in a badge: they are taken out before anything is signed.
"""

from __future__ import annotations

import re
from typing import Final

from badges.errors import InvalidInputError

_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def strip_controls(text: str) -> str:
    """Return the text without control characters. LF and CR stay, a TAB becomes a space.

    Raises InvalidInputError if the text holds half of a surrogate pair: it cannot be written as UTF-8.
    Source: RDF Dataset Canonicalization 1.0, "Canonical form of N-Quads" (older libraries escape
    differently).
    """
    if _SURROGATE.search(text):
        raise InvalidInputError("This text holds a damaged character. Type it again instead of pasting it.")
    return _CONTROLS.sub("", text.replace("\t", " "))
