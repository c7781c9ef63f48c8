"""Rules of Open Badges 3.0 that a table of members cannot express. Each takes an object and its path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from badges.standards.moments import read_moment
from badges.standards.shapes import Severity, ShapeProblem, join_path
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import Wording, say

VC_CONTEXT_1: Final = "https://www.w3.org/2018/credentials/v1"
VC_CONTEXT_2: Final = "https://www.w3.org/ns/credentials/v2"
NEWEST_OB_CONTEXT: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"

_OB_CONTEXT: Final = re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.\d\.\d)*\.json", re.ASCII)
_CONTEXT_SOURCE: Final = "Open Badges 3.0, “JSON-LD Context File”"


def is_data_model_1(document: JsonObject) -> bool:
    """Whether the first context is that of the VC Data Model 1.1, the older form of Open Badges 3.0."""
    contexts = document.get("@context")
    return isinstance(contexts, list) and bool(contexts) and contexts[0] == VC_CONTEXT_1


def check_contexts(document: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """First the context of verifiable credentials, then that of Open Badges. Another version is a warning."""
    if "@context" not in document:
        return
    contexts, path = document["@context"], join_path(path, "@context")
    if not isinstance(contexts, list):
        yield _context_error(path, say("“@context” must be a list of contexts."))
        return
    yield from _check_first_context(contexts, path)
    yield from _check_second_context(contexts, path)
    for position, context in enumerate(contexts):
        if not isinstance(context, str | dict):
            yield _context_error(join_path(path, position), say("A context is an address or an object."))


def check_dates(document: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """The period must not end before it begins."""
    names = ("issuanceDate", "expirationDate") if is_data_model_1(document) else ("validFrom", "validUntil")
    start, end = (read_moment(document.get(name)) for name in names)
    if start is not None and end is not None and end < start:
        message = say("The badge ends (%(end)s) before it begins (%(start)s).", start=names[0], end=names[1])
        source = "VC Data Model 2.0, section 4.9 “Validity Period”"
        yield ShapeProblem(join_path(path, names[1]), message, Severity.ERROR, source)


def check_names_of_version(document: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """The names of version 1.1 mean nothing in version 2.0."""
    for old, new in (("issuanceDate", "validFrom"), ("expirationDate", "validUntil")):
        if old in document:
            message = say("“%(old)s” is the older name of “%(new)s” and means nothing here.", old=old, new=new)
            source = "VC Data Model 2.0, section 4.9 “Validity Period”"
            yield ShapeProblem(join_path(path, old), message, Severity.WARNING, source)


def check_subject(subject: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """It must be possible to tell who the subject is."""
    if not (subject.get("id") or subject.get("identifier")):
        message = say("The badge does not say whose it is: the subject needs “id” or “identifier”.")
        source = "Open Badges 3.0, “AchievementSubject”, “Check that the credentialSubject is identified”"
        yield ShapeProblem(path, message, Severity.ERROR, source)


def check_criteria(criteria: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """Criteria say something, or say where it is said."""
    if not (criteria.get("id") or criteria.get("narrative")):
        message = say("The criteria are empty: they need “narrative” or “id”.")
        yield ShapeProblem(path, message, Severity.ERROR, "Open Badges 3.0, “Criteria”")


def _check_first_context(contexts: list[JsonValue], path: str) -> Iterator[ShapeProblem]:
    first = contexts[0] if contexts else None
    if first == VC_CONTEXT_1:
        message = say("The badge follows the older version 1.1 of verifiable credentials.")
        yield ShapeProblem(join_path(path, 0), message, Severity.WARNING, _CONTEXT_SOURCE)
    elif first != VC_CONTEXT_2:
        yield _context_error(join_path(path, 0), say("The first context must be that of verifiable credentials."))


def _check_second_context(contexts: list[JsonValue], path: str) -> Iterator[ShapeProblem]:
    second = contexts[1] if len(contexts) > 1 else None
    if not (isinstance(second, str) and _OB_CONTEXT.fullmatch(second)):
        yield _context_error(join_path(path, 1), say("The second context must be that of Open Badges 3.0."))
    elif second != NEWEST_OB_CONTEXT and contexts[0] == VC_CONTEXT_2:
        message = say("The badge follows an older context of Open Badges 3.0.")
        yield ShapeProblem(join_path(path, 1), message, Severity.WARNING, _CONTEXT_SOURCE)


def _context_error(path: str, message: Wording) -> ShapeProblem:
    return ShapeProblem(path, message, Severity.ERROR, _CONTEXT_SOURCE)
