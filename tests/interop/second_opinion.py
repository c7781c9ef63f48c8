"""What `openbadgeslib`, written by others and sharing no code with us, says of an Open Badges 3.0 credential.

It gets every document that it asks for from a mapping and never from the network: what is not in the mapping
cannot be reached, and the opinion says so.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import serialization
from jwt import PyJWK
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import (
    OB3LdpVerifier,
    OB3VerificationError,
    OB3Verifier,
    resolve_verification_method,
    verify_data_integrity_proof,
)

Document = Mapping[str, Any] | str | bytes


@dataclass(frozen=True, slots=True)
class Opinion:
    """Valid or not, and why not."""

    valid: bool
    reason: str = ""


def openbadgeslib_verify_embedded(
    credential: Mapping[str, Any] | str | bytes,
    documents: Mapping[str, Document] | None = None,
    *,
    public_key_pem: str | bytes | None = None,
    check_status: bool = False,
    recipient: str | None = None,
) -> Opinion:
    """Ask for an opinion on a credential with an embedded eddsa-rdfc-2022 proof.

    documents: URL to document, for the DID document and the status list. public_key_pem: the trusted key,
    where the issuer is no DID (openbadgeslib resolves nothing else). check_status: read the withdrawn bit
    too; of the list itself it can verify only the JWT form, so its proof is not checked here.
    """

    def verify() -> None:
        OB3LdpVerifier(pubkey_pem=public_key_pem).verify(
            dict(credential) if isinstance(credential, Mapping) else credential,
            expected_recipient=recipient,
            check_status=check_status,
            download=_reader(documents or {}),
            verify_status_list=False,
        )

    return _opinion_of(verify)


def openbadgeslib_verify_proof(document: Mapping[str, Any], documents: Mapping[str, Document]) -> Opinion:
    """Ask whether an embedded proof is a signature by the key that it names in its issuer's DID document.

    For what is no badge, such as an endorsement: the library's whole verifier takes badges only.
    """

    def verify() -> None:
        method = document["proof"][0]["verificationMethod"]
        if method.partition("#")[0] != document["issuer"]["id"]:
            raise OB3VerificationError("the key is not the issuer's")
        verify_data_integrity_proof(dict(document), resolve_verification_method(method, _reader(documents)))

    return _opinion_of(verify)


def openbadgeslib_verify_jwt(
    token: str,
    public_key_pem: str | bytes | None = None,
    *,
    issuer_did: str | None = None,
    documents: Mapping[str, Document] | None = None,
    check_status: bool = False,
    recipient: str | None = None,
) -> Opinion:
    """Ask for an opinion on a VC-JWT, with a trusted key or with the issuer's DID.

    With issuer_did the key is the one that the token's `kid` names in the DID document, and the credential
    must be of that issuer.
    """
    download = _reader(documents or {})

    def verify() -> None:
        if issuer_did is not None:
            verifier = OB3Verifier.for_issuer_did(issuer_did, download=download)
        else:
            verifier = OB3Verifier(public_key_pem)
        verifier.verify(
            token,
            expected_recipient=recipient,
            check_status=check_status,
            verify_status_list=False,
            download=download,
        )

    return _opinion_of(verify)


def public_pem(jwk: Mapping[str, Any]) -> bytes:
    """Return the public key of a JWK as PEM, which is what openbadgeslib takes."""
    key = PyJWK(dict(jwk)).key
    pem: bytes = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return pem


def openbadgeslib_unbake(image: bytes) -> str:
    """Return the 3.0 credential (JSON or JWT) that openbadgeslib finds in a baked PNG or SVG."""
    if image.startswith(b"\x89PNG"):
        return str(OB3Verifier.extract_token_from_png(image))
    return str(OB3Verifier.extract_token_from_svg(image))


def _opinion_of(verify: Callable[[], None]) -> Opinion:
    try:
        verify()
    except LibOpenBadgesException as refusal:
        return Opinion(valid=False, reason=str(refusal))
    return Opinion(valid=True)


def _reader(documents: Mapping[str, Document]) -> Callable[[str], bytes]:
    """Return a function that reads a document by its URL.

    did:web always asks by https; a trial on this machine has only http, so that stands in for it.
    """

    def read(url: str) -> bytes:
        plain = url.replace("https://localhost", "http://localhost", 1)
        found = documents.get(url, documents.get(plain))
        if found is None:
            raise OSError(f"not among the documents of this test: {url}")
        if isinstance(found, bytes):
            return found
        return (found if isinstance(found, str) else json.dumps(found)).encode()

    return read
