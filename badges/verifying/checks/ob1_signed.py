"""Signed badges of 1.0 and 1.1: a JWS, and the public key as a PEM text at the address in `verify.url`."""

from __future__ import annotations

from typing import Final

from badges.errors import BadgesError
from badges.standards.json_text import read_json
from badges.verifying.checks.ob2_chain import Chain, Link
from badges.verifying.checks.ob2_hosted import check_profile_id, unseen_issuer
from badges.verifying.checks.ob2_scope import is_in_scope
from badges.verifying.documents import Documents, UnseenDocumentError
from badges.verifying.reading import as_list, as_text, id_of, member
from badges.verifying.report import Finding, Outcome
from badges.vocab.json import JsonObject
from badges.wording import say

KEY_ACCEPT: Final = "application/x-pem-file, text/plain;q=0.9, application/json;q=0.8, */*;q=0.1"


def find_old_key(assertion: JsonObject, documents: Documents) -> Link:
    """Return the key at the assertion's `verify.url`, as the key document of 2.0 that it would be.

    assertion: in the form of 2.0. Some issuers put a key document there already; its PEM text is taken.
    Source: Open Badges 1.1, "VerificationObject" (url), "Signed Badges".
    """
    url = as_text(member(assertion.get("verification"), "url"))
    if not url.startswith(("https://", "http://")):
        return Link(url, None, say("The badge does not say where its key is."))
    try:
        text = documents.read_text(url, KEY_ACCEPT).strip()
    except UnseenDocumentError as error:
        return Link(url, None, error.message)
    return Link(url, {"id": url, "publicKeyPem": _pem_in(text) if text.startswith("{") else text})


def check_issuer_of_old_signed(chain: Chain, key: Link) -> Finding:
    """Check that the key is kept where the issuer is.

    Before 2.0 key and issuer do not name each other; that one host answers for both is all that joins them. An
    issuer whose document of today names its keys (2.0) has signed with one of them, or not at all: otherwise
    whoever can put a file on that host could sign in its name, in the old way.

    Source: Open Badges 0.5, "issuer.origin" (also of the public key); 1.1, "Signed Badges".
    """
    issuer = chain.issuer
    if issuer.document is None or issuer.problem is not None or key.document is None:
        return unseen_issuer(chain)
    doubt = check_profile_id(issuer)
    if doubt is not None and doubt.outcome is Outcome.FAILED:
        return doubt
    listed = {id_of(each) for each in as_list(issuer.document.get("publicKey"))}
    if not is_in_scope(key.id, issuer.document, issuer.id) or (listed and key.id not in listed):
        message = say("The key that signed this badge is not kept by the organisation that it names.")
        details = (say("Key: %(key)s", key=key.id[:300]), say("Organisation: %(id)s", id=issuer.id[:300]))
        return Finding(Outcome.FAILED, message, say("Ask the organisation that awarded it."), details)
    return doubt or Finding(Outcome.PASSED, say("It was signed by the organisation that it names."))


def _pem_in(text: str) -> str:
    try:
        return as_text(member(read_json(text), "publicKeyPem"))
    except BadgesError:
        return ""
