"""The act and the fact of awarding one badge to one recipient, before it is a document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from badges.vocab.achievement import Achievement
from badges.vocab.profile import Profile
from badges.vocab.result import Result
from badges.vocab.status import StatusPosition


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that the criteria were met. Public: never a place for personal or patient data.

    genre: what kind of thing it is, such as "Podcast". audience: for whom it was made.
    """

    narrative: str = ""
    url: str = ""
    name: str = ""
    genre: str = ""
    audience: str = ""


@dataclass(frozen=True, slots=True)
class HashedEmail:
    """A recipient's e-mail address, hidden: "sha256$" + hex(SHA-256(normalised address + salt))."""

    identity_hash: str
    salt: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who receives it. subject_id: a random urn:uuid. email: None when the person gave none."""

    subject_id: str
    email: HashedEmail | None = None


@dataclass(frozen=True, slots=True)
class Award:
    """One award, complete: everything that goes into the signed documents.

    id: the UUID as text. credential_url, refresh_url, ob2_assertion_url: its addresses.
    ob2_signed_id: the urn:uuid of its signed Open Badges 2.0 form. source: who assessed it on behalf of the issuer, if
    somebody else did. awarded_at: when it was awarded; valid_from: when this version of it begins, later than the award
    for a newer version. All are aware UTC moments in whole seconds.
    """

    id: str
    credential_url: str
    refresh_url: str
    image_url: str
    ob2_assertion_url: str
    ob2_signed_id: str
    issuer: Profile
    achievement: Achievement
    recipient: Recipient
    awarded_at: datetime
    valid_from: datetime
    status: StatusPosition
    valid_until: datetime | None = None
    evidence: tuple[Evidence, ...] = ()
    results: tuple[Result, ...] = ()
    source: Profile | None = None
