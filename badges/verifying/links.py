"""Links in what a person pasted: "here is my badge: https://… Thanks!"."""

from __future__ import annotations

import re
from typing import Final

MOST_LINKS: Final = 10
LONGEST_WORDS: Final = 20_000
# People write "www." for a link, too; not inside of something else.
_LINK: Final = re.compile(r"(?:https?://|(?<![\w.@/:-])www\.(?=[\w-]+\.))[^\s<>\"“”«»]{1,4000}", re.IGNORECASE)
# What a sentence puts after a link, and a link rarely ends with.
_AFTER: Final = ".,;:!?'’*_"
_BRACKETS: Final = {")": "(", "]": "[", "}": "{"}


def links_in(text: str) -> list[str]:
    """Return the web addresses in a text, each once, in their order; at most MOST_LINKS."""
    found = (with_scheme(_without_ending(match.group())) for match in _LINK.finditer(text[:LONGEST_WORDS]))
    return list(dict.fromkeys(link for link in found if len(link) > len("https://")))[:MOST_LINKS]


def with_scheme(link: str) -> str:
    """Return a link as it is asked for: what was written as "www.…" over https."""
    return f"https://{link}" if link[:4].lower() == "www." else link


def _without_ending(link: str) -> str:
    """Return a link without the marks of the sentence around it. A bracket stays if it opens inside the link."""
    while link:
        last = link[-1]
        opening = _BRACKETS.get(last)
        if last not in _AFTER and (opening is None or link.count(last) <= link.count(opening)):
            break
        link = link[:-1]
    return link
