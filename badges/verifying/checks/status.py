"""Whether a badge has been withdrawn or suspended since it was awarded (Open Badges 3.0)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from badges.errors import BadgesError
from badges.standards.moments import read_moment
from badges.standards.status.status_list import (
    ENTRY_TYPES,
    StatusListError,
    StatusResult,
    list_url,
    read_status,
)
from badges.verifying.checks.issuer import check_issuer
from badges.verifying.checks.plain_form import check_plain_form
from badges.verifying.checks.proof import ProofResult, check_embedded_proof, signs_graph
from badges.verifying.checks.proof_jwt import check_jwt_proof, read_jwt
from badges.verifying.documents import (
    CREDENTIAL_ACCEPT,
    JSON_ACCEPT,
    Documents,
    UnseenDocumentError,
    as_object,
)
from badges.verifying.keys import SigningKey, Standing, issuer_id_of
from badges.verifying.reading import as_list, as_text, id_of, member, types_of
from badges.verifying.report import Finding, Outcome, gravest
from badges.vocab.json import JsonObject, JsonValue
from badges.vocab.status import StatusPurpose
from badges.wording import Wording, say

REVOCATION_LIST: Final = "1EdTechRevocationList"
MOST_ENTRIES: Final = 4
_ASK_ISSUER: Final = say("Ask the organisation that awarded it.")
_WITHDRAWN: Final = say("The organisation that awarded this badge has withdrawn it.")
_SUSPENDED: Final = say("The organisation that awarded this badge has suspended it for now.")
# What is said of something that is no badge: it was not awarded, and nobody holds it.
_OF_NO_BADGE: Final[dict[str, Wording]] = {
    _WITHDRAWN.template: say("Whoever signed it has withdrawn it."),
    _SUSPENDED.template: say("Whoever signed it has suspended it for now."),
}
_ASK_SIGNER: Final = say("Ask whoever signed it why.")
_STANDS: Final = Finding(Outcome.PASSED, say("It has not been withdrawn."))


def check_status(document: JsonObject, key: SigningKey | None, documents: Documents, at: datetime) -> Finding:
    """Look a credential up in the lists that it points to.

    key: the one that signed the credential; a list by the very same key is by the same hand.

    Source: Open Badges 3.0, "OpenBadgeCredential Verification", step 4; Bitstring Status List v1.0, 3.2.
    """
    entries = as_list(document.get("credentialStatus"))
    if not entries:
        return Finding(Outcome.PASSED, say("It has no status list: its issuer keeps no way to withdraw it."))
    if len(entries) > MOST_ENTRIES:
        return _failed(say("This badge points to more lists than any honest badge."))
    return gravest(_check_entry(entry, document, key, documents, at) for entry in entries)


def word_for_no_badge(finding: Finding) -> Finding:
    """Return the finding on the status of an endorsement or another credential, in words that fit it."""
    if finding.message.template not in _OF_NO_BADGE:
        return finding
    return replace(finding, message=_OF_NO_BADGE[finding.message.template], mend=_ASK_SIGNER)


def _check_entry(
    entry: JsonValue, document: JsonObject, key: SigningKey | None, documents: Documents, at: datetime
) -> Finding:
    if not isinstance(entry, dict):
        return _failed(say("This badge does not say properly where its status is kept."))
    types = types_of(entry)
    if not types.isdisjoint(ENTRY_TYPES):
        return _check_bitstring(entry, document, key, documents, at)
    if REVOCATION_LIST in types:
        return _check_revocation_list(entry, document, documents)
    kind = ", ".join(sorted(types))[:100] or "–"
    return _unknown(say("Its status is kept in a way that we cannot read: %(kind)s", kind=kind))


@dataclass(frozen=True, slots=True)
class _StatusList:
    """A fetched list: the document, and what its own proof showed."""

    document: JsonObject
    proof: ProofResult


def _check_bitstring(
    entry: JsonObject, document: JsonObject, key: SigningKey | None, documents: Documents, at: datetime
) -> Finding:
    """Fetch the list, check that it is the issuer's, then read the bit."""
    try:
        status_list = _open_list(list_url(entry), documents, at)
        if isinstance(status_list, Finding):
            return status_list
        doubt = _check_origin(status_list, document, key, documents)
        if doubt is not None:
            return doubt
        result = read_status(status_list.document, entry)
    except UnseenDocumentError as error:
        return _unknown(error.message)
    except StatusListError as error:
        return _failed(say("The list of withdrawn badges does not fit this badge."), error.message)
    except BadgesError as error:
        return _failed(say("The list of withdrawn badges cannot be read."), error.message)
    if result.is_set and result.purpose == StatusPurpose.REVOCATION:
        return _judge(result)
    return _check_dates(status_list.document, at) or _judge(result)


def _open_list(url: str, documents: Documents, at: datetime) -> _StatusList | Finding:
    # The badge's issuer chose this address, and must have signed the list: so it may be kept on another host.
    text = documents.read_text(url, CREDENTIAL_ACCEPT, from_anywhere=True).strip()
    if text.startswith("{"):
        document = as_object(text, url)
        doubt = check_plain_form(document) if signs_graph(document) else None
        if doubt is not None:
            return _unreadable_form(doubt)
        return _StatusList(document, check_embedded_proof(document, documents, at))
    if text.count(".") != 2:
        return _unknown(say("%(url)s did not answer with a list.", url=url[:200]))
    jwt = read_jwt(text)
    if isinstance(jwt, Finding):
        return _unknown(say("%(url)s did not answer with a list.", url=url[:200]))
    return _StatusList(jwt.document, check_jwt_proof(jwt, documents, at))


def _unreadable_form(doubt: Finding) -> Finding:
    """Whoever keeps a list could hide its end date from us, and give out an old one for ever."""
    if doubt.outcome is Outcome.FAILED:
        return _failed(say("The list of withdrawn badges is written in a way that can hide things."), *doubt.details)
    return _unknown(doubt.message)


def _check_origin(
    status_list: _StatusList, document: JsonObject, key: SigningKey | None, documents: Documents
) -> Finding | None:
    """Return what stands against the list being the badge's issuer's, or None.

    The standard lets another issuer keep the list. We ask for the same one: a badge says nothing that would
    let us trust somebody else to take it back, or to leave it standing.
    """
    if issuer_id_of(status_list.document) != issuer_id_of(document):
        return _failed(say("The list of withdrawn badges was made by somebody else than the badge."))
    proof = status_list.proof
    if proof.finding.outcome is Outcome.FAILED:
        message = say("The list of withdrawn badges has been changed or is not signed, so we cannot rely on it.")
        return _failed(message, proof.finding.message)
    if proof.finding.outcome is Outcome.UNKNOWN or proof.key is None:
        return _unknown(say("We could not check the signature of the list."))
    if proof.key.standing is Standing.REVOKED:
        return _unknown(say("The list of withdrawn badges is signed with a key that may have been stolen."))
    same = key is not None and proof.key.name == key.name and proof.key.public_key == key.public_key
    if same and proof.key.standing is not Standing.BARE:  # whether a bare key was stolen, only the issuer's list says
        return None
    issuer = check_issuer(status_list.document, proof, documents)
    if issuer.outcome is Outcome.FAILED:
        return _failed(say("The list of withdrawn badges is not signed by the badge's issuer."), *issuer.details)
    return _unknown(issuer.message) if issuer.outcome is Outcome.UNKNOWN else None


def _check_dates(list_document: JsonObject, at: datetime) -> Finding | None:
    """Return a doubt if the list is not of this time. Source: Bitstring Status List v1.0, 2.2 and 3.2."""
    start, end = (read_moment(list_document.get(name)) for name in ("validFrom", "validUntil"))
    if "validUntil" in list_document and (end is None or end < at):
        return _unknown(say("The list of withdrawn badges that we saw is out of date."))
    if start is not None and start > at:
        return _unknown(say("The list of withdrawn badges that we saw is newer than the moment asked for."))
    return None


def _judge(result: StatusResult) -> Finding:
    if not result.is_set:
        return _STANDS
    if result.purpose == StatusPurpose.REVOCATION:
        return Finding(Outcome.FAILED, _WITHDRAWN, say("Its holder can ask the organisation why."))
    if result.purpose == StatusPurpose.SUSPENSION:
        return Finding(Outcome.FAILED, _SUSPENDED, say("Its holder can ask the organisation why."))
    if result.purpose == StatusPurpose.REFRESH:
        message = say("There is a newer version of this badge.")
        return Finding(Outcome.WARNING, message, say("Ask its holder for the newer one."))
    detail = say("Note of the issuer: %(note)s", note=result.message[:300] or f"{result.value}")
    return Finding(Outcome.PASSED, _STANDS.message, None, (detail,))


def _check_revocation_list(entry: JsonObject, document: JsonObject, documents: Documents) -> Finding:
    """Read a plain list of withdrawn ids. It is not signed: its address inside the badge vouches for it.

    What is no such list (an error, another document) does not say that the badge stands.

    Source: Open Badges 3.0, "1EdTechRevocationList" (Credential Status); the official validator's parser.
    """
    try:
        revocation_list = documents.read_object(as_text(entry.get("id")), JSON_ACCEPT)
    except UnseenDocumentError as error:
        return _unknown(error.message)
    lines = _revoked_lines(revocation_list)
    if lines is None:
        url = as_text(entry.get("id"))
        return _unknown(say("%(url)s did not answer with a list of withdrawn badges.", url=url[:200]))
    if "issuer" in revocation_list and id_of(revocation_list["issuer"]) != issuer_id_of(document):
        return _unknown(say("The list of withdrawn badges was made by somebody else than the badge."))
    for line in lines:
        if id_of(line) == document.get("id") and member(line, "revoked") is not False:
            reason = as_text(member(line, "revocationReason"))
            details = (say("Reason given: %(reason)s", reason=reason[:300]),) if reason else ()
            return Finding(Outcome.FAILED, _WITHDRAWN, say("Its holder can ask the organisation why."), details)
    return _STANDS


def _revoked_lines(revocation_list: JsonObject) -> list[JsonValue] | None:
    """Return the lines of a plain list, or None if it is none. Each names a credential: its id, or an object with it.

    The type may be written as its name or its whole address.
    """
    lines = revocation_list.get("revokedCredential")
    types = {name.rpartition("#")[2] for name in types_of(revocation_list)}
    if not isinstance(lines, list) or not all(map(id_of, lines)):
        return None
    return lines if "type" not in revocation_list or REVOCATION_LIST in types else None


def _unknown(reason: Wording) -> Finding:
    message = say("We could not see whether it was withdrawn.")
    return Finding(Outcome.UNKNOWN, message, say("Try again later."), (reason,))


def _failed(message: Wording, *details: Wording) -> Finding:
    return Finding(Outcome.FAILED, message, _ASK_ISSUER, details)
