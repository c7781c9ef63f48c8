"""Rules of Open Badges 2.0 for assertions and badge classes that a table of members cannot express.

Each takes an object and its path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from badges.standards.moments import read_iso_moment
from badges.standards.shapes import Severity, ShapeProblem, as_list, join_path
from badges.vocab.json import JsonObject
from badges.wording import Wording, say

OB2_CONTEXT: Final = "https://w3id.org/openbadges/v2"
OB2_1_CONTEXT: Final = "https://purl.imsglobal.org/spec/ob/v2p1/ob_v2p1.jsonld"

# The same words behind another address; the last one has words for messages between hosts, and none for badges.
_SAME_CONTEXTS: Final = frozenset({OB2_CONTEXT, "https://openbadgespec.org/v2/context.json"})
_NEAR_CONTEXTS: Final = frozenset({"http://w3id.org/openbadges/v2", OB2_1_CONTEXT})
_HASH: Final = re.compile(r"(?:md5\$[0-9a-f]{32}|sha256\$[0-9a-f]{64})", re.IGNORECASE | re.ASCII)
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
_IDENTITY_TYPES: Final = frozenset({"email", "url", "telephone", "id"})
_WEB: Final = ("https://", "http://")
_PICTURE: Final = re.compile(r"data:(?:image/png|image/svg\+xml)(?:;[^,]*)?,", re.IGNORECASE)


def is_revoked(document: JsonObject) -> bool:
    """Whether an assertion says only that it was withdrawn."""
    return document.get("revoked") is True and "recipient" not in document


def check_context(document: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """The context of Open Badges 2.0, or its content spelled out; embedded objects need none."""
    if "@context" not in document:
        if not path:
            yield problem("/@context", "Context", Severity.ERROR, say("“@context” is missing."))
        return
    contexts = as_list(document["@context"])
    named = {context for context in contexts if isinstance(context, str)}
    path = join_path(path, "@context")
    if named & _SAME_CONTEXTS or any(isinstance(context, dict) for context in contexts):
        return
    if named & _NEAR_CONTEXTS:
        yield problem(path, "Context", Severity.WARNING, say("“@context” should be “%(url)s”.", url=OB2_CONTEXT))
    else:
        yield problem(path, "Context", Severity.ERROR, say("“@context” must contain that of Open Badges 2.0."))


def check_dates(document: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """A badge must not end before it was issued."""
    start, end = read_iso_moment(document.get("issuedOn")), read_iso_moment(document.get("expires"))
    if start is not None and end is not None and end < start:
        path = join_path(path, "expires")
        yield problem(path, "Assertion", Severity.ERROR, say("The badge ends before it was issued."))


def check_hosted_image(document: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """The image of an assertion is an address; only a badge class may carry the bytes in a data URI."""
    image = document.get("image")
    url = image.get("id") if isinstance(image, dict) else image
    if isinstance(url, str) and not url.lower().startswith(_WEB):
        path = join_path(path, "image")
        yield problem(path, "Assertion", Severity.ERROR, say("The image must be a web address (http or https)."))


def check_image(document: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """The image of a badge class or a profile: an address, or a PNG or SVG in a data URI."""
    image = document.get("image")
    url = image.get("id") if isinstance(image, dict) else image
    if isinstance(url, str) and not url.lower().startswith(_WEB) and not _PICTURE.match(url):
        message = say("The image must be a web address, or a PNG or SVG in a data URI.")
        yield problem(join_path(path, "image"), "BadgeClass", Severity.ERROR, message)


def check_identity(identity: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """What is called hashed must be a hash, and the other way round; an e-mail address must look like one."""
    names = {name for name in as_list(identity.get("type")) if isinstance(name, str)}
    if names and not names & _IDENTITY_TYPES:
        message = say("The recipient is named by something else than email, url, telephone or id.")
        yield problem(join_path(path, "type"), "IdentityObject", Severity.WARNING, message)
    text = identity.get("identity")
    if not isinstance(text, str):
        return
    is_hash = _HASH.fullmatch(text) is not None
    path = join_path(path, "identity")
    if identity.get("hashed") is True and not is_hash:
        yield problem(path, "IdentityHash", Severity.ERROR, say("This is said to be hashed, but it is no hash."))
    elif identity.get("hashed") is False and is_hash:
        message = say("This is said not to be hashed, but it is a hash.")
        yield problem(path, "IdentityHash", Severity.ERROR, message)
    elif not is_hash and "email" in names and not _EMAIL.fullmatch(text.strip()):
        yield problem(path, "IdentityObject", Severity.ERROR, say("This is said to be an e-mail address, but is none."))


def check_signed(verification: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """A signed badge names its key."""
    names = as_list(verification.get("type"))
    if ("SignedBadge" in names or "signed" in names) and "creator" not in verification:
        path = join_path(path, "creator")
        yield problem(path, "VerificationObject", Severity.WARNING, say("A signed badge should name its key."))


def check_criteria(criteria: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """What must be done is told, or there is an address that tells it."""
    address = criteria.get("id")
    has_address = isinstance(address, str) and not address.startswith("_:")
    if not has_address and not criteria.get("narrative"):
        message = say("The criteria need an address or a narrative.")
        yield problem(path, "Criteria", Severity.ERROR, message)


def problem(path: str, section: str, severity: Severity, message: Wording) -> ShapeProblem:
    """A problem under a section of Open Badges 2.0."""
    return ShapeProblem(path, message, severity, f"Open Badges 2.0, “{section}”")
