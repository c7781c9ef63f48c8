"""Compact JSON Web Signatures, put together by hand so that a key elsewhere can sign; checked by PyJWT."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    SECP384R1,
    EllipticCurve,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import Algorithm, ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from badges.errors import RefusedError
from badges.standards.base64url import Base64UrlError, decode_base64url, encode_base64url
from badges.standards.did.jwk import JwkError, check_rsa_strength
from badges.standards.json_text import JsonTextError, read_json_object, write_json
from badges.standards.proofs.errors import InvalidSignatureError, MalformedProofError, UnsupportedProofError
from badges.standards.signer import KeyAlgorithm, PublicKey, Signer
from badges.vocab.json import JsonObject

MAXIMUM_PAYLOAD_BYTES: Final = 4 * 1024 * 1024
MAXIMUM_HEADER_BYTES: Final = 16 * 1024
MAXIMUM_SIGNATURE_BYTES: Final = 1024

_EC_CURVES: Final[dict[KeyAlgorithm, type[EllipticCurve]]] = {
    KeyAlgorithm.ES256: SECP256R1,
    KeyAlgorithm.ES384: SECP384R1,
}
_VERIFIERS: Final[dict[KeyAlgorithm, Algorithm]] = {
    KeyAlgorithm.RS256: RSAAlgorithm(RSAAlgorithm.SHA256),
    KeyAlgorithm.ES256: ECAlgorithm(ECAlgorithm.SHA256),
    KeyAlgorithm.ES384: ECAlgorithm(ECAlgorithm.SHA384),
    KeyAlgorithm.EDDSA: OKPAlgorithm(),
}


@dataclass(frozen=True, slots=True)
class ParsedJws:
    """A compact JWS, taken apart and not yet verified. signing_input: the ASCII bytes that were signed."""

    header: JsonObject
    payload: bytes
    signing_input: bytes
    signature: bytes


def sign_compact(header: JsonObject, payload: bytes, signer: Signer) -> str:
    """Return header, payload and signature as one text with two dots.

    header: its `alg` must be the signer's algorithm.

    Raises MalformedProofError if it is not; UnavailableError when the key cannot be reached.
    Source: RFC 7515, sections 5.1 and 7.1.
    """
    if header.get("alg") != signer.algorithm.value:
        raise MalformedProofError("The header names another algorithm than the key's.")
    signing_input = f"{encode_base64url(write_json(header).encode('utf-8'))}.{encode_base64url(payload)}"
    return f"{signing_input}.{encode_base64url(signer.sign(signing_input.encode('ascii')))}"


def parse_compact(text: str) -> ParsedJws:
    """Return the parts of a compact JWS.

    Raises MalformedProofError for anything but three parts in strict base64url with a JSON object first, or a
    header with `crit` or `b64`; RefusedError if it is too large.
    Source: RFC 7515, sections 5.2, 4.1.11 and 7.1; RFC 7797, section 6.
    """
    if len(text) > (MAXIMUM_PAYLOAD_BYTES + MAXIMUM_HEADER_BYTES + MAXIMUM_SIGNATURE_BYTES) * 4 // 3 + 8:
        raise RefusedError("This signed text is too large.")
    parts = text.split(".", 3)
    if len(parts) != 3 or not all(parts[:2]):
        raise MalformedProofError("A compact JWS has three parts with dots between them.")
    try:
        header_bytes = decode_base64url(parts[0], maximum_bytes=MAXIMUM_HEADER_BYTES)
        payload = decode_base64url(parts[1], maximum_bytes=MAXIMUM_PAYLOAD_BYTES)
        signature = decode_base64url(parts[2], maximum_bytes=MAXIMUM_SIGNATURE_BYTES)
        header = read_json_object(header_bytes, maximum_bytes=MAXIMUM_HEADER_BYTES)
    except (Base64UrlError, JsonTextError) as error:
        raise MalformedProofError("This is not a compact JWS: %(reason)s", reason=error) from error
    for name in ("crit", "b64"):
        if name in header:
            raise MalformedProofError('The header has "%(name)s", which is not supported.', name=name)
    return ParsedJws(header, payload, f"{parts[0]}.{parts[1]}".encode("ascii"), signature)


def verify_compact(parsed: ParsedJws, public_key: PublicKey, allowed_algorithms: Collection[KeyAlgorithm]) -> None:
    """Check the signature of a JWS with a key.

    allowed_algorithms: those that the caller accepts; none and HS* are never among them.

    Raises UnsupportedProofError if the header names another algorithm; MalformedProofError if the algorithm
    does not fit the key, or the key is weak; InvalidSignatureError.
    Source: RFC 7515, section 5.2; RFC 8725, sections 3.1 and 3.2.
    """
    algorithm = _algorithm(parsed.header)
    if algorithm not in allowed_algorithms:
        raise UnsupportedProofError("The algorithm %(name)s is not accepted here.", name=algorithm.value)
    _check_fit(algorithm, public_key)
    if not _VERIFIERS[algorithm].verify(parsed.signing_input, public_key, parsed.signature):
        raise InvalidSignatureError(
            "The signature does not fit: the text was changed after signing, or another key signed it."
        )


def _algorithm(header: JsonObject) -> KeyAlgorithm:
    name = header.get("alg")
    try:
        return KeyAlgorithm(str(name))
    except ValueError as error:
        raise UnsupportedProofError("The algorithm %(name)s is not supported.", name=str(name)[:40]) from error


def _check_fit(algorithm: KeyAlgorithm, key: PublicKey) -> None:
    fits = False
    if algorithm is KeyAlgorithm.RS256 and isinstance(key, RSAPublicKey):
        fits = True
        try:
            check_rsa_strength(key)
        except JwkError as error:
            raise MalformedProofError("The key is too weak: %(reason)s", reason=error) from error
    elif algorithm in _EC_CURVES and isinstance(key, EllipticCurvePublicKey):
        fits = isinstance(key.curve, _EC_CURVES[algorithm])
    elif algorithm is KeyAlgorithm.EDDSA:
        fits = isinstance(key, Ed25519PublicKey)
    if not fits:
        raise MalformedProofError("The algorithm %(name)s does not fit the key.", name=algorithm.value)
