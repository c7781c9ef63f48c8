"""Rules of Open Badges 2.0 that a table of members cannot express. Each takes an object and its path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from badges.standards.moments import read_iso_moment
from badges.standards.shapes import Severity, ShapeProblem, as_list, join_path
from badges.vocab.json import JsonObject
from badges.wording import Wording, say

OB2_CONTEXT: Final = "https://w3id.org/openbadges/v2"

_HASH: Final = re.compile(r"(?:md5\$[0-9a-f]{32}|sha256\$[0-9a-f]{64})", re.IGNORECASE | re.ASCII)


def is_revoked(document: JsonObject) -> bool:
    """Whether an assertion says only that it was withdrawn."""
    return document.get("revoked") is True and "recipient" not in document


def check_context(document: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """The context of Open Badges 2.0, or its content spelled out; embedded objects need none."""
    if "@context" not in document:
        if not path:
            yield _problem("/@context", "Context", Severity.ERROR, say("“@context” is missing."))
        return
    contexts = as_list(document["@context"])
    is_ours = any(context == OB2_CONTEXT or isinstance(context, dict) for context in contexts)
    if not is_ours:
        path = join_path(path, "@context")
        yield _problem(path, "Context", Severity.ERROR, say("“@context” must contain that of Open Badges 2.0."))


def check_dates(document: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """A badge must not end before it was issued."""
    start, end = read_iso_moment(document.get("issuedOn")), read_iso_moment(document.get("expires"))
    if start is not None and end is not None and end < start:
        path = join_path(path, "expires")
        yield _problem(path, "Assertion", Severity.ERROR, say("The badge ends before it was issued."))


def check_hosted_image(document: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """The image of an assertion is an address; only a badge class may carry the bytes in a data URI."""
    image = document.get("image")
    url = image.get("id") if isinstance(image, dict) else image
    if isinstance(url, str) and not url.lower().startswith(("https://", "http://")):
        path = join_path(path, "image")
        yield _problem(path, "Assertion", Severity.ERROR, say("The image must be a web address (http or https)."))


def check_identity(identity: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """What is called hashed must be a hash, and the other way round."""
    text = identity.get("identity")
    if not isinstance(text, str):
        return
    is_hash = _HASH.fullmatch(text) is not None
    path = join_path(path, "identity")
    if identity.get("hashed") is True and not is_hash:
        yield _problem(path, "IdentityObject", Severity.ERROR, say("This is said to be hashed, but it is no hash."))
    elif identity.get("hashed") is False and is_hash:
        yield _problem(
            path,
            "IdentityObject",
            Severity.WARNING,
            say("This is said not to be hashed, but looks like a hash."),
        )


def check_signed(verification: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """A signed badge names its key."""
    names = as_list(verification.get("type"))
    if ("SignedBadge" in names or "signed" in names) and "creator" not in verification:
        path = join_path(path, "creator")
        yield _problem(path, "VerificationObject", Severity.WARNING, say("A signed badge should name its key."))


def _problem(path: str, section: str, severity: Severity, message: Wording) -> ShapeProblem:
    return ShapeProblem(path, message, severity, f"Open Badges 2.0, “{section}”")
