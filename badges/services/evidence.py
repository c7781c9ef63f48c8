"""What an awarder says and links to as evidence: cleaned, bounded, and kept with the award."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Final
from urllib.parse import urlsplit

from badges.errors import InvalidInputError
from badges.standards.plain_text import strip_controls
from badges.vocab.award import Evidence
from badges.vocab.json import JsonObject

NARRATIVE_MAX: Final = 2000
SHORT_TEXT_MAX: Final = 200
URL_MAX: Final = 1000
EVIDENCE_MAX: Final = 20
_SHORT_TEXTS: Final = ("name", "genre", "audience")


def checked_evidence(items: Iterable[Evidence]) -> list[JsonObject]:
    """Return the pieces as the award's record keeps them; those that say nothing are left out.

    Raises InvalidInputError with the field: narrative, evidence_url, evidence.
    """
    kept = [checked for checked in map(_checked, items) if any(checked.values())]
    if len(kept) > EVIDENCE_MAX:
        raise InvalidInputError(
            "There are %(count)s pieces of evidence; at most %(most)s fit.",
            field="evidence",
            count=len(kept),
            most=EVIDENCE_MAX,
        )
    return kept


def _checked(evidence: Evidence) -> JsonObject:
    narrative = strip_controls(evidence.narrative).strip()
    if len(narrative) > NARRATIVE_MAX:
        raise InvalidInputError(
            "The note has %(length)s characters; at most %(most)s fit.",
            field="narrative",
            length=len(narrative),
            most=NARRATIVE_MAX,
        )
    texts = {name: " ".join(strip_controls(asdict(evidence)[name]).split()) for name in _SHORT_TEXTS}
    for text in texts.values():
        if len(text) > SHORT_TEXT_MAX:
            raise InvalidInputError(
                'The text "%(text)s…" of the evidence is too long; at most %(most)s characters fit.',
                field="evidence",
                text=text[:40],
                most=SHORT_TEXT_MAX,
            )
    if not narrative and not evidence.url.strip() and any(texts.values()):
        raise InvalidInputError("A piece of evidence needs a note or a link.", field="evidence")
    url = checked_url(evidence.url.strip(), field="evidence_url")
    return {"narrative": narrative, "url": url, **{name: text for name, text in texts.items() if text}}


def checked_url(url: str, *, field: str) -> str:
    """Return a web address that fits into a document, or "". Raises InvalidInputError."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        good = False
    if not good or len(url) > URL_MAX or not url.isprintable() or any(sign in url for sign in ' <>"{}|\\^`'):
        raise InvalidInputError(
            'The link "%(url)s" does not look right. It starts with https:// and has no spaces.',
            field=field,
            url=url[:200],
        )
    return url
