"""Open Badges 3.0 documents out of values: unsigned, in the shape that every variant of the schema accepts.

Sets are arrays even with one member; what is empty is left out; nothing is ever null. The terms
`awardedDate`, `inLanguage`, `endorsementJwt` and `jti` are never written: contexts that circulate under one
URL disagree on them, and so would signatures. No document names a person.
"""

from __future__ import annotations

from typing import Final

from badges.standards.members import without_empty
from badges.standards.moments import write_moment
from badges.standards.ob3.results import result_description_document, result_document
from badges.standards.plain_text import strip_controls
from badges.standards.status.status_list import status_entry
from badges.vocab.achievement import Achievement, Alignment, Related
from badges.vocab.award import Award, Evidence, HashedEmail, Recipient
from badges.vocab.identifier import Identifier
from badges.vocab.image import Image
from badges.vocab.json import JsonObject
from badges.vocab.profile import Profile

VC_CONTEXT: Final = "https://www.w3.org/ns/credentials/v2"
OB_CONTEXT: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSIONS_CONTEXT: Final = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
CREDENTIAL_SCHEMA: Final = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)
SCHEMA_TYPE: Final = "1EdTechJsonSchemaValidator2019"
OB2_VERSION: Final = "Open Badges v2p0"


def profile_document(profile: Profile) -> JsonObject:
    """Return the organisation as a Profile, tied to its Open Badges 2.0 issuer document.

    Source: Open Badges 3.0, "Profile"; Implementation Guide, "How to support both OB 2.0 and OB 3.0 as an
    Issuer".
    """
    return without_empty(
        {
            "id": profile.did,
            "type": ["Profile"],
            "name": strip_controls(profile.name),
            "url": strip_controls(profile.url),
            "description": strip_controls(profile.description),
            "image": _image_document(profile.image),
            "email": strip_controls(profile.email),
            "otherIdentifier": _identifier_entries(profile.ob2_url, profile.other_identifiers),
            "parentOrg": profile_document(profile.parent) if profile.parent else {},
        }
    )


def achievement_document(achievement: Achievement) -> JsonObject:
    """Return one version of an achievement, related to its Open Badges 2.0 badge class.

    Source: Open Badges 3.0, "Achievement", "Criteria", "Related".
    """
    return without_empty(
        {
            "id": achievement.id,
            "type": ["Achievement"],
            "name": strip_controls(achievement.name),
            "description": strip_controls(achievement.description),
            "criteria": without_empty({"id": achievement.id, "narrative": strip_controls(achievement.criteria)}),
            "achievementType": achievement.achievement_type.value,
            "image": _image_document(achievement.image),
            "version": strip_controls(achievement.version),
            "tag": [strip_controls(tag) for tag in achievement.tags],
            "alignment": [_alignment_document(alignment) for alignment in achievement.alignments],
            "related": _related_documents(achievement),
            "otherIdentifier": _identifier_entries("", achievement.other_identifiers),
            "creator": profile_document(achievement.creator) if achievement.creator else {},
            "resultDescription": [result_description_document(each) for each in achievement.result_descriptions],
        }
    )


def credential_document(award: Award) -> JsonObject:
    """Return the award as an OpenBadgeCredential without a proof.

    Raises StandardsError if a moment has no zone or no whole seconds, InvalidInputError if a text is damaged.
    Source: Open Badges 3.0, "AchievementCredential"; VC Data Model 2.0, sections 4.1 to 4.13.
    """
    achievement = award.achievement
    return without_empty(
        {
            "@context": [VC_CONTEXT, OB_CONTEXT, EXTENSIONS_CONTEXT],
            "id": award.credential_url,
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": strip_controls(achievement.name),
            "description": strip_controls(achievement.description),
            "image": _image_document(Image(award.image_url, achievement.image.caption)),
            "issuer": profile_document(award.issuer),
            "validFrom": write_moment(award.valid_from),
            "validUntil": write_moment(award.valid_until) if award.valid_until else "",
            "credentialSubject": {
                **subject_members(award.recipient, "AchievementSubject"),
                "achievement": achievement_document(achievement),
                **_reached(award),
            },
            "evidence": _evidence_documents(award.evidence),
            "credentialSchema": [{"id": CREDENTIAL_SCHEMA, "type": SCHEMA_TYPE}],
            "credentialStatus": status_entry(award.status),
            "refreshService": _refresh_document(award.refresh_url),
        }
    )


def _reached(award: Award) -> JsonObject:
    """Source: Open Badges 3.0, "AchievementSubject" (result, source)."""
    return without_empty(
        {
            "result": [result_document(result) for result in award.results],
            "source": profile_document(award.source) if award.source else {},
        }
    )


def subject_members(recipient: Recipient, subject_type: str) -> JsonObject:
    """Return the members that say who the subject is: a random id, and the hash of an address if there is one."""
    members: JsonObject = {"id": recipient.subject_id, "type": [subject_type]}
    if recipient.email is not None:
        members["identifier"] = [_identity_document(recipient.email)]
    return members


def _identity_document(email: HashedEmail) -> JsonObject:
    """Source: Open Badges 3.0, "IdentityObject"."""
    return without_empty(
        {
            "type": "IdentityObject",
            "hashed": True,
            "identityHash": email.identity_hash,
            "identityType": "emailAddress",
            "salt": email.salt,
        }
    )


def _identifier_entries(ob2_url: str, others: tuple[Identifier, ...]) -> list[JsonObject]:
    """Source: Open Badges 3.0, "IdentifierEntry"."""
    entries = [*([Identifier(ob2_url)] if ob2_url else []), *others]
    return [
        {
            "type": "IdentifierEntry",
            "identifier": strip_controls(entry.identifier),
            "identifierType": entry.identifier_type,
        }
        for entry in entries
    ]


def _related_documents(achievement: Achievement) -> list[JsonObject]:
    """First the same thing in Open Badges 2.0, then others."""
    same = [Related(achievement.ob2_url, OB2_VERSION)] if achievement.ob2_url else []
    return [
        without_empty({"id": each.id, "type": ["Related"], "version": strip_controls(each.version)})
        for each in (*same, *achievement.related)
    ]


def _alignment_document(alignment: Alignment) -> JsonObject:
    return without_empty(
        {
            "type": ["Alignment"],
            "targetName": strip_controls(alignment.target_name),
            "targetUrl": strip_controls(alignment.target_url),
            "targetFramework": strip_controls(alignment.target_framework),
            "targetCode": strip_controls(alignment.target_code),
            "targetDescription": strip_controls(alignment.target_description),
        }
    )


def _evidence_documents(evidence: tuple[Evidence, ...]) -> list[JsonObject]:
    """What says nothing is no evidence."""
    documents = [_evidence_document(item) for item in evidence]
    return [item for item in documents if "id" in item or item.get("narrative", "").strip()]


def _evidence_document(evidence: Evidence) -> JsonObject:
    return without_empty(
        {
            "id": strip_controls(evidence.url),
            "type": ["Evidence"],
            "name": strip_controls(evidence.name),
            "narrative": strip_controls(evidence.narrative),
            "genre": strip_controls(evidence.genre),
            "audience": strip_controls(evidence.audience),
        }
    )


def _image_document(image: Image | None) -> JsonObject:
    if image is None or not image.url:
        return {}
    return without_empty({"id": image.url, "type": "Image", "caption": strip_controls(image.caption)})


def _refresh_document(refresh_url: str) -> JsonObject:
    return {"id": refresh_url, "type": "1EdTechCredentialRefresh"} if refresh_url else {}
