"""Whether a badge has the shape that its standard asks for, and every word in it a meaning."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from badges.errors import BadgesError, RefusedError
from badges.standards.clr import model as clr_model
from badges.standards.jsonld.canonical import check_meaning
from badges.standards.jsonld.contexts import UnknownContextError
from badges.standards.jsonld.expansion import UndefinedTermError, expand_safely
from badges.standards.ob1 import model as ob1_model
from badges.standards.ob1.upgrade import Upgraded
from badges.standards.ob2 import model as ob2_model
from badges.standards.ob2.extensions import core_of
from badges.standards.ob2.types import check_types
from badges.standards.ob3 import model as ob3_model
from badges.standards.shapes import Severity, ShapeProblem
from badges.standards.vc import model as vc_model
from badges.verifying.checks.ob2_chain import Chain
from badges.verifying.checks.plain_form import check_plain_form
from badges.verifying.kinds import name_kind
from badges.verifying.report import CredentialKind, Finding, Outcome, gravest
from badges.vocab.json import JsonObject
from badges.vocab.view import BadgeVersion
from badges.wording import Wording, say

MOST_DETAILS: Final = 20
_MEND_BY_ISSUER: Final = say("The organisation that awarded it can put this right.")


_MODELS: Final[dict[CredentialKind, Callable[[JsonObject], list[ShapeProblem]]]] = {
    CredentialKind.BADGE: ob3_model.check_shape,
    CredentialKind.ENDORSEMENT: partial(ob3_model.check_shape, expected_class=ob3_model.ENDORSEMENT_CREDENTIAL),
    CredentialKind.CLR: clr_model.check_shape,
    CredentialKind.STATUS_LIST: partial(vc_model.check_shape, expected_class=vc_model.STATUS_LIST_CREDENTIAL),
    CredentialKind.PRESENTATION: partial(vc_model.check_shape, expected_class=vc_model.VERIFIABLE_PRESENTATION),
    CredentialKind.OTHER: vc_model.check_shape,
}


def check_shape(document: JsonObject, *, is_graph_signed: bool, kind: CredentialKind = CredentialKind.BADGE) -> Finding:
    """Check a credential: its members, and that each has a defined meaning (safe mode). Says what it is, if no badge.

    is_graph_signed: whether its proof signs the graph (embedded) and not the text (JWT). The proofs themselves
    are left to the check of the proof: those of kinds that we do not know have a shape that we do not know.

    Source: Open Badges 3.0, "OpenBadgeCredential Verification", step 1; the validator's probes 2 to 9; CLR 2.0,
    "Data Models"; VC Data Model 2.0, section 4.
    """
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    findings = [_judge_problems(_MODELS[kind](unsecured)), _check_terms(unsecured)]
    plain = check_plain_form(document) if is_graph_signed else None
    return name_kind(gravest([*findings, plain] if plain else findings), document, kind)


def check_shape_ob2(subject: Upgraded, chain: Chain, class_name: str = "Assertion") -> Finding:
    """Check an assertion or endorsement before 3.0, and its badge class and issuer as far as they were seen.

    Each is judged by the version that it was written in. class_name: "Assertion" or "Endorsement".

    Source: Open Badges 2.0, "Open Badges Vocabulary"; the official validators' checks (e.2, e.3).
    """
    problems = _find_problems(subject.document, class_name, subject.version)
    findings = [_check_json_ld(subject.document)]
    for link, expected_class in ((chain.badge_class, "BadgeClass"), (chain.issuer, "Profile")):
        if link.document is not None and not link.is_embedded:
            problems += _find_problems(link.document, expected_class, link.version)
            findings.append(_check_json_ld(link.document))
    return gravest([_judge_problems(problems), *findings, *_check_class_id(chain)])


def _find_problems(document: JsonObject, expected_class: str, version: BadgeVersion) -> list[ShapeProblem]:
    if version is BadgeVersion.OB2:
        return list(ob2_model.check_shape(document, expected_class))
    return ob1_model.check_shape(document, expected_class, version)


def check_described(document: JsonObject, class_name: str, version: BadgeVersion) -> Finding:
    """Check a document of before 3.0 that stands by itself, in the form of 2.0. class_name: "" for no known class.

    Source: as for check_shape_ob2.
    """
    problems = _find_problems(document, class_name, version) if class_name else check_types(document)
    return gravest([_judge_problems(problems), _check_json_ld(document)])


def check_described_ob3(document: JsonObject, class_name: str) -> Finding:
    """Check an Achievement or a Profile of 3.0 that stands by itself. Source: as for check_shape."""
    return _judge_problems(ob3_model.check_shape(document, class_name))


def _check_class_id(chain: Chain) -> list[Finding]:
    if not chain.badge_class.goes_by_another_id:
        return []
    message = say("The description of this badge goes by another address than the one where it was found.")
    detail = say("Found at: %(url)s", url=chain.badge_class.id)
    return [Finding(Outcome.WARNING, message, _MEND_BY_ISSUER, (detail,))]


def _check_json_ld(document: JsonObject) -> Finding:
    """Whether a document of 2.0 is JSON-LD. A word that nothing explains is no fault here: no signature is over the
    graph. Extensions have contexts of their own and a check of their own.

    Source: Open Badges 2.0, "Open Badges Vocabulary" (JSON-LD); the official validator's JSONLD_COMPACT_DATA.
    """
    try:
        expand_safely(core_of(document))
    except UndefinedTermError:
        return Finding(Outcome.PASSED, _COMPLETE)
    except UnknownContextError as error:
        message = say("This badge uses a vocabulary that we do not have: %(url)s", url=error.url[:300])
        return Finding(Outcome.WARNING, message, None, (error.message,))
    except BadgesError as error:
        message = say("This badge breaks the rules of its form.")
        return Finding(Outcome.FAILED, message, _MEND_BY_ISSUER, (error.message,))
    return Finding(Outcome.PASSED, _COMPLETE)


def _check_terms(unsecured: JsonObject) -> Finding:
    try:
        check_meaning(unsecured)
    except UnknownContextError as error:
        message = say("This badge uses a vocabulary that we do not have: %(url)s", url=error.url[:300])
        mend = say("The organisation that awarded it can use the published vocabularies only.")
        return Finding(Outcome.UNKNOWN, message, mend, (error.message,))
    except UndefinedTermError as error:
        message = say("This badge holds a word that no vocabulary explains, so nobody can vouch for it.")
        return Finding(Outcome.FAILED, message, _MEND_BY_ISSUER, (error.message,))
    except RefusedError as error:
        message = say("This badge is larger or more tangled than any honest badge, so we did not read on.")
        return Finding(Outcome.FAILED, message, _MEND_BY_ISSUER, (error.message,))
    except BadgesError as error:
        message = say("This badge breaks the rules of its form.")
        return Finding(Outcome.FAILED, message, _MEND_BY_ISSUER, (error.message,))
    return Finding(Outcome.PASSED, _COMPLETE)


_COMPLETE: Final = say("It is complete and well formed.")


def _judge_problems(problems: list[ShapeProblem]) -> Finding:
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    warnings = [problem for problem in problems if problem.severity is Severity.WARNING]
    if errors:
        message = say("Something that every badge must have is missing from this one, or is not as it must be.")
        return Finding(Outcome.FAILED, message, _MEND_BY_ISSUER, _details(errors))
    if warnings:
        message = say("The badge is complete, but not written quite as its standard asks.")
        return Finding(Outcome.WARNING, message, _MEND_BY_ISSUER, _details(warnings))
    return Finding(Outcome.PASSED, _COMPLETE)


def _details(problems: list[ShapeProblem]) -> tuple[Wording, ...]:
    return tuple(
        say("%(path)s: %(message)s (%(source)s)", path=each.path, message=each.message, source=each.source)
        for each in problems[:MOST_DETAILS]
    )
