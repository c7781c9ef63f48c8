"""Rules of verifiable credentials that a table of members cannot express. Each takes an object and its path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from badges.errors import BadgesError
from badges.standards.jsonld.contexts import CREDENTIALS_V1, CREDENTIALS_V2
from badges.standards.moments import read_moment
from badges.standards.shapes import Severity, ShapeProblem, as_list, join_path
from badges.standards.status.bitstring import MINIMUM_LENGTH, decode_bitstring
from badges.standards.status.status_list import MAXIMUM_STATUS_SIZE
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import Wording, say

_CONTEXTS: Final = "VC Data Model 2.0, section 4.3 “Contexts”"
_SUBJECT: Final = "VC Data Model 2.0, section 4.8 “Credential Subject”"
_PERIOD: Final = "VC Data Model 2.0, section 4.9 “Validity Period”"
_RELATED: Final = "VC Data Model 2.0, section 5.3 “Integrity of Related Resources”"
_STATUS_ENTRY: Final = "Bitstring Status List v1.0, section 2.1 “BitstringStatusListEntry”"
_STATUS_LIST: Final = "Bitstring Status List v1.0, section 2.2 “BitstringStatusListCredential”"
_ENVELOPED: Final = "VC Data Model 2.0, section 4.13.1 “Enveloped Verifiable Credentials”"

_SRI: Final = re.compile(r"sha(?:256|384|512)-[A-Za-z0-9+/]{43,88}={0,2}")
_MULTIBASE: Final = re.compile(r"u[A-Za-z0-9_-]{40,100}|z[1-9A-HJ-NP-Za-km-z]{40,100}")
_ENVELOPE: Final = re.compile(r"data:application/(?:vc|vp)\+[a-z0-9.+-]+(?:;[A-Za-z0-9=._-]+)*,\S+")


def is_data_model_1(document: JsonObject) -> bool:
    """Whether the first context is that of the VC Data Model 1.1."""
    contexts = document.get("@context")
    return isinstance(contexts, list) and bool(contexts) and contexts[0] == CREDENTIALS_V1


def check_contexts(document: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """An ordered list whose first item is the base context; each of the others is an address or an object."""
    if "@context" not in document:
        return
    contexts, path = document["@context"], join_path(path, "@context")
    if not isinstance(contexts, list) or not contexts:
        yield _error(path, say("“@context” must be a list of contexts."), _CONTEXTS)
        return
    if contexts[0] not in (CREDENTIALS_V1, CREDENTIALS_V2):
        message = say("The first context must be that of verifiable credentials.")
        yield _error(join_path(path, 0), message, _CONTEXTS)
    for position, context in enumerate(contexts):
        if not isinstance(context, dict) and not (isinstance(context, str) and ":" in context):
            yield _error(join_path(path, position), say("A context is an address or an object."), _CONTEXTS)


def check_period(document: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """The period must not end before it begins."""
    names = ("issuanceDate", "expirationDate") if is_data_model_1(document) else ("validFrom", "validUntil")
    start, end = (read_moment(document.get(name)) for name in names)
    if start is not None and end is not None and end < start:
        message = say("The credential ends (%(end)s) before it begins (%(start)s).", start=names[0], end=names[1])
        yield _error(join_path(path, names[1]), message, _PERIOD)


def check_subject(subject: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """A subject of which nothing is said makes no credential."""
    if not subject:
        yield _error(path, say("The credential says nothing about its subject."), _SUBJECT)


def check_related(document: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """No resource is named twice."""
    resources = as_list(document.get("relatedResource", []))
    ids = [item["id"] for item in resources if isinstance(item, dict) and isinstance(item.get("id"), str)]
    if len(set(ids)) != len(ids):
        message = say("“relatedResource” names the same thing twice.")
        yield _error(join_path(path, "relatedResource"), message, _RELATED)


def check_digest(resource: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """A resource has a digest that can be compared."""
    if "digestSRI" not in resource and "digestMultibase" not in resource:
        yield _error(path, say("The resource has no digest: “digestSRI” or “digestMultibase”."), _RELATED)
    for name, pattern in (("digestSRI", _SRI), ("digestMultibase", _MULTIBASE)):
        for digest in as_list(resource.get(name, [])):
            if not isinstance(digest, str) or not pattern.fullmatch(digest):
                yield _error(join_path(path, name), say("“%(name)s” is no digest.", name=name), _RELATED)


def check_envelope(enveloped: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """The id of an enveloped credential is the signed credential itself, as a data: URL."""
    identifier = enveloped.get("id")
    if not isinstance(identifier, str) or not _ENVELOPE.fullmatch(identifier):
        message = say("The “id” of an enveloped credential must be a data: URL that holds it.")
        yield _error(join_path(path, "id"), message, _ENVELOPED)


def check_status_entry(entry: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """A place in a list is a whole number written as text, and of several bits each value has its message."""
    index, size = entry.get("statusListIndex"), entry.get("statusSize", 1)
    if isinstance(index, str) and not (index.isascii() and index.isdecimal()):
        yield _error(join_path(path, "statusListIndex"), say("The index is a whole number in base 10."), _STATUS_ENTRY)
    if "id" in entry and entry["id"] == entry.get("statusListCredential"):
        yield _error(join_path(path, "id"), say("The “id” of an entry is not the address of the list."), _STATUS_ENTRY)
    if isinstance(size, bool) or not isinstance(size, int) or not 0 < size <= MAXIMUM_STATUS_SIZE:
        message = say("“statusSize” must be a whole number from 1 to %(most)d.", most=MAXIMUM_STATUS_SIZE)
        yield _error(join_path(path, "statusSize"), message, _STATUS_ENTRY)
    elif size > 1 or "statusMessage" in entry:
        yield from _check_messages(entry.get("statusMessage"), 2**size, join_path(path, "statusMessage"))


def _check_messages(messages: JsonValue, expected: int, path: str) -> Iterator[ShapeProblem]:
    if not isinstance(messages, list) or len(messages) != expected:
        message = say("“statusMessage” must have a message for each of %(count)d values.", count=expected)
        yield _error(path, message, _STATUS_ENTRY)
        return
    for position, item in enumerate(messages):
        is_complete = isinstance(item, dict) and all(isinstance(item.get(name), str) for name in ("status", "message"))
        if not is_complete:
            yield _error(join_path(path, position), say("It needs “status” and “message”."), _STATUS_ENTRY)


def check_encoded_list(subject: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """The list can be unpacked and has enough places that nobody can be told by theirs."""
    text = subject.get("encodedList")
    if not isinstance(text, str):
        return
    path = join_path(path, "encodedList")
    try:
        size = len(decode_bitstring(text)) * 8
    except BadgesError as error:
        yield _error(path, error.message, _STATUS_LIST)
        return
    if size < MINIMUM_LENGTH:
        yield _error(path, say("The status list is shorter than 131,072 places."), _STATUS_LIST)


def _error(path: str, message: Wording, source: str) -> ShapeProblem:
    return ShapeProblem(path, message, Severity.ERROR, source)
