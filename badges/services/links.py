"""Capability links: whoever has the link may act. Their secrets are computed, never stored.

A link's token is the id of what it opens and a MAC over purpose, id and what the link is bound to, with a key that
lives in the keys folder. So a stolen database opens nothing, the same link can be sent again, and a million links need
no table.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable
from enum import StrEnum
from typing import Final
from uuid import UUID

_MAC_BYTES: Final = 16


class LinkPurpose(StrEnum):
    """What a link is for. A token of one purpose never opens another."""

    ENDORSEMENT = "endorsement"
    HOLDER = "holder"
    INVITATION = "invitation"
    SIGN_IN = "sign-in"


class LinkMaker:
    """Makes and reads tokens."""

    def __init__(self, secret: Callable[[], bytes]) -> None:
        """secret: gives the 32 secret bytes; asked for at first use, so that commands without links need no key."""
        self._secret = secret

    def token(self, purpose: LinkPurpose, target: UUID, bound_to: str = "") -> str:
        """Return the token: 43 characters, safe in a URL.

        bound_to: something of the target's that changes when links made until then shall open nothing any more.
        """
        return base64.urlsafe_b64encode(target.bytes + self._mac(purpose, target, bound_to)).decode().rstrip("=")

    def read(self, purpose: LinkPurpose, token: str, bound_to: Callable[[UUID], str] = lambda _: "") -> UUID | None:
        """Return what a token opens, or None when it is not one of ours for this purpose.

        bound_to: gives what the tokens of a target are bound to now; "" for a target that there is not.
        """
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (ValueError, binascii.Error):
            return None
        if len(raw) != 16 + _MAC_BYTES:
            return None
        target = UUID(bytes=raw[:16])
        return target if hmac.compare_digest(raw[16:], self._mac(purpose, target, bound_to(target))) else None

    def code(self, purpose: LinkPurpose, target: UUID, bound_to: str = "") -> str:
        """Return the six-digit code that belongs to a link, to be typed where the link cannot be opened, or by a person
        who opened it.
        """
        text = f"code:{purpose}:{target}:{bound_to}" if bound_to else f"code:{purpose}:{target}"
        digest = hmac.digest(self._secret(), text.encode(), "sha256")
        return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"

    def lookalike(self, text: str) -> UUID:
        """Return a UUID that always follows from this text and our secret, and looks like any random one."""
        return UUID(bytes=hmac.digest(self._secret(), f"lookalike:{text}".encode(), "sha256")[:16], version=4)

    def _mac(self, purpose: LinkPurpose, target: UUID, bound_to: str) -> bytes:
        text = f"{purpose}:{target}:{bound_to}" if bound_to else f"{purpose}:{target}"
        return hmac.digest(self._secret(), text.encode(), "sha256")[:_MAC_BYTES]
