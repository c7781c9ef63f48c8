"""Reads any Open Badges 3.0 credential for display.

Tolerant and bounded: odd members are left out, nothing raises.
"""

from __future__ import annotations

from badges.standards.moments import read_moment
from badges.standards.reading import (
    read_address,
    read_alignment,
    read_evidence,
    read_image,
    read_issuer,
    read_items,
    read_name,
    read_object,
    read_objects,
    read_salt,
    read_text,
    read_web_address,
)
from badges.vocab.json import JsonObject, JsonValue
from badges.vocab.view import BadgeVersion, CredentialView, IdentityView


def read_credential(document: JsonValue) -> CredentialView:
    """Return what the credential says, unchecked. document: any JSON.

    Name, description and image of the achievement stand in where the credential has none.
    Source: Open Badges 3.0, "Data Models"; VC Data Model 1.1 names of the period are read too.
    """
    credential = read_object(document)
    subject = read_object(credential.get("credentialSubject"))
    achievement = read_object(subject.get("achievement"))
    criteria = read_object(achievement.get("criteria"))
    return CredentialView(
        version=BadgeVersion.OB3,
        id=read_address(credential.get("id")),
        name=read_name(credential.get("name")) or read_name(achievement.get("name")),
        description=read_text(credential.get("description")) or read_text(achievement.get("description")),
        image=read_image(credential.get("image")) or read_image(achievement.get("image")),
        criteria_narrative=read_text(criteria.get("narrative")),
        criteria_url=read_web_address(criteria.get("id")),
        achievement_id=read_address(achievement.get("id")),
        achievement_type=read_name(achievement.get("achievementType")),
        issuer=read_issuer(read_object(credential.get("issuer")), credential.get("issuer")),
        subject_id=read_address(subject.get("id")),
        recipients=tuple(_read_identity(item) for item in read_objects(subject.get("identifier"))),
        valid_from=read_moment(credential.get("validFrom", credential.get("issuanceDate"))),
        valid_until=read_moment(credential.get("validUntil", credential.get("expirationDate"))),
        evidence=tuple(read_evidence(item) for item in read_objects(credential.get("evidence"))),
        alignments=tuple(read_alignment(item) for item in read_objects(achievement.get("alignment"))),
        tags=tuple(tag for tag in map(read_name, read_items(achievement.get("tag"))) if tag),
        comment=read_text(subject.get("endorsementComment")),
    )


def _read_identity(entry: JsonObject) -> IdentityView:
    return IdentityView(
        identity_type=read_name(entry.get("identityType")),
        identity=read_name(entry.get("identityHash")),
        hashed=entry.get("hashed") is True,
        salt=read_salt(entry.get("salt")),
    )
