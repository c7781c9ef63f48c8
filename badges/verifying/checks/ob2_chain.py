"""The documents that an Open Badges 2.0 assertion leads to: the badge class, and the issuer's profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from badges.verifying.documents import Documents, UnseenDocumentError
from badges.verifying.reading import id_of
from badges.vocab.json import JsonObject, JsonValue
from badges.wording import Wording, say

_WEB: Final = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class Link:
    """One linked document.

    id: its address, as the document before it gives it. document: what it says. problem: why it could not be
    seen at its own address. is_embedded: the document stood inside the one before it.
    """

    id: str
    document: JsonObject | None = None
    problem: Wording | None = None
    is_embedded: bool = False

    @property
    def goes_by_another_id(self) -> bool:
        """Whether the document calls itself something else than the address where it was found."""
        return self.document is not None and not self.is_embedded and id_of(self.document) != self.id


@dataclass(frozen=True, slots=True)
class Chain:
    """What the assertion stands on."""

    badge_class: Link
    issuer: Link


def follow_chain(assertion: JsonObject, documents: Documents) -> Chain:
    """Read the badge class and the issuer of an assertion.

    An embedded badge class is taken as it is: whoever vouches for the assertion vouches for what is in it.
    The issuer is different. Its profile says which addresses and keys may speak for it, so it counts only as
    its own address tells it; an embedded copy of another organisation's profile proves nothing.

    Source: Open Badges 2.0, "BadgeClass", "Profile", "HostedBadge Verification".
    """
    badge_class = _follow_class(assertion.get("badge"), documents)
    issuer = badge_class.document.get("issuer") if badge_class.document else None
    if issuer is None:
        return Chain(badge_class, Link("", None, say("Without its badge class nobody is named as its issuer.")))
    return Chain(badge_class, _follow_issuer(issuer, documents))


def _follow_class(value: JsonValue, documents: Documents) -> Link:
    if isinstance(value, dict):
        return Link(id_of(value), value, is_embedded=True)
    return follow_link(id_of(value), documents)


def _follow_issuer(value: JsonValue, documents: Documents) -> Link:
    link = follow_link(id_of(value), documents)
    if link.document is None and isinstance(value, dict):
        return Link(link.id, value, link.problem, is_embedded=True)
    return link


def follow_link(url: str, documents: Documents) -> Link:
    """Return the JSON object at an address, or why it could not be seen."""
    if not url.startswith(_WEB):
        return Link(url, None, say("%(url)s is no web address.", url=url[:200]))
    try:
        return Link(url, documents.read_object(url))
    except UnseenDocumentError as error:
        return Link(url, None, error.message)
