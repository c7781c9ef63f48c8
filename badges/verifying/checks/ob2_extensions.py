"""Whether the extensions of an Open Badges 2.0 document fit the schemas that their contexts state.

An extension adds to a badge; that it cannot be looked at says nothing about the award. So that is a warning,
and one that breaks its own schema is a fault of the badge.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from badges.standards.ob2.extensions import (
    bundled_extension,
    check_content,
    check_form,
    context_urls,
    find_extensions,
    own_types,
    schema_urls,
)
from badges.verifying.documents import Documents, UnseenDocumentError
from badges.verifying.report import Finding, Outcome, gravest
from badges.vocab.json import JsonObject
from badges.wording import Wording, say

MOST_EXTENSIONS: Final = 10


def check_extensions(document: JsonObject, documents: Documents) -> Finding | None:
    """Return the finding on the extensions of an assertion, a badge class or a profile; None if all is well.

    Contexts and schemas come from the service itself where it has them, else from their addresses.
    Source: Open Badges 2.0, "Extensions"; the official validator's VALIDATE_EXTENSION_SINGLE.
    """
    extensions = find_extensions(document, MOST_EXTENSIONS + 1)
    found = [finding for path, each in extensions[:MOST_EXTENSIONS] for finding in _check_one(each, path, documents)]
    if len(extensions) > MOST_EXTENSIONS:
        found.append(_doubted(say("There are more additions than we look at; we looked at the first ones.")))
    return gravest(found) if found else None


def _check_one(extension: JsonObject, path: str, documents: Documents) -> Iterator[Finding]:
    problems = tuple(
        say("%(path)s: %(message)s", path=each.path, message=each.message) for each in check_form(extension, path)
    )
    if problems:
        yield _broken(*problems)
        return
    has_schema = False
    for context_url in context_urls(extension):
        try:
            context = _read(context_url, documents)
            for schema_url in schema_urls(context, own_types(extension)):
                has_schema = True
                yield from _compare(extension, path, context, _read(schema_url, documents))
        except UnseenDocumentError as error:
            yield _doubted(error.message)
            return
    if not has_schema:
        yield _doubted(say("%(path)s: its context states no schema for it.", path=path or "/"))


def _compare(extension: JsonObject, path: str, context: JsonObject, schema: JsonObject) -> Iterator[Finding]:
    answer = check_content(extension, schema, context)
    if answer.problems:
        yield _broken(*(say("%(path)s: %(message)s", path=path, message=each) for each in answer.problems))
    elif answer.not_applied:
        words = ", ".join(answer.not_applied)[:200]
        yield _doubted(say("%(path)s: we do not apply these rules of its schema: %(words)s.", path=path, words=words))


def _read(url: str, documents: Documents) -> JsonObject:
    return bundled_extension(url) or documents.read_object(url, from_anywhere=True)


def _broken(*details: Wording) -> Finding:
    message = say("This badge carries an addition that breaks its own rules.")
    return Finding(Outcome.FAILED, message, say("The organisation that awarded it can put this right."), details)


def _doubted(detail: Wording) -> Finding:
    message = say("This badge carries an addition that we could not check. The badge itself does not depend on it.")
    return Finding(Outcome.WARNING, message, None, (detail,))
