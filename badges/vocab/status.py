"""Whether an award still stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from badges.wording import Wording, say


class StatusPurpose(StrEnum):
    """What a set bit of a status list means (Bitstring Status List v1.0, section 2.1)."""

    REVOCATION = "revocation"
    SUSPENSION = "suspension"
    REFRESH = "refresh"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class StatusPosition:
    """Where the status of one award is kept: an index (from 0) in the list at this address."""

    list_url: str
    index: int
    purpose: StatusPurpose = StatusPurpose.REVOCATION


class RevocationReason(StrEnum):
    """Why an award was withdrawn. Public, so it is chosen from this list and never blames."""

    MISTAKE = "mistake"
    WRONG_DETAILS = "wrong-details"
    TWICE = "twice"
    REQUEST = "request"
    NOT_MET = "not-met"
    KEY = "key"


REVOCATION_WORDING: Final[dict[RevocationReason, Wording]] = {
    RevocationReason.MISTAKE: say("It was awarded by mistake."),
    RevocationReason.WRONG_DETAILS: say("It had wrong details and was replaced."),
    RevocationReason.TWICE: say("It was awarded twice."),
    RevocationReason.REQUEST: say("The person asked for it to be withdrawn."),
    RevocationReason.NOT_MET: say("What had to be done was not done."),
    RevocationReason.KEY: say("It was signed with a key that is not trusted any more."),
}


class SupersessionReason(StrEnum):
    """Why a newer version of a credential was signed."""

    DETAILS = "details"
    EMAIL = "email"
    ENDORSEMENT = "endorsement"
    KEY = "key"
    RENEWAL = "renewal"


SUPERSESSION_WORDING: Final[dict[SupersessionReason, Wording]] = {
    SupersessionReason.DETAILS: say("It had wrong details. There is a newer version."),
    SupersessionReason.EMAIL: say("The person's e-mail address has changed. There is a newer version."),
    SupersessionReason.ENDORSEMENT: say("Its endorsements have changed. There is a newer version."),
    SupersessionReason.RENEWAL: say("It was renewed. There is a newer version."),
    SupersessionReason.KEY: say("It was signed with a key that signs no more. There is a newer version."),
}
