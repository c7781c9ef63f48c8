"""What is different between two versions of a badge class, for people who look at both side by side."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from badges.vocab.class_content import LICENCE_WORDING, ClassContent
from badges.wording import Wording, say

_LABELS: Final[dict[str, Wording]] = {
    "name": say("Name"),
    "description": say("In one sentence"),
    "criteria": say("What has to be done"),
    "audience": say("For whom"),
    "who_can_earn": say("Who can earn it"),
    "how_to_earn": say("How to earn it"),
    "achievement_type": say("Kind"),
    "tags": say("Tags"),
    "alignments": say("What it supports"),
    "validity_months": say("How many months it counts"),
    "first_question": say("Question when it is claimed"),
    "mail_text": say("In the mail"),
    "results": say("What can be reached"),
    "licence": say("Licence"),
    "alt_text": say("What the picture shows"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text. is_changed: whether the other side has something else there."""

    text: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is not the same: its name, and the text of both sides in pieces."""

    label: Wording
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


def differences(before: ClassContent, after: ClassContent) -> tuple[Difference, ...]:
    """Return the fields that differ, in the order of a class's page. Pictures are for `is_other_picture`."""
    found = []
    for field, label in _LABELS.items():
        old, new = _in_words(before, field), _in_words(after, field)
        if old != new:
            found.append(Difference(label, *_pieces(old, new)))
    return tuple(found)


def is_other_picture(before: ClassContent, after: ClassContent) -> bool:
    """Whether two versions look different."""
    return before.art != after.art


def _in_words(content: ClassContent, field: str) -> str:
    special: dict[str, Callable[[], str]] = {
        "tags": lambda: ", ".join(content.tags),
        "alignments": lambda: "\n".join(
            ", ".join(filter(None, (each.target_name, each.target_framework, each.target_code)))
            for each in content.alignments
        ),
        "validity_months": lambda: str(content.validity_months or ""),
        "results": lambda: "\n".join(str(each["name"]) for each in content.results),
        "licence": lambda: str(LICENCE_WORDING[content.licence]),
        "alt_text": lambda: content.art.alt_text,
    }
    return special[field]() if field in special else str(getattr(content, field))


def _pieces(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return two texts in pieces, word by word."""
    old, new = re.findall(r"\s+|[^\s]+", before), re.findall(r"\s+|[^\s]+", after)
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        is_changed = kind != "equal"
        if old_to > old_from:
            left.append(Piece("".join(old[old_from:old_to]), is_changed))
        if new_to > new_from:
            right.append(Piece("".join(new[new_from:new_to]), is_changed))
    return tuple(left), tuple(right)
