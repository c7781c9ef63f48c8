"""The documents that an assertion before 3.0 leads to: the badge class, and the issuer's profile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from badges.standards.ob1.upgrade import Upgraded, upgrade_badge_class, upgrade_issuer
from badges.verifying.documents import Documents, UnseenDocumentError
from badges.verifying.reading import id_of
from badges.vocab.json import JsonObject, JsonValue
from badges.vocab.view import BadgeVersion
from badges.wording import Wording, say

_WEB: Final = ("https://", "http://")
# Their issuers, where embedded, are known by an origin only.
_WITHOUT_PROFILES: Final = frozenset({BadgeVersion.OB0_5, BadgeVersion.OB1_0})
# What only an issuer's own document may say.
_RIGHTS: Final = frozenset({"verification", "verify", "publicKey"})
Upgrade: TypeAlias = Callable[[JsonObject, str], Upgraded]


@dataclass(frozen=True, slots=True)
class Link:
    """One linked document.

    id: its address, as the document before it gives it. document: what it says, in the form of 2.0. problem: why
    it could not be seen at its own address. is_embedded: the document stood inside the one before it.
    version: the one that it was written in.
    """

    id: str
    document: JsonObject | None = None
    problem: Wording | None = None
    is_embedded: bool = False
    version: BadgeVersion = BadgeVersion.OB2

    @property
    def goes_by_another_id(self) -> bool:
        """Whether the document calls itself something else than the address where it was found."""
        return self.document is not None and not self.is_embedded and id_of(self.document) != self.id


@dataclass(frozen=True, slots=True)
class Chain:
    """What the assertion stands on."""

    badge_class: Link
    issuer: Link


def follow_chain(assertion: JsonObject, documents: Documents, version: BadgeVersion = BadgeVersion.OB2) -> Chain:
    """Read the badge class and the issuer of an assertion in the form of 2.0. version: what it was written in.

    An embedded badge class is taken as it is: whoever vouches for the assertion vouches for what is in it.
    The issuer is different. Its profile says which addresses and keys may speak for it, so it counts only as
    its own address tells it; an embedded copy of another organisation's profile proves nothing. Before 1.1 an
    embedded issuer has no document of its own: then it is no more than its origin, and its copy says that.

    Source: Open Badges 2.0, "BadgeClass", "Profile", "HostedBadge Verification"; Open Badges 0.5, "issuer.origin".
    """
    badge_class = _follow_class(assertion.get("badge"), documents, version)
    issuer = badge_class.document.get("issuer") if badge_class.document else None
    if issuer is None:
        return Chain(badge_class, Link("", None, say("Without its badge class nobody is named as its issuer.")))
    return Chain(badge_class, _follow_issuer(issuer, documents, badge_class.version))


def follow_endorser(endorsement: JsonObject, documents: Documents) -> Chain:
    """Read the issuer of an endorsement, which stands in it directly. Source: Open Badges 2.0, "Endorsement"."""
    return Chain(Link(""), _follow_issuer(endorsement.get("issuer"), documents, BadgeVersion.OB2))


def _follow_class(value: JsonValue, documents: Documents, version: BadgeVersion) -> Link:
    if isinstance(value, dict):
        return Link(id_of(value), value, is_embedded=True, version=version)
    return follow_link(id_of(value), documents, upgrade_badge_class)


def _follow_issuer(value: JsonValue, documents: Documents, version: BadgeVersion) -> Link:
    if isinstance(value, dict) and version in _WITHOUT_PROFILES:
        claims = {name: member for name, member in value.items() if name not in _RIGHTS}
        return Link(id_of(value), claims, is_embedded=True, version=version)
    link = follow_link(id_of(value), documents, upgrade_issuer)
    if link.document is None and isinstance(value, dict):
        return Link(link.id, value, link.problem, is_embedded=True, version=version)
    return link


def follow_link(url: str, documents: Documents, upgrade: Upgrade | None = None) -> Link:
    """Return the JSON object at an address, or why it could not be seen. upgrade: makes it one of 2.0."""
    if not url.startswith(_WEB):
        return Link(url, None, say("%(url)s is no web address.", url=url[:200]))
    try:
        document = documents.read_object(url)
    except UnseenDocumentError as error:
        return Link(url, None, error.message)
    upgraded = upgrade(document, url) if upgrade else Upgraded(document, BadgeVersion.OB2)
    return Link(url, upgraded.document, version=upgraded.version)
