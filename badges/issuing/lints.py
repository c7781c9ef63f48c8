"""Named checks of a document before it is signed. What fails one cannot be signed.

Each lint is a small function that yields the problems that it sees. They run on the finished document, so that
a mistake anywhere before is caught here, and not by somebody's verifier ten years later.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

from badges.addresses import Addresses
from badges.errors import BadgesError
from badges.standards.clr.model import check_shape as check_shape_clr
from badges.standards.moments import read_moment
from badges.standards.ob2.model import check_shape as check_shape_ob2
from badges.standards.ob3.model import ENDORSEMENT_CREDENTIAL, check_shape
from badges.standards.shapes import Severity
from badges.vocab.json import JsonObject, JsonValue
from badges.vocab.status import StatusPurpose

Lint = Callable[[JsonObject, Addresses], Iterator[str]]

# Terms on which the circulating copies of the OB 3.0.3 context differ: what is signed must read alike everywhere.
_DISPUTED_TERMS: Final = frozenset({"awardedDate", "inLanguage", "endorsementJwt", "jti"})
_FORBIDDEN_CONTROLS: Final = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]")


class LintError(BadgesError):
    """A document must not be signed as it is: a fault of ours, not of the person who awards."""


def lint_shape(document: JsonObject, _addresses: Addresses) -> Iterator[str]:
    """The Open Badges 3.0 data model. Source: OB 3.0, "Data Models"."""
    for problem in check_shape(document):
        if problem.severity is Severity.ERROR:
            yield f"{problem.path}: {problem.message}"


def lint_disputed_terms(document: JsonObject, _addresses: Addresses) -> Iterator[str]:
    """No term whose meaning depends on the copy of the context that a verifier has."""
    for path, member, _value in _members(document):
        if member in _DISPUTED_TERMS:
            yield f"{path} uses a term on which copies of the context differ"


def lint_text(document: JsonObject, _addresses: Addresses) -> Iterator[str]:
    """No control characters (canonicalisers escape them differently), no nulls, no empty members."""
    for path, _member, value in _members(document):
        if value is None or value == [] or value == {}:
            yield f"{path} is empty"
        elif isinstance(value, str) and _FORBIDDEN_CONTROLS.search(value):
            yield f"{path} holds a control character"
        elif isinstance(value, float):
            yield f"{path} is a number with a fraction"


def lint_addresses(document: JsonObject, addresses: Addresses) -> Iterator[str]:
    """The id, the status list and the refresh address are this installation's, and the issuer is its did:web."""
    yield from lint_own_addresses(document, addresses)
    if not addresses.is_ours(str(_inside(document, "refreshService", "id"))):
        yield "/refreshService/id is not an address of this service"


def lint_own_addresses(document: JsonObject, addresses: Addresses) -> Iterator[str]:
    """The id and the status list are this installation's, and the issuer is its did:web."""
    for path, value in (
        ("/id", document.get("id")),
        (
            "/credentialStatus/statusListCredential",
            _inside(document, "credentialStatus", "statusListCredential"),
        ),
    ):
        if not isinstance(value, str) or not addresses.is_ours(value):
            yield f"{path} is not an address of this service"
    issuer = _inside(document, "issuer", "id")
    if not isinstance(issuer, str) or not issuer.startswith(addresses.service_did + ":"):
        yield "/issuer/id is not an organisation of this service"


def lint_names(document: JsonObject, _addresses: Addresses) -> Iterator[str]:
    """Nothing that names the recipient: only a hash and a random id are inside the signed bytes."""
    subject = document.get("credentialSubject", {})
    for member in sorted(subject.keys() - {"id", "type", "identifier", "achievement", "result", "source"}):
        yield f"/credentialSubject/{member} may name the recipient"
    yield from _hidden_recipient(subject)


def lint_assertion_shape(document: JsonObject, _addresses: Addresses) -> Iterator[str]:
    """The Open Badges 2.0 data model. Source: OB 2.0, "Assertion"."""
    for problem in check_shape_ob2(document):
        if problem.severity is Severity.ERROR:
            yield f"{problem.path}: {problem.message}"


def lint_assertion_addresses(document: JsonObject, addresses: Addresses) -> Iterator[str]:
    """The badge class and the key are this installation's; the id is the award's own urn:uuid."""
    for path, value in (
        ("/badge", document.get("badge")),
        ("/verification/creator", _inside(document, "verification", "creator")),
    ):
        if not isinstance(value, str) or not addresses.is_ours(value):
            yield f"{path} is not an address of this service"
    if not str(document.get("id", "")).startswith("urn:uuid:"):
        yield "/id is not a urn:uuid"


def lint_assertion_recipient(document: JsonObject, _addresses: Addresses) -> Iterator[str]:
    """The recipient is a hash, or a random urn:uuid."""
    recipient = document.get("recipient", {})
    identity = str(recipient.get("identity", ""))
    if recipient.get("hashed") is not True and not identity.startswith("urn:uuid:"):
        yield "/recipient holds an identity that is not hashed"


def lint_endorsement_shape(document: JsonObject, _addresses: Addresses) -> Iterator[str]:
    """The Open Badges 3.0 data model. Source: OB 3.0, "EndorsementCredential"."""
    for problem in check_shape(document, ENDORSEMENT_CREDENTIAL):
        if problem.severity is Severity.ERROR:
            yield f"{problem.path}: {problem.message}"


def lint_endorsement(document: JsonObject, addresses: Addresses) -> Iterator[str]:
    """One organisation of this service speaks of something else of this service, and says nothing but its comment."""
    endorsed = str(document.get("credentialSubject", {}).get("id", ""))
    if not addresses.is_ours(endorsed) and not endorsed.startswith(addresses.service_did + ":"):
        yield "/credentialSubject/id is nothing of this service"
    yield from lint_succession(document, addresses)


def lint_succession(document: JsonObject, _addresses: Addresses) -> Iterator[str]:
    """An organisation of this service speaks of another issuer, here or elsewhere, and says nothing but its comment."""
    subject = document.get("credentialSubject", {})
    endorsed = str(subject.get("id", ""))
    if not endorsed.startswith(("did:", "https://", "http://")):
        yield "/credentialSubject/id is no issuer"
    if endorsed == _inside(document, "issuer", "id"):
        yield "/credentialSubject/id is the endorser"
    for member in sorted(subject.keys() - {"id", "type", "endorsementComment"}):
        yield f"/credentialSubject/{member} does not belong into an endorsement"


def lint_record_shape(document: JsonObject, _addresses: Addresses) -> Iterator[str]:
    """The data model of CLR 2.0. Source: CLR 2.0, "ClrCredential"."""
    for problem in check_shape_clr(document):
        if problem.severity is Severity.ERROR:
            yield f"{problem.path}: {problem.message}"


def lint_record(document: JsonObject, addresses: Addresses) -> Iterator[str]:
    """The service itself says it, of somebody whom it does not name; every badge inside is signed by itself."""
    if _inside(document, "issuer", "id") != addresses.service_did:
        yield "/issuer/id is not this service"
    subject = document.get("credentialSubject", {})
    for member in sorted(subject.keys() - {"id", "type", "identifier", "verifiableCredential"}):
        yield f"/credentialSubject/{member} may name the recipient"
    yield from _hidden_recipient(subject)
    for number, credential in enumerate(subject.get("verifiableCredential", [])):
        if not isinstance(credential, dict) or not credential.get("proof"):
            yield f"/credentialSubject/verifiableCredential/{number} is not signed"


def lint_status_list(document: JsonObject, addresses: Addresses) -> Iterator[str]:
    """A status list is at an address of this installation, by one of its organisations, about withdrawals only."""
    if not addresses.is_ours(str(document.get("id", ""))):
        yield "/id is not an address of this service"
    if not str(document.get("issuer", "")).startswith(addresses.service_did + ":"):
        yield "/issuer is not an organisation of this service"
    if _inside(document, "credentialSubject", "statusPurpose") != StatusPurpose.REVOCATION:
        yield "/credentialSubject/statusPurpose is not revocation"


def lint_demonstration(document: JsonObject, _addresses: Addresses) -> Iterator[str]:
    """It is by a did:key, says what it is, ends after a day, names nobody, and points nowhere."""
    if not str(_inside(document, "issuer", "id")).startswith("did:key:"):
        yield "/issuer/id is not a did:key"
    for path, value in (
        ("/name", document.get("name")),
        ("/issuer/name", _inside(document, "issuer", "name")),
    ):
        if "demonstration" not in str(value).lower():
            yield f"{path} does not say that it is a demonstration"
    start, end = read_moment(document.get("validFrom")), read_moment(document.get("validUntil"))
    if start is None or end is None or end - start > timedelta(days=1):
        yield "/validUntil is more than a day after /validFrom"
    if "identifier" in document.get("credentialSubject", {}):
        yield "/credentialSubject/identifier may name the recipient"
    for path, member, value in _members(document):
        leads = member in ("id", "credentialStatus", "refreshService")
        if leads and not str(value).startswith(("urn:uuid:", "did:key:")):
            yield f"{path} points somewhere"


CREDENTIAL_LINTS: Final[tuple[Lint, ...]] = (
    lint_shape,
    lint_disputed_terms,
    lint_text,
    lint_addresses,
    lint_names,
)
ASSERTION_LINTS: Final[tuple[Lint, ...]] = (
    lint_assertion_shape,
    lint_text,
    lint_assertion_addresses,
    lint_assertion_recipient,
)
DEMONSTRATION_LINTS: Final[tuple[Lint, ...]] = (
    lint_shape,
    lint_disputed_terms,
    lint_text,
    lint_demonstration,
)
ENDORSEMENT_LINTS: Final[tuple[Lint, ...]] = (
    lint_endorsement_shape,
    lint_disputed_terms,
    lint_text,
    lint_own_addresses,
    lint_endorsement,
)
SUCCESSION_LINTS: Final[tuple[Lint, ...]] = (
    lint_endorsement_shape,
    lint_disputed_terms,
    lint_text,
    lint_own_addresses,
    lint_succession,
)
LEARNER_RECORD_LINTS: Final[tuple[Lint, ...]] = (lint_record_shape, lint_disputed_terms, lint_text, lint_record)
STATUS_LIST_LINTS: Final[tuple[Lint, ...]] = (lint_text, lint_status_list)


def run_lints(document: JsonObject, lints: tuple[Lint, ...], addresses: Addresses) -> None:
    """Run the lints. Raises LintError naming every lint that failed and where."""
    problems = [f"{lint.__name__}: {problem}" for lint in lints for problem in lint(document, addresses)]
    if problems:
        raise LintError("This document must not be signed. %(problems)s", problems="; ".join(problems[:10]))


def _members(document: JsonValue) -> Iterator[tuple[str, str, JsonValue]]:
    """Yield (path, member name, value) of everything in a document."""
    waiting: list[tuple[str, str, JsonValue]] = [("", "", document)]
    while waiting:
        path, member, value = waiting.pop()
        if path:
            yield path, member, value
        if isinstance(value, dict):
            waiting.extend([(f"{path}/{name}", name, inner) for name, inner in value.items()])
        elif isinstance(value, list):
            waiting.extend([(f"{path}/{number}", member, inner) for number, inner in enumerate(value)])


def _hidden_recipient(subject: JsonObject) -> Iterator[str]:
    """What is wrong with how a subject says who it is: only a hash and a random id may."""
    for entry in subject.get("identifier", []):
        if entry.get("hashed") is not True:
            yield "/credentialSubject/identifier holds an identity that is not hashed"
    if not str(subject.get("id", "")).startswith("urn:uuid:"):
        yield "/credentialSubject/id is not a random urn:uuid"


def _inside(document: JsonObject, outer: str, inner: str) -> JsonValue:
    value = document.get(outer)
    return value.get(inner) if isinstance(value, dict) else None
