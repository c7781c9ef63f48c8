"""What the one word "valid" must not leave out: who signed is not known, or part of the badge is not shown."""

from __future__ import annotations

from typing import Final

from badges.verifying.keys import OF_KEYS_ALONE
from badges.verifying.report import CheckName, Outcome, Report, TrustStanding
from badges.wording import Wording, say

_VOUCHED_FOR: Final = frozenset({TrustStanding.CAMPAIGN, TrustStanding.KNOWN})
_ONLY_A_KEY: Final = say(
    "It is unchanged, but who signed it is not known. It was signed with a key that nobody vouches for."
)
_HIDES_ITS_END: Final = say("What it shows is genuine. Whether it still counts cannot be seen from this copy.")


def caveat_of(report: Report) -> Wording | None:
    """Return what has to be said with the verdict, or None. It is about a badge that may well be valid.

    Source: Open Badges 3.0 lets a did:key be an issuer; its name is then no more than the signer's own word.
    """
    if _is_by_a_key_alone(report):
        return _ONLY_A_KEY
    return _HIDES_ITS_END if report.hides_its_end else None


def is_issuer_proven(report: Report) -> bool:
    """Whether the name of the issuer may be told as a fact, and not as what the badge says."""
    good = report.check(CheckName.ISSUER).outcome in {Outcome.PASSED, Outcome.WARNING}
    return good and not _is_by_a_key_alone(report)


def _is_by_a_key_alone(report: Report) -> bool:
    """A list of issuers may vouch for a key: then it is known whose it is."""
    is_vouched_for = report.trust is not None and report.trust.standing in _VOUCHED_FOR
    return report.view is not None and report.view.issuer.id.startswith(OF_KEYS_ALONE) and not is_vouched_for
