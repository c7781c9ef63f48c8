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
from badges.verifying.keys import MalformedKeyNameError, SigningKey, Standing, find_signing_key
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


def check_jwt_proof(jwt: vc_jwt.VcJwt, documents: Documents) -> ProofResult:
    """Check the signature of a JWT with the key that its header names, and its claims.

    Source: Open Badges 3.0, "Verify a Credential VC-JWT Signature"; RFC 8725, 3.1 (algorithms).
    """
    algorithm = _read_algorithm(jwt.header)
    if isinstance(algorithm, Finding):
        return ProofResult(algorithm)
    try:
        key = _find_key(jwt.header, documents, read_numeric_date(jwt.claims.get("iat")))
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


def _find_key(header: JsonObject, documents: Documents, signed_at: datetime | None) -> SigningKey | Finding:
    """Return the key. `kid` counts before `jwk`, and the two must not be different keys.

    signed_at: when the token says that it was made.

    Raises MalformedKeyNameError, JwkError.
    Source: Open Badges 3.0, "Create the JOSE Header".
    """
    kid, jwk = as_text(header.get("kid")), header.get("jwk")
    is_address = kid.startswith(("did:", "https://", "http://"))
    named = find_signing_key(kid, documents, signed_at, accept=JWK_ACCEPT) if is_address else None
    if not isinstance(jwk, dict):
        if named is not None:
            return named
        reason = say("The badge does not say where its key is.")
        return SigningKey(kid, None, Standing.UNSEEN, reason=reason)
    inside = SigningKey(kid, jwk_to_public_key(jwk), Standing.BARE)
    if named is None or named.public_key is None:
        return inside
    if named.public_key != inside.public_key:
        return _failed(say("This badge names one key and carries another, so we do not trust it."))
    return named


def _failed(message: Wording, *details: Wording) -> Finding:
    return Finding(Outcome.FAILED, message, ASK_ISSUER, details)
