"""Credentials as signed tokens (VC-JWT): the credential's own members and a few claims that repeat them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from badges.standards.did.jwk import PRIVATE_MEMBERS
from badges.standards.json_text import JsonTextError, read_json_object, write_json
from badges.standards.jsonld.contexts import CREDENTIALS_V1, CREDENTIALS_V2
from badges.standards.proofs.errors import MalformedProofError
from badges.standards.proofs.jws import ParsedJws, parse_compact, sign_compact
from badges.standards.signer import Signer
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import Wording, say

ALLOWED_HEADERS: Final = frozenset(("alg", "kid", "jwk", "typ"))

_PLAIN_CREDENTIAL_TYPES: Final = frozenset(("vc+jwt", "vc+ld+jwt", "vc-ld+jwt", "vc+ld+json+jwt"))
_CLAIMS: Final = frozenset(("iss", "jti", "sub", "nbf", "exp", "iat"))


class JwtSeverity(StrEnum):
    """How bad a problem of a token is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class JwtProblem:
    """Something in a token that the standard does not allow. name: the header or claim."""

    name: str
    severity: JwtSeverity
    message: Wording


@dataclass(frozen=True, slots=True)
class VcJwt:
    """A token, taken apart and not yet verified.

    document: the credential, without the claims that only repeat it.
    claims: the whole payload.
    problems: what is wrong with headers and claims.
    """

    jws: ParsedJws
    document: JsonObject
    claims: JsonObject
    problems: tuple[JwtProblem, ...]

    @property
    def header(self) -> JsonObject:
        """The JOSE header."""
        return self.jws.header


def credential_claims(document: JsonObject) -> JsonObject:
    """Return the payload for a credential: its members without proof, then iss, jti, sub, nbf and exp.

    document: a credential of VC Data Model 2.0.

    Raises MalformedProofError if it lacks a member that a claim needs, or a time has fractions of a second.
    Source: Open Badges 3.0, "JWT Payload Format".
    """
    payload = {name: value for name, value in document.items() if name != "proof"}
    payload["iss"] = _required_text(_id_of(document.get("issuer")), "issuer.id")
    payload["jti"] = _required_text(document.get("id"), "id")
    payload["sub"] = _required_text(_id_of(document.get("credentialSubject")), "credentialSubject.id")
    payload["nbf"] = _whole_seconds(document.get("validFrom"), "validFrom")
    if "validUntil" in document:
        payload["exp"] = _whole_seconds(document["validUntil"], "validUntil")
    return payload


def sign(document: JsonObject, signer: Signer, key_url: str) -> str:
    """Return a credential as a signed token.

    key_url: https address at which the key is served as one bare JWK; it becomes the header's kid.

    Raises MalformedProofError as credential_claims; UnavailableError when the key cannot be reached.
    Source: Open Badges 3.0, "Create the JOSE Header" and "JSON Web Token Proof Format".
    """
    header = {"alg": signer.algorithm.value, "kid": key_url, "typ": "JWT"}
    return sign_compact(header, write_json(credential_claims(document)).encode("utf-8"), signer)


def read(text: str) -> VcJwt:
    """Return a token's credential and what is wrong with its headers and claims. No signature is checked.

    Raises MalformedProofError if it is no token of this kind or its jwk header has a private member;
    RefusedError if it is too large or too deep.
    Source: Open Badges 3.0, "Verify a Credential VC-JWT Signature"; VC Data Model 1.1, section 6.3.1.
    """
    jws = parse_compact(text)
    try:
        claims = read_json_object(jws.payload)
    except JsonTextError as error:
        raise MalformedProofError("The token's payload is not a JSON object: %(reason)s", reason=error) from error
    problems = _header_problems(jws.header)
    if "vc" in claims:
        if not isinstance(claims["vc"], dict):
            raise MalformedProofError("The token's vc claim is not an object.")
        document = _document_of_version_1(claims["vc"], claims)
    else:
        document = {name: value for name, value in claims.items() if name not in _CLAIMS}
    problems += _form_problems(document, claims)
    problems += _claim_problems(document, claims, may_lack=is_plain_credential_type(jws.header.get("typ")))
    return VcJwt(jws, document, claims, tuple(problems))


def _required_text(value: JsonValue, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise MalformedProofError("A token needs a credential with %(name)s.", name=name)
    return value


def _whole_seconds(value: JsonValue, name: str) -> int:
    moment = _seconds(value)
    if moment is None or not moment.is_integer():
        raise MalformedProofError("A token needs %(name)s as a moment in whole seconds.", name=name)
    return int(moment)


def _seconds(value: JsonValue) -> float | None:
    """Return a date and time with a time zone as seconds since 1970, or None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return None if moment.tzinfo is None else (moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    except (ValueError, OverflowError):
        return None


def _id_of(value: JsonValue) -> JsonValue:
    return value.get("id") if isinstance(value, dict) else value


def _header_problems(header: JsonObject) -> list[JwtProblem]:
    jwk = header.get("jwk", {})
    if not isinstance(jwk, dict):
        raise MalformedProofError("The token's jwk header is not an object.")
    if PRIVATE_MEMBERS & jwk.keys():
        raise MalformedProofError("The token carries a private key. Treat that key as stolen.")
    problems = [
        _error(name, say("The header %(name)s is not allowed in a badge.", name=name[:60]))
        for name in header
        if name not in ALLOWED_HEADERS and not _is_credential_content(name, header)
    ]
    problems += _type_problems(header.get("typ", "JWT"))
    if not isinstance(header.get("kid", ""), str):
        problems.append(_error("kid", say("The header kid is not a text.")))
    if "kid" not in header and "jwk" not in header:
        problems.append(_error("kid", say("The token names no key: it has neither kid nor jwk.")))
    return problems


def _is_credential_content(name: str, header: JsonObject) -> bool:
    """Whether a header is the cty that goes with a plain credential; typ has been said to be wrong already."""
    content = str(header.get("cty")).lower().removeprefix("application/")
    return name == "cty" and content == "vc" and is_plain_credential_type(header.get("typ"))


def _type_problems(media_type: JsonValue) -> list[JwtProblem]:
    """Return what stands against the header typ. Types of other kinds of token are errors (RFC 8725, 3.11)."""
    if media_type == "JWT":
        return []
    if is_plain_credential_type(media_type) or str(media_type).upper() == "JWT":
        message = say('The header typ is "%(type)s"; in an Open Badge it is "JWT".', type=str(media_type)[:60])
        return [JwtProblem("typ", JwtSeverity.WARNING, message)]
    return [_error("typ", say('The header typ is not "JWT".'))]


def is_plain_credential_type(media_type: JsonValue) -> bool:
    """Whether a typ says that the payload is a credential of VC 2.0 and not one of Open Badges with its claims.

    Source: Securing Verifiable Credentials using JOSE and COSE, section 3.1.1; the older names are of its drafts.
    """
    return str(media_type).lower().removeprefix("application/") in _PLAIN_CREDENTIAL_TYPES


def _form_problems(document: JsonObject, claims: JsonObject) -> list[JwtProblem]:
    contexts = document.get("@context")
    first = contexts[0] if isinstance(contexts, list) and contexts else contexts
    expected = CREDENTIALS_V1 if "vc" in claims else CREDENTIALS_V2
    if first == expected:
        return []
    message = say("The credential's first context does not agree with the form of the token; it should be %(url)s.")
    return [_error("@context", Wording(message.template, {"url": expected}))]


def _document_of_version_1(credential: JsonObject, claims: JsonObject) -> JsonObject:
    """Return the credential of a vc claim with what only the other claims say filled in."""
    document = dict(credential)
    if "jti" in claims:
        document.setdefault("id", claims["jti"])
    if "iss" in claims:
        issuer = document.get("issuer")
        if issuer is None:
            document["issuer"] = claims["iss"]
        elif isinstance(issuer, dict):
            document["issuer"] = {"id": claims["iss"], **issuer}
    for claim, name in (("nbf", "issuanceDate"), ("exp", "expirationDate")):
        moment = _moment_text(claims.get(claim))
        if moment:
            document.setdefault(name, moment)
    subject = document.get("credentialSubject")
    if "sub" in claims and isinstance(subject, dict):
        document["credentialSubject"] = {"id": claims["sub"], **subject}
    return document


def _moment_text(value: JsonValue) -> str:
    moment = read_numeric_date(value)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


def read_numeric_date(value: JsonValue) -> datetime | None:
    """Return the moment that a numeric date claim states, or None if it is none. Source: RFC 7519, section 2."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _claim_problems(document: JsonObject, claims: JsonObject, *, may_lack: bool) -> list[JwtProblem]:
    """Return where claims differ from the credential. Absent ones are errors, but for sub.

    may_lack: the token is of a form that does not repeat the credential in claims.
    """
    first_version = "vc" in claims
    subject = document.get("credentialSubject")
    texts = (
        ("iss", "issuer.id", _id_of(document.get("issuer"))),
        ("jti", "id", document.get("id")),
        ("sub", "credentialSubject.id", subject.get("id") if isinstance(subject, dict) else None),
    )
    moments = (
        ("nbf", "issuanceDate" if first_version else "validFrom"),
        ("exp", "expirationDate" if first_version else "validUntil"),
    )
    problems: list[JwtProblem] = []
    for claim, name, value in texts:
        if claim not in claims:
            problems += _absent(claim, name, value, may_lack)
        elif claims[claim] != value or not isinstance(value, str):
            problems.append(_differs(claim, name))
    for claim, name in moments:
        if claim not in claims:
            problems += _absent(claim, name, document.get(name), may_lack)
        elif not _same_moment(claims[claim], document.get(name)):
            problems.append(_differs(claim, name))
    return problems


def _absent(claim: str, name: str, value: JsonValue, may_lack: bool) -> list[JwtProblem]:
    if value is None:
        return []
    severity = JwtSeverity.WARNING if may_lack or claim == "sub" else JwtSeverity.ERROR
    message = say("The token lacks the claim %(claim)s, which repeats %(name)s.", claim=claim, name=name)
    return [JwtProblem(claim, severity, message)]


def _differs(claim: str, name: str) -> JwtProblem:
    return _error(claim, say("The claim %(claim)s differs from %(name)s.", claim=claim, name=name))


def _error(name: str, message: Wording) -> JwtProblem:
    return JwtProblem(name, JwtSeverity.ERROR, message)


def _same_moment(claim: JsonValue, text: JsonValue) -> bool:
    """Whether a numeric date is the same second as a date and time."""
    stated, moment = read_numeric_date(claim), _seconds(text)
    return stated is not None and moment is not None and abs(stated.timestamp() - moment) < 1
