"""Whether the signature of a badge in the form of a JWT fits, and its claims agree with the badge."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from badges.errors import BadgesError
from badges.standards.did.jwk import JwkError, jwk_to_public_key
from badges.standards.proofs import InvalidSignatureError, vc_jwt
from badges.standards.proofs.jws import verify_compact
from badges.standards.proofs.vc_jwt import read_numeric_date
from badges.standards.signer import KeyAlgorithm, PublicKey
from badges.verifying.checks.proof import ASK_HOLDER, ASK_ISSUER, CHANGED, UNCHANGED, ProofResult, no_key
from badges.verifying.documents import JWK_ACCEPT, Documents
from badges.verifying.keys import MalformedKeyNameError, SigningKey, Standing, find_signing_key, issuer_id_of
from badges.verifying.reading import as_text
from badges.verifying.report import Finding, Outcome
from badges.vocab.json import JsonObject
from badges.wording import Wording, say

USUAL: Final = frozenset({KeyAlgorithm.RS256, KeyAlgorithm.ES256})
ACCEPTED: Final = frozenset(KeyAlgorithm)


def read_jwt(text: str) -> vc_jwt.VcJwt | Finding:
    """Take a JWT apart, or say why it is none. The signature is not looked at."""
    try:
        return vc_jwt.read(text)
    except BadgesError as error:
        return _failed(say("This signed text cannot be read as a badge."), error.message)


def check_jwt_proof(jwt: vc_jwt.VcJwt, documents: Documents, at: datetime) -> ProofResult:
    """Check the signature of a JWT with the key that its header names, and its claims. at: the moment of judging.

    Source: Open Badges 3.0, "Verify a Credential VC-JWT Signature"; RFC 8725, 3.1 (algorithms).
    """
    algorithm = _read_algorithm(jwt.header)
    if isinstance(algorithm, Finding):
        return ProofResult(algorithm)
    try:
        key = _find_key(jwt, documents, at)
    except (MalformedKeyNameError, JwkError) as error:
        return ProofResult(_failed(say("The key that this badge names cannot be a key."), error.message))
    if isinstance(key, Finding):
        return ProofResult(key)
    errors = [each.message for each in jwt.problems if each.severity is vc_jwt.JwtSeverity.ERROR]
    if errors and _names_key(jwt.header):
        message = say("The signed text around this badge and the badge itself do not agree.")
        return ProofResult(_failed(message, *errors[:20]), key)
    if key.public_key is None:
        return ProofResult(no_key(key), key)
    return ProofResult(_check_signature(jwt, key.public_key, algorithm), key, jwt.jws.signing_input)


def _check_signature(jwt: vc_jwt.VcJwt, public_key: PublicKey, algorithm: KeyAlgorithm) -> Finding:
    try:
        verify_compact(jwt.jws, public_key, ACCEPTED)
    except InvalidSignatureError as error:
        return Finding(Outcome.FAILED, CHANGED, ASK_HOLDER, (error.message,))
    except BadgesError as error:
        return _failed(say("The signature of this badge does not fit the kind of its key."), error.message)
    warnings = [problem.message for problem in jwt.problems]
    if "jwk" not in jwt.header and not _is_address(as_text(jwt.header.get("kid"))):
        warnings.append(say("The token says which key is its own, but not where it is; many checkers do not find it."))
    if algorithm not in USUAL:
        warnings.append(say("Many checkers do not read signatures of the kind %(kind)s.", kind=algorithm.value))
    if warnings:
        message = say("The badge has not been changed since it was awarded, but is not signed quite as it should be.")
        return Finding(Outcome.WARNING, message, ASK_ISSUER, tuple(warnings[:20]))
    return Finding(Outcome.PASSED, UNCHANGED)


def _read_algorithm(header: JsonObject) -> KeyAlgorithm | Finding:
    """Return the algorithm. Those that anybody could use (none, HS…) fail; others are unknown."""
    name = as_text(header.get("alg"))
    try:
        return KeyAlgorithm(name)
    except ValueError:
        detail = say("Kind of signature: %(kind)s", kind=name[:40] or "–")
    if not name or name.lower() == "none" or name.upper().startswith("HS"):
        return _failed(say("This badge is not signed in a way that shows who signed it."), detail)
    message = say("This badge is signed in a way that we cannot check yet.")
    return Finding(Outcome.UNKNOWN, message, ASK_ISSUER, (detail,))


def _names_key(header: JsonObject) -> bool:
    return "kid" in header or "jwk" in header


def _find_key(jwt: vc_jwt.VcJwt, documents: Documents, at: datetime) -> SigningKey | Finding:
    """Return the key. `kid` counts before `jwk`, and the two must not be different keys.

    Raises MalformedKeyNameError, JwkError.
    Source: Open Badges 3.0, "Create the JOSE Header".
    """
    kid, jwk = as_text(jwt.header.get("kid")), jwt.header.get("jwk")
    signed_at = read_numeric_date(jwt.claims.get("iat")) or at
    named = find_signing_key(kid, documents, signed_at, accept=JWK_ACCEPT) if _is_address(kid) else None
    if not isinstance(jwk, dict):
        return named or _find_by_hint(kid, jwt, documents, signed_at)
    inside = SigningKey(kid, jwk_to_public_key(jwk), Standing.BARE, signed_at=signed_at)
    if named is None or named.public_key is None:
        return inside
    if named.public_key != inside.public_key:
        return _failed(say("This badge names one key and carries another, so we do not trust it."))
    return named


def _find_by_hint(kid: str, jwt: vc_jwt.VcJwt, documents: Documents, signed_at: datetime) -> SigningKey:
    """Return the key that the issuer's own document lists under a `kid` that is no address, or none.

    Source: Securing Verifiable Credentials using JOSE and COSE, 4.1 "Using Controlled Identifiers".
    """
    nowhere = SigningKey(kid, None, Standing.UNSEEN, reason=say("The badge does not say where its key is."))
    issuer_id = issuer_id_of(jwt.document)
    if not kid or not _is_address(issuer_id):
        return nowhere
    try:
        key = find_signing_key(f"{issuer_id}#{kid.removeprefix('#')}", documents, signed_at)
    except MalformedKeyNameError:
        return nowhere
    return key if key.standing in {Standing.LISTED, Standing.REVOKED} else nowhere


def _is_address(name: str) -> bool:
    return name.startswith(("did:", "https://", "http://"))


def _failed(message: Wording, *details: Wording) -> Finding:
    return Finding(Outcome.FAILED, message, ASK_ISSUER, details)
