"""An organisation that awards badges."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from badges.vocab.identifier import Identifier
from badges.vocab.image import Image
from badges.wording import Wording, say


class OrganisationKind(StrEnum):
    """What an organisation is in the campaign. Regions are below the nation, services and partners below either.

    An endorser takes no part: it stands behind something, and its key is kept here for that.
    """

    NATION = "nation"
    REGION = "region"
    SERVICE = "service"
    PARTNER = "partner"
    ENDORSER = "endorser"


KIND_WORDING: Final[dict[OrganisationKind, Wording]] = {
    OrganisationKind.NATION: say("Nation"),
    OrganisationKind.REGION: say("Region"),
    OrganisationKind.SERVICE: say("Library service"),
    OrganisationKind.PARTNER: say("Partner"),
    OrganisationKind.ENDORSER: say("Endorser"),
}
TAKING_PART: Final = tuple(kind for kind in OrganisationKind if kind is not OrganisationKind.ENDORSER)
"""The kinds that award, or have such below them."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Who awards.

    did: the did:web identifier, the issuer's id in Open Badges 3.0.
    ob2_url: the address of the same organisation's Open Badges 2.0 issuer document; the two point at each other.
    parent: the organisation that it is a part of. other_identifiers: under which other names it is known.
    url: the organisation's own page (a web address). email: where to reach it, or "".
    """

    did: str
    ob2_url: str
    slug: str
    name: str
    url: str
    email: str = ""
    description: str = ""
    image: Image | None = None
    parent: Profile | None = None
    other_identifiers: tuple[Identifier, ...] = ()
