"""Reads any assertion of Open Badges 2.0, or of an older version in the form of 2.0, for display.

Tolerant and bounded: odd members are left out, nothing raises.
"""

from __future__ import annotations

from dataclasses import replace

from badges.standards.moments import read_iso_moment
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
from badges.vocab.view import BadgeVersion, CredentialView, EvidenceView, IdentityView


def read_assertion(
    assertion: JsonValue,
    badge_class: JsonValue = None,
    issuer: JsonValue = None,
    version: BadgeVersion = BadgeVersion.OB2,
) -> CredentialView:
    """Return what an assertion, its badge class and its issuer say, unchecked.

    Each is any JSON; None where the document could not be had, or is embedded in the one before. version: the one
    that the assertion was written in.
    Source: Open Badges 2.0, "Open Badges Vocabulary".
    """
    award = read_object(assertion)
    badge = read_object(badge_class) or _embedded(award.get("badge"))
    profile = read_object(issuer) or _embedded(badge.get("issuer"))
    criteria = badge.get("criteria")
    return CredentialView(
        version=version,
        id=read_address(award.get("id")),
        name=read_name(badge.get("name")),
        description=read_text(badge.get("description")),
        image=read_image(badge.get("image")) or read_image(award.get("image")),
        criteria_narrative=read_text(_embedded(criteria).get("narrative")),
        criteria_url=read_web_address(criteria),
        achievement_id=read_address(badge.get("id")) or read_address(award.get("badge")),
        achievement_type="",
        issuer=read_issuer(profile, badge.get("issuer")),
        subject_id="",
        recipients=tuple(_read_identity(item) for item in read_objects(award.get("recipient"))),
        valid_from=read_iso_moment(award.get("issuedOn")),
        valid_until=read_iso_moment(award.get("expires")),
        evidence=_read_evidence(award),
        alignments=tuple(read_alignment(item) for item in read_objects(badge.get("alignment"))),
        tags=tuple(tag for tag in map(read_name, read_items(badge.get("tags"))) if tag),
    )


def read_endorsement(endorsement: JsonValue, issuer: JsonValue = None) -> CredentialView:
    """Return what an endorsement and its issuer's profile say, unchecked. Each is any JSON.

    Source: Open Badges 2.0, "Endorsement".
    """
    members = read_object(endorsement)
    claim = _embedded(members.get("claim"))
    profile = read_object(issuer) or _embedded(members.get("issuer"))
    return replace(
        read_assertion(members),
        issuer=read_issuer(profile, members.get("issuer")),
        subject_id=read_address(claim.get("id")),
        comment=read_text(claim.get("endorsementComment")),
    )


def _embedded(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _read_identity(recipient: JsonObject) -> IdentityView:
    return IdentityView(
        identity_type=read_name(recipient.get("type")),
        identity=read_name(recipient.get("identity")),
        hashed=recipient.get("hashed") is True,
        salt=read_salt(recipient.get("salt")),
    )


def _read_evidence(award: JsonObject) -> tuple[EvidenceView, ...]:
    """Evidence as addresses or objects; a narrative of the assertion itself is evidence too."""
    entries = [read_evidence(item) for item in read_items(award.get("evidence"))]
    narrative = read_text(award.get("narrative"))
    if narrative:
        entries.insert(0, EvidenceView(narrative=narrative))
    return tuple(entry for entry in entries if entry != EvidenceView())
