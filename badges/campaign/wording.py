"""The campaign's own words: its two lines and its hashtag."""

from __future__ import annotations

from typing import Final

from badges.wording import Wording, say

HASHTAG: Final = "#AMillionDecisions"
TAG: Final = "AMillionDecisions"
"""The hashtag as a tag of a badge: documents carry it without its sign."""

FIRST_LINE: Final[Wording] = say("Every day across the healthcare sector in England, a million decisions are made")
SECOND_LINE: Final[Wording] = say("Knowledge and information professionals can help you make evidence based decisions")
