"""What there is to say where nothing was found that could be valid or not: to call it "not valid" would be odd."""

from __future__ import annotations

from typing import Final

from badges.wording import Wording, say

IN_DOCUMENT: Final = say("This is not a badge. We found none in it.")
IN_PICTURE: Final = say("This is not a badge. There is none in this picture; something may have removed it on the way.")
IN_TEXT: Final = say("This is not a badge. We found neither a badge nor a link in it.")
_ALL: Final = (IN_DOCUMENT, IN_PICTURE, IN_TEXT)


def says_no_badge(message: Wording) -> bool:
    """Return whether a message says that there is no badge at all."""
    return message in _ALL
