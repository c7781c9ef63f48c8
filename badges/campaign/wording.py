"""The campaign's own words, in one place for pages, mails and badges."""

from __future__ import annotations

from typing import Final

from badges.wording import Wording, say

TAG: Final = "AMillionDecisions"
"""The hashtag as a tag of a badge: documents carry it without its sign."""

CAMPAIGN_LINES: Final[dict[str, Wording]] = {
    "first_line": say("Every day across the healthcare sector in England, a million decisions are made."),
    "second_line": say("Knowledge and information professionals can help you make evidence based decisions."),
}
"""What every page and mail of the campaign says; templates know them as `campaign`."""
