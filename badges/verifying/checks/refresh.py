"""Whether there is a newer version of a badge, where the badge itself says to look for one.

An issuer that corrects a badge signs it again under the same id, with a later date. The address of the newest
version is inside the signed badge. It is asked once; what it answers counts only if it is the same badge by the
same issuer, made later. Whether that one is sound is for the pipeline to find out: a newer version that is not
never speaks against the older one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import unquote

from badges.standards.fetching import FetchError
from badges.standards.moments import read_moment
from badges.verifying.documents import CREDENTIAL_ACCEPT, Documents
from badges.verifying.intake import Submission, take_in
from badges.verifying.keys import issuer_id_of
from badges.verifying.reading import as_text, member, types_of
from badges.verifying.report import Finding, Format, Outcome
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import say

REFRESH_SERVICE: Final = "1EdTechCredentialRefresh"
_NEWEST: Final = Finding(Outcome.PASSED, say("It is the newest version."))
_NO_PLACE: Final = Finding(Outcome.SKIPPED, say("Its issuer names no place where a newer version could be."))
_UNSEEN: Final = Finding(Outcome.SKIPPED, say("We could not see whether there is a newer version."))
_NOT_SOUND: Final = Finding(
    Outcome.SKIPPED, say("There is a later version, but it does not count or is not certain. We checked this one.")
)


def find_newer(document: JsonObject, documents: Documents) -> Submission | Finding:
    """Return the later version of a credential, still to be verified; or what to say when there is none to follow.

    document: a credential whose proof was found good, by a key of its issuer. The source of what is returned is the
    address where it was found.

    Source: Open Badges 3.0, "Refresh the OpenBadgeCredential", "Credential equality and comparison algorithm".
    """
    service = document.get("refreshService")
    address = as_text(member(service, "id"))
    if not isinstance(service, dict) or not _is_refresh_service(service) or not address:
        return _NO_PLACE
    try:
        answer = documents.fetch(address, CREDENTIAL_ACCEPT)
    except FetchError:
        return _UNSEEN
    found = take_in(answer.body) if answer.status_code == 200 else None
    if found is None or found.format not in {Format.OB3_EMBEDDED, Format.OB3_JWT}:
        return _UNSEEN
    return replace(found, source=address) if is_newer(_credential_in(found), document) else _NEWEST


def is_newer(candidate: JsonObject, document: JsonObject) -> bool:
    """Whether a credential supersedes another: the same issuer and id, and a later beginning.

    Source: Open Badges 3.0, "Credential equality and comparison algorithm".
    """
    ours, theirs = (_name_of(each) for each in (document, candidate))
    if not all(ours) or ours != theirs:
        return False
    before, after = (read_moment(each.get("validFrom", each.get("issuanceDate"))) for each in (document, candidate))
    return before is not None and after is not None and after > before


def newer_was_judged(newer: Submission) -> Finding:
    """The finding when a newer version was found to be good, and everything else in the report is about that one."""
    message = say(
        "You gave us an older version of this badge. There is a newer one, and that one counts. We checked the newer "
        "one, and all that you see here is about it."
    )
    detail = say("The newer version is at %(url)s", url=newer.source[:300])
    return Finding(Outcome.WARNING, message, say("Ask its holder for the newer one."), (detail,))


def newer_was_not_sound() -> Finding:
    """The finding when the newer version did not hold, so that the report is about the one that was handed in."""
    return _NOT_SOUND


def _is_refresh_service(service: JsonObject) -> bool:
    """Whether this is a service of the kind that we know, by its name or by its whole address.

    An embedded proof signs the address that the name stands for, so a holder can write either.
    """
    return any(name.rpartition("#")[2] == REFRESH_SERVICE for name in types_of(service))


def _name_of(document: JsonObject) -> tuple[str, str]:
    return _compared(issuer_id_of(document)), _compared(document.get("id"))


def _compared(value: JsonValue) -> str:
    return unquote(as_text(value)).strip()


def _credential_in(found: Submission) -> JsonObject:
    """A JWT of the older data model keeps the credential in a member of its own."""
    inner = found.document.get("vc")
    return inner if found.format is Format.OB3_JWT and isinstance(inner, dict) else found.document
