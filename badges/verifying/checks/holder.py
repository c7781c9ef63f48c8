"""Whether whoever shows badges is the one that a presentation names as their holder."""

from __future__ import annotations

from typing import Final

from badges.verifying.checks.proof import ProofResult
from badges.verifying.keys import SigningKey, Standing
from badges.verifying.reading import id_of
from badges.verifying.report import Finding, Outcome
from badges.vocab.json import JsonObject
from badges.wording import Wording, say

_SHOW_AGAIN: Final = say("Ask the holder to show the badges again.")
_SIGNED: Final[dict[Outcome, Wording]] = {
    Outcome.PASSED: say("It has not been changed since whoever shows these badges signed it."),
    Outcome.WARNING: say("It has not been changed since whoever shows these badges signed it, but take care."),
    Outcome.FAILED: say("The signature of whoever shows these badges does not hold."),
    Outcome.UNKNOWN: say("We could not check the signature of whoever shows these badges."),
}


def signature_of_presentation(proof: ProofResult) -> Finding:
    """Return what was found about the signature of a presentation, in words that are not about a badge."""
    found = proof.finding
    if found.outcome is Outcome.PASSED:
        return Finding(found.outcome, _SIGNED[found.outcome])
    return Finding(found.outcome, _SIGNED[found.outcome], _SHOW_AGAIN, (found.message, *found.details))


def check_holder(document: JsonObject, proof: ProofResult) -> Finding:
    """Check that the holder whom a presentation names has signed it.

    proof: what was found about its signature, which fits. A holder who is named and did not sign speaks against it;
    where none is named, a key that nobody vouches for is a warning: the badges stand by themselves.

    Source: VC Data Model 2.0, section 4.13 (`holder`); Controlled Identifiers v1.0, 3.3 (authentication).
    """
    holder, key = id_of(document.get("holder")), proof.key
    standing = key.standing if key is not None else Standing.BARE
    details = _details(key)
    is_foreign = key is not None and key.controller not in {"", holder}
    if holder and (is_foreign or standing is Standing.REFUSED):
        message = say("It is not signed by the holder that it names, so somebody else may be showing these badges.")
        return Finding(Outcome.FAILED, message, _SHOW_AGAIN, details)
    if standing is Standing.LISTED:
        return Finding(Outcome.PASSED, say("It is signed by its holder."))
    if standing is Standing.REVOKED:
        message = say("It is signed with a key that may have been stolen, perhaps by whoever shows these badges.")
        return Finding(Outcome.WARNING, message, _SHOW_AGAIN, details)
    message = say("It is signed, but we cannot tell by whom.")
    return Finding(Outcome.UNKNOWN if holder else Outcome.WARNING, message, _SHOW_AGAIN, details)


def _details(key: SigningKey | None) -> tuple[Wording, ...]:
    if key is None:
        return ()
    return (say("Key: %(key)s", key=key.name[:200] or "–"), *((key.reason,) if key.reason else ()))
