"""What a badge stands for: an achievement (Open Badges 3.0), called a badge class before."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from badges.vocab.identifier import Identifier
from badges.vocab.image import Image
from badges.vocab.profile import Profile
from badges.vocab.result import ResultDescription


class AchievementType(StrEnum):
    """The members of the OB 3.0 enumeration that the campaign uses."""

    ACHIEVEMENT = "Achievement"
    AWARD = "Award"
    BADGE = "Badge"
    CERTIFICATE_OF_COMPLETION = "CertificateOfCompletion"
    COMMUNITY_SERVICE = "CommunityService"
    COMPETENCY = "Competency"
    CO_CURRICULAR = "CoCurricular"
    MEMBERSHIP = "Membership"
    MICRO_CREDENTIAL = "MicroCredential"


@dataclass(frozen=True, slots=True)
class Alignment:
    """One entry of a framework that an achievement supports."""

    target_name: str
    target_url: str
    target_framework: str = ""
    target_code: str = ""
    target_description: str = ""


@dataclass(frozen=True, slots=True)
class Related:
    """Another achievement that this one has to do with. id: its address."""

    id: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Achievement:
    """One version of a badge class, as it is written into documents. A version never changes.

    id: its address (`Addresses.achievement`). ob2_url: the address of its Open Badges 2.0 badge class.
    creator: who made it up, where that is somebody else than who awards it.
    criteria: what had to be done, in Markdown. validity_months: how long an award counts; None is for ever.
    """

    id: str
    ob2_url: str
    slug: str
    version: str
    name: str
    description: str
    criteria: str
    achievement_type: AchievementType
    image: Image
    tags: tuple[str, ...] = ()
    alignments: tuple[Alignment, ...] = ()
    validity_months: int | None = None
    result_descriptions: tuple[ResultDescription, ...] = ()
    related: tuple[Related, ...] = ()
    other_identifiers: tuple[Identifier, ...] = ()
    creator: Profile | None = None
