"""Whether the organisation that a badge names is the one that signed it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from badges.errors import BadgesError
from badges.standards.did.controller import ControllerDocumentError, list_verification_methods
from badges.standards.did.did_key import DidError
from badges.standards.did.did_web import did_web_to_url
from badges.standards.did.jwk import JwkError, jwk_to_public_key
from badges.standards.ledger import LedgerError, document_hash, token_hash
from badges.standards.signer import PublicKey
from badges.verifying.checks.ledger import check_ledger
from badges.verifying.checks.plain_form import check_plain_form
from badges.verifying.checks.proof import ProofResult
from badges.verifying.documents import JWK_ACCEPT, Documents, UnseenDocumentError
from badges.verifying.key_ends import KeyEnd, Revocation, end_of_jwks, end_of_method
from badges.verifying.keys import (
    OF_KEYS_ALONE,
    PURPOSE,
    MalformedKeyNameError,
    SigningKey,
    Standing,
    issuer_id_of,
    read_controller_document,
)
from badges.verifying.reading import as_list
from badges.verifying.report import Finding, Outcome
from badges.vocab.json import JsonObject
from badges.wording import Wording, say

MOST_KEYS: Final = 2_000
_PASSED: Final = Finding(Outcome.PASSED, say("It was signed by the organisation that it names."))
_MEND_FOREIGN: Final = say("Ask the organisation that it names whether it awarded this badge.")
_ONLY_A_KEY: Final = Finding(
    Outcome.WARNING,
    say("It names a key as its issuer, and was signed with it. Anybody can make such a key under any name."),
    _MEND_FOREIGN,
)
_MEND_UNSEEN: Final = say("Try again later, or ask the organisation for its own document.")


class _Answer(StrEnum):
    """What one of the issuer's documents says about a key."""

    LISTS = "lists"
    DOES_NOT_LIST = "does not list"
    UNSEEN = "unseen"


def check_issuer(document: JsonObject, proof: ProofResult, documents: Documents) -> Finding:
    """Check that the key which signed is one of those that the issuer's own document lets sign.

    proof: what was found about the signature; it did not fail.

    Source: Open Badges 3.0, "Linked Data Proof Format", "Key provenance"; Controlled Identifiers v1.0, 3.3.
    """
    finding = _check_key(document, proof, documents)
    if finding is not None and (finding.outcome is Outcome.FAILED or proof.finding.outcome is not Outcome.UNKNOWN):
        return finding
    message = say("The signature could not be checked, so we cannot say who signed it.")
    return Finding(Outcome.UNKNOWN, message, _MEND_UNSEEN)


def _check_key(document: JsonObject, proof: ProofResult, documents: Documents) -> Finding | None:
    key, issuer_id = proof.key, issuer_id_of(document)
    if key is None:
        return None
    if key.standing is Standing.BARE:
        found = _check_provenance(issuer_id, key, documents)
        return found if isinstance(found, Finding) else _check_revoked(found, document, proof, documents)
    if key.standing is Standing.UNSEEN:
        return _unseen(key.reason)
    if key.standing is Standing.REFUSED:
        return _foreign(key, key.reason)
    if key.controller == issuer_id:
        if key.revocation is not None:
            return _check_revoked(key.revocation, document, proof, documents)
        return _ONLY_A_KEY if issuer_id.startswith(OF_KEYS_ALONE) else _PASSED
    if not issuer_id.startswith(("did:", "https://", "http://")):
        message = say("The signature fits, but nothing ties it to the organisation that the badge names.")
        return Finding(Outcome.UNKNOWN, message, _MEND_FOREIGN)
    return _foreign(key, say("The key belongs to %(controller)s.", controller=key.controller[:200]))


def _check_revoked(revocation: Revocation, document: JsonObject, proof: ProofResult, documents: Documents) -> Finding:
    """The key is the issuer's, and may be in the hands of others.

    A ledger lists graphs, and whoever has the key can write the graph of an issued badge in other words, so that its
    readers miss the status or the end. So the form must be plain, and what was signed must be the graph.
    """

    def issued_hash() -> str:
        if proof.signing_input:
            return token_hash(proof.signing_input)
        if proof.is_partial or not proof.signs_graph:
            raise LedgerError("The ledger of what was issued says nothing about signatures of this kind.")
        return document_hash(document)

    doubt = None if proof.signing_input else check_plain_form(document)
    if doubt is not None:
        return doubt
    return check_ledger(revocation, proof.key.signed_at if proof.key else None, issued_hash, documents)


def _check_provenance(issuer_id: str, key: SigningKey, documents: Documents) -> Finding | Revocation:
    """Look for a key without a controller in what the issuer publishes: its key set, its own document.

    One that lists the key is enough, unless another, or the JWK that the proof names, says that the key was stolen or
    had ended. It is not the issuer's only when every one was seen and none lists it.
    Source: Open Badges 3.0, "Key provenance"; Implementation Guide, "JWK Set endpoint".
    """
    assert key.public_key is not None
    answers = [
        _ask_key_set(issuer_id, key.public_key, key.signed_at, documents),
        _ask_own_document(issuer_id, key.public_key, key.signed_at, documents),
    ]
    revoked = next((answer for answer in answers if isinstance(answer, Revocation)), key.revocation)
    if revoked is not None:
        return revoked
    for answer in answers:
        if isinstance(answer, Wording):
            return _foreign(key, answer)
    if _Answer.LISTS in answers:
        return _PASSED
    if _Answer.UNSEEN in answers:
        return _unseen(say("None of the issuer's documents that we saw lists the key."))
    return _foreign(key, say("The issuer's documents do not list the key."))


def _ask_key_set(
    issuer_id: str, public_key: PublicKey, signed_at: datetime | None, documents: Documents
) -> _Answer | KeyEnd:
    url = key_set_url(issuer_id)
    if not url:
        return _Answer.UNSEEN
    try:
        key_set = documents.read_object(url, JWK_ACCEPT)
    except UnseenDocumentError as error:
        return _Answer.DOES_NOT_LIST if error.status_code in {404, 410} else _Answer.UNSEEN
    owner = key_set.get("iss") or issuer_id
    found = [
        jwk
        for jwk in as_list(key_set.get("keys"))[:MOST_KEYS]
        if isinstance(jwk, dict) and (jwk.get("iss") or owner) == issuer_id and _is_key(jwk, public_key)
    ]
    return end_of_jwks(found, signed_at) or (_Answer.LISTS if found else _Answer.DOES_NOT_LIST)


def _ask_own_document(
    issuer_id: str, public_key: PublicKey, signed_at: datetime | None, documents: Documents
) -> _Answer | KeyEnd:
    """A web page of an https issuer that lists no keys at all says nothing either way: the key set counts.

    A key that is marked as revoked stays so when it is not listed for signing any more.
    """
    try:
        document = read_controller_document(issuer_id, documents)
    except (UnseenDocumentError, MalformedKeyNameError):
        is_web = issuer_id.startswith(("https://", "http://"))
        return _Answer.DOES_NOT_LIST if is_web else _Answer.UNSEEN
    if document.get("id") != issuer_id:
        return _Answer.DOES_NOT_LIST
    try:
        ends, ends_of_all = (
            [
                end_of_method(document, method, signed_at)
                for method in list_verification_methods(document, purpose)
                if method.public_key == public_key
            ]
            for purpose in (PURPOSE, None)
        )
    except ControllerDocumentError:
        return _Answer.UNSEEN
    revoked = next((end for end in (*ends, *ends_of_all) if isinstance(end, Revocation)), None)
    if revoked is not None or not ends:
        return revoked or _Answer.DOES_NOT_LIST
    return (ends[0] if all(ends) else None) or _Answer.LISTS


def key_set_url(issuer_id: str) -> str:
    """Return where the host of an issuer id publishes its keys; "" for an id without a host.

    Source: Open Badges 3.0 Implementation Guide, "JWK Set endpoint": the authority of issuer.id.
    """
    try:
        url = did_web_to_url(issuer_id) if issuer_id.startswith("did:web:") else issuer_id
        parts = urlsplit(url)
    except (DidError, ValueError):
        return ""
    if parts.scheme not in {"https", "http"} or not parts.netloc or "@" in parts.netloc:
        return ""
    return f"{parts.scheme}://{parts.netloc}/.well-known/jwks.json"


def _is_key(jwk: JsonObject, public_key: PublicKey) -> bool:
    try:
        return jwk_to_public_key(jwk) == public_key
    except (JwkError, BadgesError):
        return False


def _unseen(reason: Wording | None) -> Finding:
    message = say("The signature fits, but the issuer's own document was not seen, so we cannot say who signed it.")
    return Finding(Outcome.UNKNOWN, message, _MEND_UNSEEN, (reason,) if reason else ())


def _foreign(key: SigningKey, reason: Wording | None) -> Finding:
    message = say("The key that signed this badge does not belong to the organisation that it names.")
    details = (say("Key: %(key)s", key=key.name[:200] or "–"), *((reason,) if reason else ()))
    return Finding(Outcome.FAILED, message, _MEND_FOREIGN, details)
