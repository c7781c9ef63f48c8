"""When a key is at its end: its controller has revoked it, or the time for which it was meant is over.

Whoever marks a key means something by it, so a mark that cannot be read counts as an end. `null` and `false` say
that there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from badges.standards.did.controller import VerificationMethod
from badges.standards.ledger import KEY_MEMBER, find_ledger
from badges.standards.moments import read_moment, read_seconds
from badges.verifying.reading import as_text, member
from badges.vocab.json import JsonObject
from badges.wording import Wording, say


@dataclass(frozen=True, slots=True)
class Revocation:
    """What a key's controller says of a key that may have been stolen.

    since: None if that cannot be read. ledger_url: of what it signed itself, or "". See docs/ledger.md.
    """

    since: datetime | None
    ledger_url: str


KeyEnd: TypeAlias = Revocation | Wording
"""A revocation, or why the key had ended when the proof was made."""


def end_of_method(document: JsonObject, method: VerificationMethod, signed_at: datetime | None) -> KeyEnd | None:
    """Return what speaks against a key that its controller's document lists, or None.

    signed_at: when the proof says it was made. One without a date may be newer than any end.
    Source: Controlled Identifiers v1.0, 2.2 (`revoked`, `expires`).
    """
    if method.revoked:
        return Revocation(read_moment(method.revoked), find_ledger(document, method.id))
    return _ended(method.id, read_moment(method.expires), signed_at) if method.expires else None


def end_of_jwks(jwks: Sequence[JsonObject], signed_at: datetime | None) -> KeyEnd | None:
    """Return what speaks against a key that stands in these JWKs, or None. One that revokes it is enough, and it has
    ended where all of them say so.

    signed_at: as for end_of_method.
    Source: OpenID Federation 1.0, "Federation Historical Keys" (`revoked`, `exp`); docs/ledger.md.
    """
    for jwk in jwks:
        if _is_marked(jwk, "revoked"):
            return Revocation(read_seconds(member(jwk, "revoked", "revoked_at")), as_text(jwk.get(KEY_MEMBER)))
    ends = [
        _ended(as_text(jwk.get("kid")), read_seconds(jwk["exp"]), signed_at) if _is_marked(jwk, "exp") else None
        for jwk in jwks
    ]
    return ends[0] if ends and all(ends) else None


def _is_marked(jwk: JsonObject, name: str) -> bool:
    value = jwk.get(name)
    return value is not None and value is not False


def _ended(name: str, end: datetime | None, signed_at: datetime | None) -> Wording | None:
    if end is None or signed_at is None or signed_at >= end:
        return say("The key %(name)s was no longer to be used.", name=name[:200] or "–")
    return None
