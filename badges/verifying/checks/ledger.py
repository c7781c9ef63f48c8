"""What becomes of a badge whose key its organisation has declared stolen.

A thief can sign anything with any date, so no date in the badge counts. It stands if the organisation's ledger
of what it issued itself lists it. The format is our own: docs/ledger.md.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from badges.errors import BadgesError
from badges.standards.ledger import is_listed, shard_url
from badges.verifying.documents import Documents, UnseenDocumentError
from badges.verifying.key_ends import Revocation
from badges.verifying.report import Finding, Outcome
from badges.wording import Wording, say

_ASK: Final = say("Ask the organisation that it names whether it awarded this badge.")
CONFIRMED: Final = Finding(
    Outcome.WARNING,
    say("It was signed with a key that may have been stolen later. The organisation confirms that it issued it."),
    say("The organisation can award it again with its new key."),
)
_NOT_ISSUED: Final = say(
    "It was signed with a key that may have been stolen, and the organisation does not have it among the badges that "
    "it issued."
)
_UNSEEN: Final = say(
    "It was signed with a key that may have been stolen, and we could not see whether the organisation issued it."
)
_NO_LEDGER: Final = say(
    "The organisation has withdrawn the key of this badge. A date can be forged, so we cannot tell who signed it."
)
_AFTER_END: Final = say("The key of this badge was withdrawn before the badge was signed with it.")


def check_ledger(
    revocation: Revocation, signed_at: datetime | None, issued_hash: Callable[[], str], documents: Documents
) -> Finding:
    """Return how a badge stands whose key was revoked by its controller.

    signed_at: when the proof says it was made. issued_hash: makes the hash under which a ledger lists the badge.

    Source: Controlled Identifiers v1.0, 2.2 (`revoked`); docs/ledger.md.
    """
    if not revocation.ledger_url:
        return _without_ledger(revocation, signed_at)
    try:
        issued = issued_hash()
    except BadgesError as error:
        return Finding(Outcome.FAILED, _NOT_ISSUED, _ASK, (error.message,))
    try:
        listed = is_listed(documents.read_object(shard_url(revocation.ledger_url, issued)), issued)
    except (UnseenDocumentError, BadgesError) as error:
        return Finding(Outcome.UNKNOWN, _UNSEEN, say("Try again later."), (error.message,))
    return CONFIRMED if listed else Finding(Outcome.FAILED, _NOT_ISSUED, _ASK, _details(revocation))


def _without_ledger(revocation: Revocation, signed_at: datetime | None) -> Finding:
    """A badge that admits to be younger than the end of its key fails; one that says it is older may lie."""
    if signed_at is not None and revocation.since is not None and signed_at < revocation.since:
        return Finding(Outcome.UNKNOWN, _NO_LEDGER, _ASK, _details(revocation))
    return Finding(Outcome.FAILED, _AFTER_END, _ASK, _details(revocation))


def _details(revocation: Revocation) -> tuple[Wording, ...]:
    if revocation.since is None:
        return ()
    return (say("The key was withdrawn as of %(moment)s.", moment=revocation.since.isoformat()),)
