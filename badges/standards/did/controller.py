"""Which key a controller document (a DID document, an issuer's profile) lists for a purpose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from badges.errors import StandardsError
from badges.standards.did.jwk import JwkError, jwk_to_public_key
from badges.standards.did.multikey import MultikeyError, decode_public_key
from badges.standards.signer import PublicKey
from badges.vocab.json import JsonObject, JsonValue

MAXIMUM_METHODS: Final = 200
PURPOSES: Final = (
    "authentication",
    "assertionMethod",
    "keyAgreement",
    "capabilityInvocation",
    "capabilityDelegation",
)

_MULTIKEY_TYPES: Final = frozenset(("Multikey", "Ed25519VerificationKey2020"))
_JWK_TYPES: Final = frozenset(("JsonWebKey", "JsonWebKey2020"))


class ControllerDocumentError(StandardsError):
    """A controller document does not let a key be used."""


class MethodNotListedError(ControllerDocumentError):
    """The document does not have the verification method at all."""


class MethodPurposeError(ControllerDocumentError):
    """The document has the verification method, but not for this purpose."""


class MalformedMethodError(ControllerDocumentError):
    """The document or its entry for the verification method breaks a rule."""


class WrongControllerError(ControllerDocumentError):
    """The verification method is controlled by somebody else than the document is about."""


@dataclass(frozen=True, slots=True)
class VerificationMethod:
    """A key that may be used. id: its full address. revoked, expires: as written, "" if absent."""

    id: str
    type: str
    controller: str
    public_key: PublicKey
    revoked: str = ""
    expires: str = ""


def find_verification_method(
    controller_document: JsonObject, method_id: str, purpose: str = "assertionMethod"
) -> VerificationMethod:
    """Return the key that a controller document lists under an address for a purpose.

    controller_document: a DID document or another controlled identifier document. That it came from its own
    address is for the caller to know.
    method_id: full address of the key, such as did:web:example.org#key-1.

    Raises MethodNotListedError, MethodPurposeError, MalformedMethodError, WrongControllerError.
    Source: Controlled Identifiers v1.0, section 3.3 "Retrieve Verification Method".
    """
    subject = controller_document.get("id")
    if not isinstance(subject, str) or not subject:
        raise MalformedMethodError("The controller document has no id.")
    entry = _find_entry(controller_document, subject, method_id)
    if not _is_listed(controller_document, subject, method_id, purpose):
        raise MethodPurposeError(
            "The key %(id)s is listed, but not for %(purpose)s.", id=method_id[:200], purpose=purpose
        )
    controller = entry.get("controller")
    if not isinstance(controller, str):
        raise MalformedMethodError("The key %(id)s names no controller.", id=method_id[:200])
    if controller != subject:
        raise WrongControllerError(
            "The key %(id)s is controlled by %(controller)s, not by %(subject)s.",
            id=method_id[:200],
            controller=controller[:200],
            subject=subject[:200],
        )
    kind, key = _public_key(entry)
    return VerificationMethod(
        id=method_id,
        type=kind,
        controller=controller,
        public_key=key,
        revoked=_text(entry.get("revoked")),
        expires=_text(entry.get("expires")),
    )


def _find_entry(document: JsonObject, subject: str, method_id: str) -> JsonObject:
    """Return the object of a key, from verificationMethod or from within a purpose."""
    found: JsonObject | None = None
    for name in ("verificationMethod", *PURPOSES):
        for item in _items(document, name):
            if isinstance(item, dict) and _full_id(item.get("id"), subject) == method_id:
                if found is not None and found != item:
                    raise MalformedMethodError("The key %(id)s is listed twice, differently.", id=method_id[:200])
                found = item
    if found is None:
        raise MethodNotListedError("The controller document does not list the key %(id)s.", id=method_id[:200])
    return found


def _is_listed(document: JsonObject, subject: str, method_id: str, purpose: str) -> bool:
    if purpose not in PURPOSES:
        return False
    ids = (item.get("id") if isinstance(item, dict) else item for item in _items(document, purpose))
    return any(_full_id(listed, subject) == method_id for listed in ids)


def _items(document: JsonObject, name: str) -> Iterator[JsonValue]:
    value = document.get(name, [])
    items = value if isinstance(value, list) else [value]
    if len(items) > MAXIMUM_METHODS:
        raise MalformedMethodError("The controller document lists more than %(most)s keys.", most=MAXIMUM_METHODS)
    return iter(items)


def _full_id(value: JsonValue, subject: str) -> str | None:
    if not isinstance(value, str):
        return None
    return subject.partition("#")[0] + value if value.startswith("#") else value


def _public_key(entry: JsonObject) -> tuple[str, PublicKey]:
    kinds = entry.get("type")
    kind = next((item for item in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(item, str)), "")
    multibase, jwk = entry.get("publicKeyMultibase"), entry.get("publicKeyJwk")
    try:
        if kind in _MULTIKEY_TYPES and isinstance(multibase, str):
            return kind, decode_public_key(multibase)
        if kind in _JWK_TYPES and isinstance(jwk, dict):
            return kind, jwk_to_public_key(jwk)
    except (MultikeyError, JwkError) as error:
        raise MalformedMethodError("The key cannot be used: %(reason)s", reason=error) from error
    raise MalformedMethodError('A key of type "%(kind)s" in this shape is not supported.', kind=kind[:100])


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""
