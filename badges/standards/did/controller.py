"""Which key a controller document (a DID document, an issuer's profile) lists for a purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from badges.errors import StandardsError
from badges.standards.did.ed25519 import ed25519_from_bytes
from badges.standards.did.jwk import jwk_to_public_key, kind_of
from badges.standards.did.multikey import decode_base58, decode_public_key
from badges.standards.did.pem import pem_to_public_key
from badges.standards.signer import PublicKey
from badges.vocab.json import JsonObject, JsonValue

# Old keys stay listed for ever: an organisation that makes three new ones every month gets here after 27 years.
MAXIMUM_METHODS: Final = 1_000
PURPOSES: Final = (
    "authentication",
    "assertionMethod",
    "keyAgreement",
    "capabilityInvocation",
    "capabilityDelegation",
)

_ANY: Final = ("RSA", "P-256", "P-384", "Ed25519")
# For each type of key: the members that may hold it, and the kinds of key that it may be.
_TYPES: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "Multikey": (("publicKeyMultibase",), _ANY),
    "JsonWebKey": (("publicKeyJwk",), _ANY),
    "JsonWebKey2020": (("publicKeyJwk",), _ANY),
    "Ed25519VerificationKey2020": (("publicKeyMultibase", "publicKeyJwk"), ("Ed25519",)),
    "Ed25519VerificationKey2018": (("publicKeyBase58", "publicKeyJwk"), ("Ed25519",)),
    "EcdsaSecp256r1VerificationKey2019": (("publicKeyMultibase", "publicKeyJwk"), ("P-256",)),
    "EcdsaSecp384r1VerificationKey2019": (("publicKeyMultibase", "publicKeyJwk"), ("P-384",)),
    "CryptographicKey": (("publicKeyPem",), _ANY),
}
_UNREADABLE: Final = "unreadable"
METHOD_TYPES: Final = frozenset(_TYPES)


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
    """A key that may be used. id: its full address.

    revoked, expires: as written; "" if they are absent, null or false. What is no text becomes one that is no moment.
    """

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
    return _method(entry, subject, method_id)


def list_verification_methods(
    controller_document: JsonObject, purpose: str | None = "assertionMethod"
) -> Iterator[VerificationMethod]:
    """Yield every key that a controller document lists for a purpose; what cannot be used is left out.

    purpose: None for all of `verificationMethod`, whatever they may be used for.

    Raises MalformedMethodError for more keys than MAXIMUM_METHODS.
    Source: as find_verification_method.
    """
    if purpose is not None and purpose not in PURPOSES:
        return
    subject = _text(controller_document.get("id"))
    entries: dict[str, JsonObject] = {}
    differing: set[str] = set()
    for name in ("verificationMethod", *PURPOSES):
        for item in _items(controller_document, name):
            method_id = _full_id(item.get("id"), subject) if isinstance(item, dict) else None
            if method_id is not None and entries.setdefault(method_id, item) != item:
                differing.add(method_id)
    for item in _items(controller_document, purpose or "verificationMethod"):
        method_id = _full_id(item.get("id") if isinstance(item, dict) else item, subject)
        if method_id in entries and method_id not in differing:
            with suppress(ControllerDocumentError):
                yield _method(entries[method_id], subject, method_id)


def _method(entry: JsonObject, subject: str, method_id: str) -> VerificationMethod:
    controller = controller_of(entry)
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
        revoked=_end(entry.get("revoked")),
        expires=_end(entry.get("expires")),
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


def controller_of(method: JsonObject) -> JsonValue:
    """Return what a verification method says of whose it is; Open Badges 2.0 calls that its owner."""
    return method.get("owner") if "controller" not in method else method["controller"]


def _public_key(entry: JsonObject) -> tuple[str, PublicKey]:
    """Return the type of a verification method and its key.

    Source: Controlled Identifiers v1.0, section 2.2 "Verification Methods": one key, written in one way.
    """
    if any(name.startswith(("secretKey", "privateKey")) for name in entry):
        raise MalformedMethodError("The key is published together with its secret part. Treat it as stolen.")
    kinds = entry.get("type")
    kind = next(
        (_text(item) for item in (kinds if isinstance(kinds, list) else [kinds]) if _text(item) in METHOD_TYPES), ""
    )
    members, allowed = _TYPES.get(kind, ((), ()))
    written = [name for name in entry if name.startswith("publicKey")]
    if len(written) != 1 or written[0] not in members:
        raise MalformedMethodError('A key of type "%(kind)s" in this shape is not supported.', kind=str(kinds)[:100])
    try:
        key = _READERS[written[0]](entry[written[0]])
    except StandardsError as error:
        raise MalformedMethodError("The key cannot be used: %(reason)s", reason=error) from error
    if kind_of(key) not in allowed:
        raise MalformedMethodError('The key is not of the kind that its type "%(kind)s" says.', kind=kind)
    return kind, key


def _read_multibase(value: JsonValue) -> PublicKey:
    return decode_public_key(_text(value))


def _read_jwk(value: JsonValue) -> PublicKey:
    return jwk_to_public_key(value if isinstance(value, dict) else {})


def _read_base58(value: JsonValue) -> PublicKey:
    """Return the Ed25519 key in 32 bytes of base58, without multibase. Source: Ed25519 Signature 2018."""
    data = decode_base58(_text(value))
    if len(data) != 32:
        raise MalformedMethodError("The key is not 32 bytes in base58.")
    return ed25519_from_bytes(data)


_READERS: Final[dict[str, Callable[[JsonValue], PublicKey]]] = {
    "publicKeyMultibase": _read_multibase,
    "publicKeyJwk": _read_jwk,
    "publicKeyBase58": _read_base58,
    "publicKeyPem": pem_to_public_key,
}


def _end(value: JsonValue) -> str:
    """Return a member that marks the end of a key. Whoever writes something there that we cannot read means an end."""
    if value is None or value is False:
        return ""
    return _text(value) or _UNREADABLE


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""
