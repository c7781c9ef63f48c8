"""What other systems may do for an organisation, by a key."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from badges.vocab.people import Permission
from badges.wording import Wording, say


class ApiScope(StrEnum):
    """What a key is good for. A key may have several."""

    AWARD = "award"
    READ = "read"


SCOPE_WORDING: Final[dict[ApiScope, Wording]] = {
    ApiScope.AWARD: say("Award badges"),
    ApiScope.READ: say("Look whether a badge stands"),
}
# The permission of a route, and what a key must be good for.
SCOPE_OF: Final[dict[Permission, ApiScope]] = {
    Permission.API_AWARD: ApiScope.AWARD,
    Permission.API_READ: ApiScope.READ,
}
