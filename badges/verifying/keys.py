"""Finds the key that a proof names, and how far anybody vouches for it.

A signature that fits shows only that somebody holds a key. Whose key it is, the controller's own document
says: it must list the key for signing credentials. A key that is written into its own address
(`https://…#z6Mk…`) can be used before that document was seen; it proves nothing about the host.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from badges.errors import BadgesError
from badges.standards.did.controller import (
    METHOD_TYPES,
    ControllerDocumentError,
    VerificationMethod,
    controller_of,
    find_verification_method,
)
from badges.standards.did.did_jwk import resolve_did_jwk
from badges.standards.did.did_key import DidError, resolve_did_key
from badges.standards.did.did_web import did_web_to_url
from badges.standards.did.jwk import JwkError, jwk_to_public_key
from badges.standards.did.multikey import MultikeyError, decode_public_key
from badges.standards.signer import PublicKey
from badges.verifying.documents import DID_ACCEPT, Documents, UnseenDocumentError
from badges.verifying.key_ends import Revocation, end_of_jwks, end_of_method
from badges.verifying.reading import as_text, id_of, types_of
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import Wording, say

PURPOSE: Final = "assertionMethod"
MOST_KEYS_OF_A_SET: Final = 200
# Identifiers that are their own key: they prove nothing about whose it is.
OF_KEYS_ALONE: Final = ("did:key:", "did:jwk:")
# How a Multikey starts: Ed25519, P-256, P-384.
_MULTIKEY_STARTS: Final = ("z6Mk", "zDn", "z82")


class MalformedKeyNameError(BadgesError):
    """What a proof gives as its key is no name of a key."""


class Standing(StrEnum):
    """Who vouches for a key. BARE: it came without a document that could say whose it is.

    REVOKED: its controller lists it, and says that signatures by it are not to be trusted by themselves any more.
    """

    LISTED = "listed"
    REVOKED = "revoked"
    REFUSED = "refused"
    UNSEEN = "unseen"
    BARE = "bare"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that a proof names.

    name: its address as the proof gives it. public_key: None if it is not to be had.
    controller: whose it is, where its standing is LISTED or REVOKED. reason: why it is not.
    revocation: where its standing is REVOKED; where it is BARE, that of the JWK itself, which is not its issuer's word.
    signed_at: when the proof says it was made; where it does not, when it is judged.
    """

    name: str
    public_key: PublicKey | None
    standing: Standing
    controller: str = ""
    reason: Wording | None = None
    revocation: Revocation | None = None
    signed_at: datetime | None = None


def find_signing_key(
    name: str,
    documents: Documents,
    signed_at: datetime | None,
    *,
    accept: str = DID_ACCEPT,
    purpose: str = PURPOSE,
) -> SigningKey:
    """Return the key that a proof names by its full address.

    name: a DID URL or an https address, usually with a fragment. The address may answer with a controller
    document, with one key that names its controller, or with a JWK or a set of them, which name nobody.
    signed_at: when the proof says it was made. accept: what to ask the address for. purpose: for what its
    controller must let the key sign.

    Raises MalformedKeyNameError if it is neither, or what should be the key is damaged.
    Source: Controlled Identifiers v1.0, 3.3 "Retrieve Verification Method".
    """
    base, _, fragment = name.partition("#")
    try:
        document = read_controller_document(base, documents, accept)
    except UnseenDocumentError as error:
        return SigningKey(name, _key_in_fragment(fragment), Standing.UNSEEN, reason=error.message)
    if not fragment and base.startswith(OF_KEYS_ALONE):
        name = as_text(document["assertionMethod"][0])
    if "kty" in document or isinstance(document.get("keys"), list):
        return _find_in_jwks(name, document, signed_at)
    if not types_of(document).isdisjoint(METHOD_TYPES):
        return _find_behind_key_document(name, document, documents, signed_at, purpose)
    return _find_in(name, base, document, signed_at, _usable_key_in_fragment(fragment), purpose)


def read_controller_document(identifier: str, documents: Documents, accept: str = DID_ACCEPT) -> JsonObject:
    """Return the document that says which keys speak for an identifier (a DID or a web address).

    Raises UnseenDocumentError if it cannot be seen, MalformedKeyNameError if the identifier is none.
    """
    if not identifier.startswith(("did:", "https://", "http://")):
        raise MalformedKeyNameError("%(name)s is not the address of a key.", name=identifier[:200] or "–")
    try:
        if identifier.startswith("did:key:"):
            return resolve_did_key(identifier)
        if identifier.startswith("did:jwk:"):
            return resolve_did_jwk(identifier)
        if identifier.startswith("did:web:"):
            return documents.read_object(did_web_to_url(identifier), DID_ACCEPT)
    except DidError as error:
        raise MalformedKeyNameError(error.message) from error
    if identifier.startswith("did:"):
        method = ":".join(identifier.split(":")[:2])
        raise UnseenDocumentError(say("We cannot look up addresses of the kind %(kind)s.", kind=method[:60]))
    return documents.read_object(identifier, accept)


def _find_in(
    name: str, subject: str, document: JsonObject, signed_at: datetime | None, fallback: PublicKey | None, purpose: str
) -> SigningKey:
    """Look the key up in its controller's document. fallback: for the signature when it is not there."""
    try:
        if document.get("id") != subject:
            found = say("The document at %(subject)s is about somebody else.", subject=subject[:200])
            return SigningKey(name, fallback, Standing.REFUSED, reason=found)
        method = find_verification_method(document, name, purpose)
    except ControllerDocumentError as error:
        return SigningKey(name, fallback, Standing.REFUSED, reason=error.message)
    return _listed(name, document, method, signed_at)


def _listed(name: str, document: JsonObject, method: VerificationMethod, signed_at: datetime | None) -> SigningKey:
    """Return a key that is listed, as it stands."""
    end = end_of_method(document, method, signed_at)
    if isinstance(end, Revocation):
        return SigningKey(name, method.public_key, Standing.REVOKED, method.controller, None, end, signed_at)
    if end is not None:
        return SigningKey(name, method.public_key, Standing.REFUSED, reason=end)
    return SigningKey(name, method.public_key, Standing.LISTED, method.controller)


def _find_behind_key_document(
    name: str, key_document: JsonObject, documents: Documents, signed_at: datetime | None, purpose: str
) -> SigningKey:
    """The address holds the key alone; the document of the controller that it names must list it in turn.

    Either of the two may say that it has ended.
    """
    controller = as_text(controller_of(key_document))
    alone: JsonObject = {"id": controller, "verificationMethod": [key_document], purpose: [name]}
    try:
        method = find_verification_method(alone, name, purpose)
        document = read_controller_document(controller, documents)
    except ControllerDocumentError as error:
        return SigningKey(name, None, Standing.REFUSED, reason=error.message)
    except UnseenDocumentError as error:
        return SigningKey(name, method.public_key, Standing.UNSEEN, reason=error.message)
    found = _find_in(name, controller, document, signed_at, method.public_key, purpose)
    is_same = found.standing is Standing.LISTED and found.public_key == method.public_key
    return _listed(name, document, method, signed_at) if is_same else found


def _find_in_jwks(name: str, document: JsonObject, signed_at: datetime | None) -> SigningKey:
    """Return the key of a JWK, or of the one in a set that the address means. Raises MalformedKeyNameError.

    The document says whose it is by no word, so where it says that the key was stolen, a ledger that it names does
    not count.
    """
    jwk = _pick(name, document["keys"]) if isinstance(document.get("keys"), list) else document
    try:
        public_key = jwk_to_public_key(jwk)
    except JwkError as error:
        raise MalformedKeyNameError(error.message) from error
    end = end_of_jwks([jwk], signed_at)
    if isinstance(end, Revocation):
        return SigningKey(name, public_key, Standing.BARE, "", None, replace(end, ledger_url=""), signed_at)
    if end is not None:
        return SigningKey(name, public_key, Standing.REFUSED, reason=end)
    return SigningKey(name, public_key, Standing.BARE, signed_at=signed_at)


def _pick(name: str, key_set: list[JsonValue]) -> JsonObject:
    """Return the key of a set that an address means: by its whole name or its fragment, or the only one.

    Source: RFC 7517, sections 4.5 and 5.
    """
    keys = [key for key in key_set[:MOST_KEYS_OF_A_SET] if isinstance(key, dict)]
    names = {name, name.partition("#")[2]} - {""}
    meant = [key for key in keys if as_text(key.get("kid")) in names] or (keys if len(keys) == 1 else [])
    if len(meant) != 1:
        raise MalformedKeyNameError("The set of keys at %(name)s does not say which one is meant.", name=name[:200])
    return meant[0]


def _key_in_fragment(fragment: str) -> PublicKey | None:
    try:
        return decode_public_key(fragment)
    except MultikeyError as error:
        if fragment.startswith(_MULTIKEY_STARTS):
            raise MalformedKeyNameError(error.message) from error
        return None


def _usable_key_in_fragment(fragment: str) -> PublicKey | None:
    try:
        return _key_in_fragment(fragment)
    except MalformedKeyNameError:
        return None


def issuer_id_of(document: JsonObject) -> str:
    """The id of a credential's issuer; "" if it has none."""
    return id_of(document.get("issuer"))
