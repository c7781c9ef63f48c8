"""A person's badges as one unsigned Comprehensive Learner Record 2.0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from badges.standards.clr.model import CLR_CONTEXT, CLR_CREDENTIAL
from badges.standards.members import without_empty
from badges.standards.moments import write_moment
from badges.standards.ob3.documents import OB_CONTEXT, VC_CONTEXT, profile_document, subject_members
from badges.standards.plain_text import strip_controls
from badges.standards.shapes import as_list
from badges.vocab.award import Recipient
from badges.vocab.json import JsonObject, JsonValue
from badges.vocab.profile import Profile


@dataclass(frozen=True, slots=True)
class LearnerRecord:
    """A record to be signed. id: a random urn:uuid. credentials: the signed badges, exactly as they are.

    is_partial: whether there are badges of this person that it leaves out.
    """

    id: str
    name: str
    issuer: Profile
    recipient: Recipient
    valid_from: datetime
    credentials: Sequence[JsonObject]
    is_partial: bool = False


_PARTIAL: Final = {"partial": True}


def clr_document(record: LearnerRecord) -> JsonObject:
    """Return the record as a ClrCredential without a proof.

    Raises StandardsError if the moment has no zone or no whole seconds.
    Source: CLR 2.0, "ClrCredential", "ClrSubject".
    """
    document = without_empty(
        {
            "@context": [VC_CONTEXT, CLR_CONTEXT, OB_CONTEXT],
            "id": record.id,
            "type": ["VerifiableCredential", CLR_CREDENTIAL],
            "name": strip_controls(record.name),
            "issuer": profile_document(record.issuer),
            "validFrom": write_moment(record.valid_from),
            "credentialSubject": {
                **subject_members(record.recipient, "ClrSubject"),
                "identifier": _identifiers(record),
                "verifiableCredential": list(record.credentials),
            },
        }
    )
    return {**document, **_PARTIAL} if record.is_partial else document


def _identifiers(record: LearnerRecord) -> list[JsonValue]:
    """Return the hashes that the badges in a record know its person by, after the record's own.

    Each badge has a salt of its own. Only because the record repeats them can a reader see that all are about one
    person. Source: CLR 2.0, "ClrSubject" (identifier).
    """
    subjects = [subject_members(record.recipient, "ClrSubject")]
    subjects += [each["credentialSubject"] for each in record.credentials if "credentialSubject" in each]
    found: list[JsonValue] = []
    for subject in subjects:
        identities = [each for each in as_list(subject.get("identifier", [])) if isinstance(each, dict)]
        found += [each for each in identities if each.get("hashed") is True and each not in found]
    return found
