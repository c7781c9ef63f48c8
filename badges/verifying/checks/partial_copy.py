"""What nobody can know of a badge whose holder chose the parts to show."""

from __future__ import annotations

from typing import Final

from badges.verifying.report import CheckName, Finding, Outcome
from badges.vocab.json import JsonObject
from badges.wording import Wording, say

_MEND: Final = say("Ask the holder for the whole badge.")


def doubts_about_the_rest(document: JsonObject) -> dict[CheckName, Finding]:
    """Return what stands in place of "passed" where a partial copy shows no status or no end.

    Its issuer decides what every copy must show, and may have left these to the holder. So the copy counts, but
    that it has no end, or cannot be withdrawn, is not for us to say.

    Source: Data Integrity ECDSA Cryptosuites v1.0, "ecdsa-sd-2023" (mandatory pointers).
    """
    doubts: dict[CheckName, Finding] = {}
    if "credentialStatus" not in document:
        doubts[CheckName.STATUS] = _doubt(
            say("This copy shows only parts of the badge. Whether the badge was withdrawn cannot be seen from it.")
        )
    if "validUntil" not in document and "expirationDate" not in document:
        doubts[CheckName.VALIDITY] = _doubt(
            say("This copy shows only parts of the badge. If the badge has an end date, it is not shown.")
        )
    return doubts


def _doubt(message: Wording) -> Finding:
    return Finding(Outcome.WARNING, message, _MEND)
