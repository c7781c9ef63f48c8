"""What can be shown of anybody's badge, whatever version of the standard it follows.

Read from documents of unknown origin: every text is a claim, cut to a bounded length, and nothing here was
checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from badges.vocab.achievement import Alignment
from badges.vocab.image import Image


class BadgeVersion(StrEnum):
    """The version of Open Badges that a document follows."""

    OB0_5 = "0.5"
    OB1_0 = "1.0"
    OB1_1 = "1.1"
    OB2 = "2.0"
    OB3 = "3.0"


@dataclass(frozen=True, slots=True)
class IdentityView:
    """One way in which the recipient is named. identity: the hash if hashed, else the plain identity.

    identity_type: as the document says it, such as "emailAddress" (3.0) or "email" (2.0).
    """

    identity_type: str
    identity: str
    hashed: bool
    salt: str = ""


@dataclass(frozen=True, slots=True)
class IssuerView:
    """Who awards, as the document says."""

    id: str
    name: str = ""
    url: str = ""
    email: str = ""
    image: Image | None = None


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One piece of evidence."""

    id: str = ""
    name: str = ""
    narrative: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class CredentialView:
    """One badge for display. Texts that the document lacks are "". image: web address or data URI, and its
    words.

    criteria_narrative: Markdown. valid_from, valid_until: aware moments. comment: what an endorsement says.
    """

    version: BadgeVersion
    id: str
    name: str
    description: str
    image: Image | None
    criteria_narrative: str
    criteria_url: str
    achievement_id: str
    achievement_type: str
    issuer: IssuerView
    subject_id: str
    recipients: tuple[IdentityView, ...]
    valid_from: datetime | None
    valid_until: datetime | None
    evidence: tuple[EvidenceView, ...]
    alignments: tuple[Alignment, ...]
    tags: tuple[str, ...]
    comment: str = ""
