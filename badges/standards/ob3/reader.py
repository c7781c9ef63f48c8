"""Reads any Open Badges 3.0 credential for display.

Tolerant and bounded: odd members are left out, nothing raises.
"""

from __future__ import annotations

from badges.standards.moments import read_moment
from badges.standards.reading import (
    read_address,
    read_image,
    read_items,
    read_name,
    read_object,
    read_text,
    read_web_address,
)
from badges.vocab.achievement import Alignment
from badges.vocab.json import JsonObject, JsonValue
from badges.vocab.view import BadgeVersion, CredentialView, EvidenceView, IdentityView, IssuerView


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
        issuer=_read_issuer(credential.get("issuer")),
        subject_id=read_address(subject.get("id")),
        recipients=tuple(_read_identity(item) for item in _objects(subject.get("identifier"))),
        valid_from=read_moment(credential.get("validFrom", credential.get("issuanceDate"))),
        valid_until=read_moment(credential.get("validUntil", credential.get("expirationDate"))),
        evidence=tuple(_read_evidence(item) for item in _objects(credential.get("evidence"))),
        alignments=tuple(_read_alignment(item) for item in _objects(achievement.get("alignment"))),
        tags=tuple(tag for tag in map(read_name, read_items(achievement.get("tag"))) if tag),
        comment=read_text(subject.get("endorsementComment")),
    )


def _objects(value: JsonValue) -> list[JsonObject]:
    return [item for item in read_items(value) if isinstance(item, dict)]


def _read_issuer(value: JsonValue) -> IssuerView:
    """A Profile, or its bare address."""
    if isinstance(value, str):
        return IssuerView(read_address(value))
    profile = read_object(value)
    return IssuerView(
        id=read_address(profile.get("id")),
        name=read_name(profile.get("name")),
        url=read_web_address(profile.get("url")),
        email=read_name(profile.get("email")),
        image=read_image(profile.get("image")),
    )


def _read_identity(entry: JsonObject) -> IdentityView:
    return IdentityView(
        identity_type=read_name(entry.get("identityType")),
        identity=read_name(entry.get("identityHash")),
        hashed=entry.get("hashed") is True,
        salt=_read_salt(entry.get("salt")),
    )


def _read_salt(value: JsonValue) -> str:
    """The salt exactly as it is: every character of it counts."""
    return value if isinstance(value, str) and len(value) <= 500 else ""


def _read_evidence(item: JsonObject) -> EvidenceView:
    return EvidenceView(
        id=read_address(item.get("id")),
        name=read_name(item.get("name")),
        narrative=read_text(item.get("narrative")),
        description=read_text(item.get("description")),
    )


def _read_alignment(item: JsonObject) -> Alignment:
    return Alignment(
        target_name=read_name(item.get("targetName")),
        target_url=read_web_address(item.get("targetUrl")),
        target_framework=read_name(item.get("targetFramework")),
        target_code=read_name(item.get("targetCode")),
        target_description=read_text(item.get("targetDescription")),
    )
