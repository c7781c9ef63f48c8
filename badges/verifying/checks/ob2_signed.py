"""Signed Open Badges 2.0: a JWS, the key document that it names, the issuer's list of withdrawn badges."""

from __future__ import annotations

from typing import Final

from badges.errors import BadgesError
from badges.standards.did.pem import pem_to_public_key
from badges.standards.ledger import KEY_MEMBER, SINCE_MEMBER, issued_hash
from badges.standards.moments import read_moment
from badges.standards.ob1.upgrade import revoked_entries
from badges.standards.proofs import InvalidSignatureError
from badges.standards.proofs.jws import parse_compact, verify_compact
from badges.standards.signer import KeyAlgorithm
from badges.verifying.checks.ledger import check_ledger
from badges.verifying.checks.ob2_chain import Chain, Link, follow_link
from badges.verifying.checks.ob2_hosted import check_profile_id, unseen_issuer, withdrawn_finding
from badges.verifying.documents import Documents, UnseenDocumentError
from badges.verifying.key_ends import Revocation
from badges.verifying.reading import as_list, as_text, id_of, member
from badges.verifying.report import Finding, Outcome, gravest
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import Wording, say

ALGORITHMS: Final = frozenset(KeyAlgorithm)
_ASK_ISSUER: Final = say("Ask the organisation that awarded it.")
_CHANGED: Final = say("This badge has been changed since it was awarded, so it cannot be trusted.")


def find_key(assertion: JsonObject, chain: Chain, documents: Documents) -> Link:
    """Return the key document that the assertion names, or that its issuer names when the assertion does not.

    Source: Open Badges 2.0, "SignedBadge Verification"; "VerificationObject", creator.
    """
    issuer_keys = as_list(chain.issuer.document.get("publicKey")) if chain.issuer.document else []
    named = member(assertion.get("verification", assertion.get("verify")), "creator")
    key_id = id_of(named) or (id_of(issuer_keys[0]) if issuer_keys else "")
    if chain.issuer.problem is None:
        for key in issuer_keys:
            if isinstance(key, dict) and key_id and id_of(key) == key_id:
                return Link(key_id, key)
    return follow_link(key_id, documents)


def check_signature(text: str, key: Link) -> Finding:
    """Check the signature of the JWS with the key of the key document. Source: RFC 7515, 5.2."""
    if text.count(".") != 2 or text.startswith("{"):
        message = say("This badge says that it is signed, but there is no signature with it.")
        return Finding(Outcome.FAILED, message, say("Ask the holder for the signed badge."))
    if key.document is None:
        message = say("We could not see the key of this badge, so we could not check its signature.")
        return Finding(Outcome.UNKNOWN, message, say("Try again later."), _details(key.problem))
    try:
        public_key = pem_to_public_key(key.document.get("publicKeyPem"))
        verify_compact(parse_compact(text), public_key, ALGORITHMS)
    except InvalidSignatureError as error:
        return Finding(Outcome.FAILED, _CHANGED, _ASK_ISSUER, (error.message,))
    except BadgesError as error:
        message = say("The signature of this badge is not of a kind that can be trusted.")
        return Finding(Outcome.FAILED, message, _ASK_ISSUER, (error.message,))
    return Finding(Outcome.PASSED, say("The badge has not been changed since it was awarded."))


def check_issuer_of_signed(text: str, chain: Chain, key: Link, documents: Documents) -> Finding:
    """Check that key and issuer name each other, and what the key document says of a key that was stolen.

    text: the badge as a compact JWS, whose signature fits.
    Source: Open Badges 2.0, "SignedBadge Verification"; docs/ledger.md.
    """
    issuer = chain.issuer
    if issuer.document is None or issuer.problem is not None or key.document is None:
        return unseen_issuer(chain)
    doubt = check_profile_id(issuer)
    if doubt is not None and doubt.outcome is Outcome.FAILED:
        return doubt
    owner = id_of(key.document.get("owner"))
    listed = {id_of(each) for each in as_list(issuer.document.get("publicKey"))}
    if owner not in {issuer.id, id_of(issuer.document)} or not key.id or key.id not in listed:
        message = say("The key that signed this badge does not belong to the organisation that it names.")
        details = (say("Key: %(key)s", key=key.id), say("Its owner: %(owner)s", owner=owner or "–"))
        return Finding(Outcome.FAILED, message, _ASK_ISSUER, details)
    if SINCE_MEMBER in key.document:
        stolen = _check_stolen(text, key.document, documents)
        return gravest([doubt, stolen]) if doubt is not None else stolen
    return doubt or Finding(Outcome.PASSED, say("It was signed by the organisation that it names."))


def _check_stolen(text: str, key_document: JsonObject, documents: Documents) -> Finding:
    revocation = Revocation(read_moment(key_document[SINCE_MEMBER]), as_text(key_document.get(KEY_MEMBER)))
    return check_ledger(revocation, None, lambda: issued_hash(text), documents)


def check_status_of_signed(
    assertion: JsonObject, chain: Chain, documents: Documents, class_name: str = "Assertion"
) -> Finding:
    """Look what was signed up in its issuer's list. class_name: what it is, "Endorsement" perhaps.

    Source: Open Badges 2.0, "RevocationList".
    """
    if assertion.get("revoked") is True:
        return withdrawn_finding(as_text(assertion.get("revocationReason")), class_name)
    if chain.issuer.document is None or chain.issuer.problem is not None:
        return _unknown_status(chain.issuer.problem)
    link = id_of(chain.issuer.document.get("revocationList"))
    if not link:
        return Finding(Outcome.PASSED, say("Its issuer keeps no list of withdrawn badges, so it stands."))
    try:
        listed = revoked_entries(documents.read_object(link))
    except UnseenDocumentError as error:
        return _unknown_status(error.message)
    if listed is None:
        return _unknown_status(say("%(url)s did not answer with a list of withdrawn badges.", url=link))
    entry = next((entry for entry in as_list(listed) if _is_meant(entry, assertion)), None)
    if entry is None:
        return Finding(Outcome.PASSED, say("It has not been withdrawn."))
    return withdrawn_finding(as_text(member(entry, "revocationReason")), class_name)


def _is_meant(entry: JsonValue, assertion: JsonObject) -> bool:
    """An entry is an id, or an object with an `id` (or the older `uid`); `revoked: false` takes it back."""
    if member(entry, "revoked") is False:
        return False
    assertion_id = as_text(assertion.get("id"))
    uid = as_text(assertion.get("uid"))
    return (bool(assertion_id) and id_of(entry) == assertion_id) or (bool(uid) and as_text(member(entry, "uid")) == uid)


def _unknown_status(reason: Wording | None) -> Finding:
    message = say("We could not see whether it was withdrawn.")
    return Finding(Outcome.UNKNOWN, message, say("Try again later."), _details(reason))


def _details(reason: Wording | None) -> tuple[Wording, ...]:
    return (reason,) if reason is not None else ()
