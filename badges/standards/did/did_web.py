"""did:web: an identifier whose document is on a web server, and the document that we publish for ours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from badges.standards.did.did_key import DidError
from badges.standards.did.jwk import public_key_to_jwk
from badges.standards.did.multikey import encode_public_key
from badges.standards.moments import write_moment
from badges.standards.signer import KeyAlgorithm, PublicKey
from badges.vocab.json import JsonObject

PREFIX: Final = "did:web:"
MAXIMUM_LENGTH: Final = 2048
DID_CONTEXT: Final = "https://www.w3.org/ns/did/v1"
MULTIKEY_CONTEXT: Final = "https://w3id.org/security/multikey/v1"
JWK_CONTEXT: Final = "https://w3id.org/security/jwk/v1"

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"({_LABEL}(?:\.{_LABEL})*)(?:%3[Aa]([1-9][0-9]{{0,4}}))?")
_SEGMENT = re.compile(r"(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+")
_FORBIDDEN_SEGMENTS = re.compile(r"\.{1,2}|.*%(?:2[EeFf]|5[Cc]|[01][0-9A-Fa-f]|7[Ff]|23|3[Ff]).*")


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """A key for a DID document. fragment: the part of its address after "#", the key's id.

    revoked: since when it is not to be trusted by itself any more, or None.
    """

    fragment: str
    public_key: PublicKey
    algorithm: KeyAlgorithm
    revoked: datetime | None = None


def did_web_to_url(did: str) -> str:
    """Return the https address of the document of a did:web identifier.

    did: with or without a fragment, which is ignored. A port is written %3A.

    Raises DidError for anything but a host name with path segments that stay inside the host.
    Source: did:web method specification, "Read (Resolve)".
    """
    identifier = did.partition("#")[0]
    if not identifier.startswith(PREFIX) or len(identifier) > MAXIMUM_LENGTH:
        raise DidError("%(did)s is not a did:web.", did=did[:100])
    host_text, *segments = identifier.removeprefix(PREFIX).split(":")
    host = _HOST.fullmatch(host_text)
    if host is None or (host.group(2) and int(host.group(2)) > 65535) or len(host.group(1)) > 253:
        raise DidError("%(did)s does not name a host.", did=did[:100])
    for segment in segments:
        if not _SEGMENT.fullmatch(segment) or _FORBIDDEN_SEGMENTS.fullmatch(segment):
            raise DidError("%(did)s has a path that a did:web may not have.", did=did[:100])
    authority = host.group(1).lower() + (f":{host.group(2)}" if host.group(2) else "")
    path = "/".join(segments) if segments else ".well-known"
    return f"https://{authority}/{path}/did.json"


def did_document(did: str, keys: Sequence[PublishedKey], *, also_known_as: Sequence[str] = ()) -> JsonObject:
    """Return the DID document of an issuer: its keys, all of them for signing badges.

    did: the identifier, which controls every key.
    keys: current and former keys; a former key stays, or old badges can no longer be verified. Ed25519 keys are
    written as Multikey and others as JWK: that is how the readers of their signatures want them.
    also_known_as: other addresses of the same issuer.

    Raises MultikeyError or JwkError for a key of a kind that is not supported.
    Source: DID Core v1.0, sections 5.1.3, 5.2 and 5.3.2; Controlled Identifiers v1.0, section 2.2.
    """
    methods = [_method(did, key) for key in keys]
    document: JsonObject = {"@context": [DID_CONTEXT, MULTIKEY_CONTEXT], "id": did}
    if any(method["type"] == "JsonWebKey" for method in methods):
        document["@context"].append(JWK_CONTEXT)
    if also_known_as:
        document["alsoKnownAs"] = list(also_known_as)
    document["verificationMethod"] = methods
    document["assertionMethod"] = [method["id"] for method in methods]
    return document


def _method(did: str, key: PublishedKey) -> JsonObject:
    method: JsonObject = {"id": f"{did}#{key.fragment}", "type": "Multikey", "controller": did}
    if key.algorithm is not KeyAlgorithm.EDDSA:
        method["type"] = "JsonWebKey"
        method["publicKeyJwk"] = public_key_to_jwk(key.public_key, key.fragment, key.algorithm)
    else:
        method["publicKeyMultibase"] = encode_public_key(key.public_key)
    if key.revoked is not None:
        method["revoked"] = write_moment(key.revoked)
    return method
