"""Judges any verifiable credential or presentation by the rules of the W3C alone: is it whole, signed and in force?

This is what the W3C's test suites ask of a verifier (`services/vc_api.py`). Whether something is a badge that
should be trusted is another question; `pipeline.py` answers that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from badges.errors import BadgesError
from badges.standards.fetching import Fetcher
from badges.standards.jsonld.contexts import ContextSource, bundled_context
from badges.standards.jsonld.expansion import expand_safely
from badges.standards.proofs.vc_jwt import VcJwt
from badges.standards.shapes import Severity, ShapeProblem
from badges.standards.vc import model
from badges.verifying.checks.holder import check_holder
from badges.verifying.checks.issuer import check_issuer
from badges.verifying.checks.proof import ProofResult, check_embedded_proof
from badges.verifying.checks.proof_jwt import check_jwt_proof, read_jwt
from badges.verifying.checks.status import check_status
from badges.verifying.checks.validity import check_validity
from badges.verifying.documents import Documents
from badges.verifying.intake import ENVELOPED, open_envelope
from badges.verifying.kinds import kind_of
from badges.verifying.reading import as_list, as_text, types_of
from badges.verifying.report import Check, CheckName, CredentialKind, Finding, Outcome
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import Wording, say

MOST_CREDENTIALS: Final = 50
MOST_DETAILS: Final = 20
_JWT_TYPES: Final = frozenset({"vc+jwt", "vp+jwt"})


@dataclass(frozen=True, slots=True)
class PlainQuestion:
    """What is asked of one credential or presentation.

    at: aware; the moment for which it is judged. domain, challenge: what its proof must have been made for, or "".
    with_status: whether status lists are looked at. context_of: gives the context document at a URL.
    """

    fetcher: Fetcher
    at: datetime
    domain: str = ""
    challenge: str = ""
    with_status: bool = True
    context_of: ContextSource = bundled_context


def check_plain_shape(
    document: JsonValue, *, expected_class: str = "", context_of: ContextSource = bundled_context
) -> Finding:
    """Check the data model and that each word has a meaning. expected_class: of `vc/model.py`; "" for a credential.

    Source: VC Data Model 2.0, sections 4, 5 and 11.1; VC Data Integrity 1.0, 2.4.1 "Validating Contexts".
    """
    if not isinstance(document, dict):
        return _failed(say("A credential is a JSON object."))
    is_list = kind_of(document) is CredentialKind.STATUS_LIST
    expected_class = expected_class or (model.STATUS_LIST_CREDENTIAL if is_list else model.VERIFIABLE_CREDENTIAL)
    problems = list(_errors(model.check_shape(document, expected_class)))
    if not problems:
        try:
            expand_safely({name: value for name, value in document.items() if name != "proof"}, context_of=context_of)
        except BadgesError as error:
            problems.append(error.message)
    if problems:
        return _failed(say("It does not follow the data model."), *problems[:MOST_DETAILS])
    return Finding(Outcome.PASSED, say("It follows the data model."))


def verify_plain_credential(document: JsonValue, question: PlainQuestion) -> tuple[Check, ...]:
    """Return the checks that were made of a credential, or of one in an envelope. It is good if none failed.

    An unknown outcome counts as failed here: what could not be checked was not verified. Never fails on what was
    handed in.
    """
    findings = _check_credential(document, question, Documents(question.fetcher))
    return tuple(finding.under(name) for name, finding in findings.items())


def verify_plain_presentation(document: JsonValue, question: PlainQuestion) -> tuple[Check, ...]:
    """Return the checks that were made of a presentation and of all credentials in it. As verify_plain_credential.

    Source: VC Data Model 2.0, section 4.13; VC Data Integrity 1.0, section 2.3 (authentication).
    """
    documents = Documents(question.fetcher)
    shape = check_plain_shape(document, expected_class=model.VERIFIABLE_PRESENTATION, context_of=question.context_of)
    findings = {CheckName.SHAPE: shape}
    if not isinstance(document, dict) or shape.outcome is Outcome.FAILED:
        return tuple(finding.under(name) for name, finding in findings.items())
    proof = _check_proof(document, question, documents, "authentication")
    findings[CheckName.PROOF] = proof.finding
    if proof.is_good:
        findings[CheckName.ISSUER] = check_holder(document, proof)
    findings[CheckName.CONTENTS] = _check_contents(document, question, documents)
    return tuple(finding.under(name) for name, finding in findings.items())


def is_good(checks: tuple[Check, ...]) -> bool:
    """Whether everything that was checked holds."""
    return all(check.outcome in {Outcome.PASSED, Outcome.WARNING} for check in checks)


def _check_credential(document: JsonValue, question: PlainQuestion, documents: Documents) -> dict[CheckName, Finding]:
    jwt: VcJwt | None = None
    if isinstance(document, dict) and ENVELOPED in types_of(document):
        opened = _open_envelope(document)
        if isinstance(opened, Finding):
            return {CheckName.SHAPE: opened}
        jwt, document = opened, opened.document
    findings = {CheckName.SHAPE: check_plain_shape(document, context_of=question.context_of)}
    if not isinstance(document, dict) or findings[CheckName.SHAPE].outcome is Outcome.FAILED:
        return findings
    proof = (
        check_jwt_proof(jwt, documents, question.at)
        if jwt
        else _check_proof(document, question, documents, "assertionMethod")
    )
    findings[CheckName.PROOF] = proof.finding
    findings[CheckName.VALIDITY] = check_validity(document, question.at, needs_start=False)
    if proof.finding.outcome in {Outcome.PASSED, Outcome.WARNING}:
        findings[CheckName.ISSUER] = check_issuer(document, proof, documents)
        if question.with_status:
            findings[CheckName.STATUS] = check_status(document, proof.key, documents, question.at)
    return findings


def _check_proof(document: JsonObject, question: PlainQuestion, documents: Documents, purpose: str) -> ProofResult:
    for name, wanted in (("domain", question.domain), ("challenge", question.challenge)):
        for proof in as_list(document.get("proof")) if wanted else ():
            if not isinstance(proof, dict) or wanted not in as_list(proof.get(name)):
                message = say(
                    "The signature was made for another occasion: its %(name)s is not the one asked for.", name=name
                )
                return ProofResult(_failed(message))
    return check_embedded_proof(document, documents, question.at, context_of=question.context_of, purpose=purpose)


def _check_contents(document: JsonObject, question: PlainQuestion, documents: Documents) -> Finding:
    """Each credential is good by itself, whatever the presentation's own domain and challenge are."""
    values = as_list(document.get("verifiableCredential"))
    if len(values) > MOST_CREDENTIALS:
        return _failed(say("The presentation holds more credentials than we look at."))
    alone = replace(question, domain="", challenge="")
    details = [
        say("Credential %(number)d: %(message)s", number=number, message=finding.message)
        for number, value in enumerate(values, 1)
        for finding in _check_credential(value, alone, documents).values()
        if finding.outcome in {Outcome.FAILED, Outcome.UNKNOWN}
    ]
    if details:
        return _failed(say("A credential in the presentation does not hold."), *details[:MOST_DETAILS])
    return Finding(Outcome.PASSED, say("All credentials in it hold."))


def _open_envelope(document: JsonObject) -> VcJwt | Finding:
    """Return the token in an envelope. What only Open Badges asks of a token (claims that repeat it) is not asked.

    Source: VC Data Model 2.0, section 4.13.1; Securing Verifiable Credentials using JOSE and COSE, 3.1.1.
    """
    problems = tuple(_errors(model.check_shape(document, ENVELOPED)))
    text = open_envelope(document)
    if problems or text is None:
        return _failed(say("The envelope of a credential holds no signed text that we can read."), *problems[:5])
    jwt = read_jwt(text)
    if isinstance(jwt, Finding):
        return jwt
    is_of_jose = as_text(jwt.header.get("typ")) in _JWT_TYPES
    needless = {"iss", "jti", "sub", "nbf", "exp"} - jwt.claims.keys() | ({"typ", "cty"} if is_of_jose else set())
    return replace(jwt, problems=tuple(problem for problem in jwt.problems if problem.name not in needless))


def _errors(problems: list[ShapeProblem]) -> Iterator[Wording]:
    for problem in problems:
        if problem.severity is Severity.ERROR:
            yield say(
                "%(path)s: %(message)s (%(source)s)", path=problem.path, message=problem.message, source=problem.source
            )


def _failed(message: Wording, *details: Wording) -> Finding:
    return Finding(Outcome.FAILED, message, None, details)
