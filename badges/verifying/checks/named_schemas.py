"""Whether a credential keeps the rules of the JSON Schemas that it names itself.

The published schemas of 1EdTech are not fetched: their rules, and more, are in our own tables. A schema of the
issuer's is. That it cannot be seen, or not be applied in full, says nothing about the award, so it is a warning;
a credential that breaks it breaks its issuer's own word.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from badges.standards.json_schema import check_schema
from badges.verifying.documents import Documents, UnseenDocumentError
from badges.verifying.reading import as_list, as_text, member, types_of
from badges.verifying.report import Finding, Outcome, gravest
from badges.vocab.json import JsonObject
from badges.wording import Wording, say

MOST_SCHEMAS: Final = 4
_KINDS: Final = frozenset({"1EdTechJsonSchemaValidator2019", "JsonSchema", "JsonSchemaValidator2018"})
_PUBLISHED: Final = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/",
    "https://purl.imsglobal.org/spec/clr/v2p0/schema/",
)
_ASK_ISSUER: Final = say("The organisation that awarded it can put this right.")


def check_named_schemas(document: JsonObject, documents: Documents) -> Finding | None:
    """Return the finding on the schemas that a credential names; None if there is nothing to say.

    Source: Open Badges 3.0, "CredentialSchema", "JsonSchemaValidator2019"; VC Data Model 2.0, 4.11; the official
    validator's InlineJsonSchemaProbe.
    """
    named = [as_text(member(each, "id")) for each in as_list(document.get("credentialSchema")) if _is_applied(each)]
    own = [url for url in named if not url.startswith(_PUBLISHED)]
    found = [finding for url in own[:MOST_SCHEMAS] for finding in _compare(document, url, documents)]
    if len(own) > MOST_SCHEMAS:
        found.append(_doubted(say("There are more sets of rules than we look at; we looked at the first ones.")))
    return gravest(found) if found else None


def _is_applied(entry: object) -> bool:
    return isinstance(entry, dict) and not types_of(entry).isdisjoint(_KINDS)


def _compare(document: JsonObject, url: str, documents: Documents) -> Iterator[Finding]:
    try:
        schema = documents.read_object(url, from_anywhere=True)
    except UnseenDocumentError as error:
        yield _doubted(error.message)
        return
    answer = check_schema(document, schema)
    if answer.problems:
        message = say("This badge breaks the rules that it names for itself.")
        yield Finding(Outcome.FAILED, message, _ASK_ISSUER, answer.problems)
    elif answer.not_applied:
        words = ", ".join(answer.not_applied)[:200]
        yield _doubted(say("We do not apply these rules of %(url)s: %(words)s.", url=url[:200], words=words))


def _doubted(detail: Wording) -> Finding:
    message = say("This badge names rules of its own that we could not check in full. It is complete without them.")
    return Finding(Outcome.WARNING, message, None, (detail,))
