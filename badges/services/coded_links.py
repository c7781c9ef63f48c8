"""Links of mails that ask a person for something: the link opens the page, a code from the same mail confirms.

Mail programs open links and send forms; a code they do not type. Each time the mail is sent again, link and code are
new and the ones before open nothing.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from string import digits
from typing import Final, Protocol
from uuid import UUID

from badges.errors import NotAllowedError
from badges.services.context import Installation
from badges.services.links import LinkPurpose
from badges.wording import Wording

CODE_TRIES: Final = 8


class Asked(Protocol):
    """What was asked for. round: how often its mail was sent. failures: how many wrong codes were typed since."""

    id: UUID
    round: int
    failures: int


def link_token(installation: Installation, purpose: LinkPurpose, asked: Asked) -> str:
    """Return the token of the link in the newest mail."""
    return installation.links.token(purpose, asked.id, str(asked.round))


def link_code(installation: Installation, purpose: LinkPurpose, asked: Asked) -> str:
    """Return the code in the newest mail."""
    return installation.links.code(purpose, asked.id, str(asked.round))


def read_link(
    installation: Installation, purpose: LinkPurpose, token: str, find: Callable[[UUID], Asked | None]
) -> UUID | None:
    """Return the number of what a link opens; None for what is no link of ours, or one of an earlier mail."""

    def round_of(number: UUID) -> str:
        found = find(number)
        return str(found.round) if found is not None else ""

    return installation.links.read(purpose, token, round_of)


def is_right_code(
    installation: Installation, purpose: LinkPurpose, asked: Asked, typed: str, *, too_many: Wording
) -> bool:
    """Whether a typed code is the one in the newest mail; a wrong one is counted.

    Raises NotAllowedError, saying `too_many`, after too many wrong ones.
    """
    if asked.failures >= CODE_TRIES:
        raise NotAllowedError(too_many)
    if hmac.compare_digest("".join(sign for sign in typed if sign in digits), link_code(installation, purpose, asked)):
        return True
    asked.failures += 1
    return False
