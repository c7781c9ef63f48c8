"""What one organisation says in favour of a class, a badge or another organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from badges.vocab.profile import Profile
from badges.vocab.status import StatusPosition
from badges.wording import Wording, say


class EndorsedKind(StrEnum):
    """What is endorsed: one version of a class, one badge that somebody holds, an organisation, or a pack.

    A succession says of an older issuer, here or elsewhere, that it is a part of the endorser now.
    """

    CLASS = "class"
    BADGE = "badge"
    ORGANISATION = "organisation"
    PACK = "pack"
    SUCCESSION = "succession"


@dataclass(frozen=True, slots=True)
class Endorsement:
    """One endorsement, complete: everything that goes into its signed document.

    url, ob2_url: its addresses in both versions of the standard. endorser: who says it. name: its title.
    endorsed_id, endorsed_ob2_url: the id of the endorsed thing in either version. comment: Markdown.
    valid_from: an aware UTC moment in whole seconds. status: None for one that the endorser signs elsewhere.
    """

    url: str
    ob2_url: str
    endorser: Profile
    name: str
    endorsed_id: str
    endorsed_ob2_url: str
    comment: str
    valid_from: datetime
    status: StatusPosition | None


class WithdrawalReason(StrEnum):
    """Why an endorsement was withdrawn. Public, so it is chosen from this list and never blames."""

    MISTAKE = "mistake"
    CHANGED = "changed"
    REQUEST = "request"


WITHDRAWAL_WORDING: Final[dict[WithdrawalReason, Wording]] = {
    WithdrawalReason.MISTAKE: say("It was given by mistake."),
    WithdrawalReason.CHANGED: say("The organisation does not say this any more."),
    WithdrawalReason.REQUEST: say("It was withdrawn because somebody asked for it."),
}
