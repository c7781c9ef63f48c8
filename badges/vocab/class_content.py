"""What a badge class says, before it has an address: what a form, a pack and a version of a class have in common."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from badges.vocab.achievement import AchievementType, Alignment
from badges.vocab.badge_art import BadgeArt
from badges.wording import Wording, say

VALIDITIES: Final = (12, 24, 36)
LONGEST: Final[dict[str, int]] = {
    "name": 80,
    "audience": 120,
    "description": 300,
    "criteria": 4000,
    "who_can_earn": 300,
    "how_to_earn": 300,
    "first_question": 200,
    "mail_text": 1000,
    "label": 24,
    "alt_text": 300,
    "local_note": 1000,
}
"""The most characters of each text."""


class Licence(StrEnum):
    """Under which licence others may use the texts and the picture of a class, by its name in SPDX; NONE is not."""

    CC_BY = "CC-BY-4.0"
    CC_BY_SA = "CC-BY-SA-4.0"
    CC0 = "CC0-1.0"
    OGL = "OGL-UK-3.0"
    NONE = ""


LICENCE_WORDING: Final[dict[Licence, Wording]] = {
    Licence.CC_BY: say("Creative Commons Attribution 4.0"),
    Licence.CC_BY_SA: say("Creative Commons Attribution-ShareAlike 4.0"),
    Licence.CC0: say("Creative Commons Zero 1.0"),
    Licence.OGL: say("Open Government Licence 3.0"),
    Licence.NONE: say("Not for copying"),
}

LICENCE_URLS: Final[dict[Licence, str]] = {
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
    Licence.CC_BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
    Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
    Licence.OGL: "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    Licence.NONE: "",
}


@dataclass(frozen=True, slots=True)
class UploadedArt:
    """A picture that somebody uploaded, made safe and square. svg: of a drawing; "" for pixels. png: 600 pixels."""

    svg: str
    png: bytes
    alt_text: str


ClassArt: TypeAlias = BadgeArt | UploadedArt


@dataclass(frozen=True, slots=True)
class Credit:
    """Where a class was taken from. id: the address of that class. by: whose it is. licence: of its texts."""

    id: str
    name: str
    by: str
    licence: Licence


@dataclass(frozen=True, slots=True)
class ClassContent:
    """What one version of a badge class says.

    slug: its short name in addresses, for ever. criteria: what had to be done, in Markdown.
    tags: without "#", the campaign's own first. validity_months: how long an award counts; None is for ever.
    who_can_earn, how_to_earn: a sentence or two each, for the page of the badge.
    first_question: what the person is asked when they claim it, or "".
    art: the picture, designed or uploaded.
    creator: who made it up, if not who awards it: {id, name, url?, email?}.
    results: what can be reached, as `services/results.py` keeps it.
    mail_text: what the mail with the badge says besides, or "".
    licence: under which others may copy it. credit: of whose class it is a copy.
    """

    slug: str
    name: str
    audience: str
    description: str
    criteria: str
    achievement_type: AchievementType
    tags: tuple[str, ...]
    alignments: tuple[Alignment, ...]
    validity_months: int | None
    who_can_earn: str
    how_to_earn: str
    first_question: str
    art: ClassArt
    creator: dict[str, str] | None = None
    results: tuple[dict[str, Any], ...] = ()
    mail_text: str = ""
    licence: Licence = Licence.NONE
    credit: Credit | None = None
