"""Which of the older versions of Open Badges a document follows. None of them names its version reliably."""

from __future__ import annotations

from typing import Final

from badges.vocab.json import JsonObject, JsonValue
from badges.vocab.view import BadgeVersion

OB1_CONTEXTS: Final = ("https://w3id.org/openbadges/v1", "https://openbadgespec.org/v1")


def version_of(document: JsonObject) -> BadgeVersion:
    """Return the version of an Open Badges document before 3.0: an assertion, a badge class, an issuer.

    A context tells 1.1 from 2.0. Documents without context and type are 1.0; an assertion among them whose
    recipient is plain text is 0.5, unless it says how it is verified, which came with 1.0.

    Source: Open Badges 0.5, 1.0 and 1.1, "Assertion"; the official validator's INTAKE_JSON.
    """
    if is_context_1_1(document.get("@context")):
        return BadgeVersion.OB1_1
    if "@context" in document or "type" in document or "@type" in document:
        return BadgeVersion.OB2
    if isinstance(document.get("recipient"), str) and "verify" not in document:
        return BadgeVersion.OB0_5
    return BadgeVersion.OB1_0


def is_old_assertion(document: JsonObject) -> bool:
    """Whether this is an assertion of 0.5 or 1.0, which have no type that says so."""
    is_untyped = version_of(document) in {BadgeVersion.OB0_5, BadgeVersion.OB1_0}
    return is_untyped and "badge" in document and not document.keys().isdisjoint({"recipient", "verify"})


def is_context_1_1(context: JsonValue) -> bool:
    """Whether a context is, or begins with, that of Open Badges 1.1."""
    first = context[0] if isinstance(context, list) and context else context
    return isinstance(first, str) and first.startswith(OB1_CONTEXTS)
