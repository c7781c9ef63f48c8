"""Open Badges 2.0 documents out of values: the same awards for everybody who reads only the older version.

Each points at its Open Badges 3.0 counterpart by `related`, and back. What is empty is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from badges.errors import StandardsError
from badges.standards.members import without_empty
from badges.standards.moments import write_moment
from badges.standards.plain_text import strip_controls
from badges.vocab.achievement import Achievement, Alignment
from badges.vocab.award import Award, Evidence, Recipient
from badges.vocab.image import Image
from badges.vocab.json import JsonObject
from badges.vocab.profile import Profile

OB2_CONTEXT: Final = "https://w3id.org/openbadges/v2"
OB3_VERSION: Final = "Open Badges v3p0"
OB3_PROFILE_TYPE: Final = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Profile"
OB3_ACHIEVEMENT_TYPE: Final = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Achievement"
MINIMUM_REVOCATIONS: Final = 2


@dataclass(frozen=True, slots=True)
class RevokedAssertion:
    """One line of a revocation list. id: the assertion's id (urn:uuid of a signed one).

    reason: public text, or "".
    """

    id: str
    reason: str = ""


def assertion_document(
    award: Award, revocation_reason: str | None = None, endorsement_urls: Sequence[str] = ()
) -> JsonObject:
    """Return the award as a hosted Assertion; or what its address says once it was withdrawn for a reason.

    endorsement_urls: of the hosted endorsements of it.
    Raises StandardsError if a moment has no zone or no whole seconds.
    Source: Open Badges 2.0, "Assertion", "HostedBadge Verification".
    """
    if revocation_reason is not None:
        return revoked_assertion_document(award.ob2_assertion_url, revocation_reason)
    return _assertion(award, award.ob2_assertion_url, {"type": "HostedBadge"}, endorsement_urls)


def signed_assertion_document(award: Award, key_url: str) -> JsonObject:
    """Return the award as the payload of a signed Assertion. key_url: address of the key document.

    Raises StandardsError if a moment has no zone or no whole seconds.
    Source: Open Badges 2.0, "SignedBadge Verification".
    """
    return _assertion(award, award.ob2_signed_id, {"type": "SignedBadge", "creator": key_url})


def revoked_assertion_document(url: str, reason: str) -> JsonObject:
    """Return what the address of a withdrawn hosted assertion answers (with status 410): nothing personal.

    Source: Open Badges 2.0, "HostedBadge Verification" (revocation).
    """
    return without_empty(
        {
            "@context": OB2_CONTEXT,
            "type": "Assertion",
            "id": url,
            "revoked": True,
            "revocationReason": strip_controls(reason),
        }
    )


def badge_class_document(achievement: Achievement, issuer: Profile, endorsement_urls: Sequence[str] = ()) -> JsonObject:
    """Return one version of an achievement as a BadgeClass of this issuer.

    endorsement_urls: of the hosted endorsements of it.
    Source: Open Badges 2.0, "BadgeClass", "Criteria", "AlignmentObject".
    """
    return without_empty(
        {
            "@context": OB2_CONTEXT,
            "type": "BadgeClass",
            "id": achievement.ob2_url,
            "name": strip_controls(achievement.name),
            "description": strip_controls(achievement.description),
            "image": _image_document(achievement.image),
            "criteria": without_empty(
                {"type": "Criteria", "id": achievement.id, "narrative": strip_controls(achievement.criteria)}
            ),
            "issuer": issuer.ob2_url,
            "alignment": [_alignment_document(alignment) for alignment in achievement.alignments],
            "tags": [strip_controls(tag) for tag in achievement.tags],
            "version": strip_controls(achievement.version),
            "related": [
                _related_document(achievement.id, OB3_ACHIEVEMENT_TYPE),
                *(without_empty({"id": each.id, "version": each.version}) for each in achievement.related),
            ],
            "endorsement": list(endorsement_urls),
        }
    )


def issuer_document(
    profile: Profile,
    public_key_urls: Sequence[str] = (),
    revocation_list_url: str = "",
    endorsement_urls: Sequence[str] = (),
) -> JsonObject:
    """Return the organisation as an issuer Profile. Its own host is the only one to host its assertions.

    public_key_urls: key documents of the RSA keys that sign for it, the newest first. One is written as text:
    the official Python validator refuses a profile with several. endorsement_urls: of the hosted endorsements of it.
    Source: Open Badges 2.0, "Profile", "VerificationObject".
    """
    keys: str | list[str] = public_key_urls[0] if len(public_key_urls) == 1 else list(public_key_urls)
    return without_empty(
        {
            "@context": OB2_CONTEXT,
            "type": "Issuer",
            "id": profile.ob2_url,
            "name": strip_controls(profile.name),
            "url": strip_controls(profile.url),
            "email": strip_controls(profile.email),
            "description": strip_controls(profile.description),
            "image": _image_document(profile.image),
            "publicKey": keys,
            "revocationList": revocation_list_url,
            "verification": {
                "type": "VerificationObject",
                "verificationProperty": "id",
                "startsWith": [_origin(profile.ob2_url) + "/"],
            },
            "related": _related_profiles(profile),
            "endorsement": list(endorsement_urls),
        }
    )


def key_document(key_url: str, owner_url: str, public_key_pem: str) -> JsonObject:
    """Return the document of a public key. owner_url: the issuer document, which lists this key in turn.

    public_key_pem: SubjectPublicKeyInfo in PEM.
    Source: Open Badges 2.0, "CryptographicKey".
    """
    return {
        "@context": OB2_CONTEXT,
        "type": "CryptographicKey",
        "id": key_url,
        "owner": owner_url,
        "publicKeyPem": public_key_pem,
    }


def revocation_list_document(
    url: str, issuer_url: str, entries: Sequence[RevokedAssertion], decoys: Sequence[RevokedAssertion]
) -> JsonObject:
    """Return the list of an issuer's withdrawn signed assertions, in the order of their ids.

    decoys: entries for assertions that never existed. They fill the list up to two entries and more: the
    official Python validator misses a withdrawal in a list of one. Keep them the same from one day to the
    next, or the difference tells them apart.

    Raises StandardsError if there are fewer than two entries in all.
    Source: Open Badges 2.0, "RevocationList".
    """
    lines = {line.id: line for line in (*decoys, *entries)}
    if len(lines) < MINIMUM_REVOCATIONS:
        raise StandardsError(
            "The revocation list %(url)s needs at least %(minimum)s entries; add decoys.",
            url=url,
            minimum=MINIMUM_REVOCATIONS,
        )
    return {
        "@context": OB2_CONTEXT,
        "type": "RevocationList",
        "id": url,
        "issuer": issuer_url,
        "revokedAssertions": [_revoked_entry(lines[id_]) for id_ in sorted(lines)],
    }


def _assertion(
    award: Award, assertion_id: str, verification: JsonObject, endorsement_urls: Sequence[str] = ()
) -> JsonObject:
    return without_empty(
        {
            "@context": OB2_CONTEXT,
            "type": "Assertion",
            "id": assertion_id,
            "recipient": _recipient_document(award.recipient),
            "badge": award.achievement.ob2_url,
            "image": award.image_url,
            "issuedOn": write_moment(award.awarded_at),
            "expires": write_moment(award.valid_until) if award.valid_until else "",
            "evidence": _evidence_documents(award.evidence),
            "endorsement": list(endorsement_urls),
            "verification": verification,
        }
    )


def _recipient_document(recipient: Recipient) -> JsonObject:
    """The same hash and salt as in Open Badges 3.0; without an address the anonymous id of the subject."""
    if recipient.email is None:
        return {"type": "id", "hashed": False, "identity": recipient.subject_id}
    members = {
        "type": "email",
        "hashed": True,
        "identity": recipient.email.identity_hash,
        "salt": recipient.email.salt,
    }
    return without_empty(members)


def _revoked_entry(line: RevokedAssertion) -> JsonObject:
    return without_empty({"id": line.id, "revoked": True, "revocationReason": strip_controls(line.reason)})


def _alignment_document(alignment: Alignment) -> JsonObject:
    return without_empty(
        {
            "type": "AlignmentObject",
            "targetName": strip_controls(alignment.target_name),
            "targetUrl": strip_controls(alignment.target_url),
            "targetDescription": strip_controls(alignment.target_description),
            "targetFramework": strip_controls(alignment.target_framework),
            "targetCode": strip_controls(alignment.target_code),
        }
    )


def _evidence_documents(evidence: tuple[Evidence, ...]) -> list[JsonObject]:
    """What says nothing is no evidence."""
    documents = [_evidence_document(item) for item in evidence]
    return [item for item in documents if "id" in item or item.get("narrative", "").strip()]


def _evidence_document(evidence: Evidence) -> JsonObject:
    return without_empty(
        {
            "type": "Evidence",
            "id": strip_controls(evidence.url),
            "name": strip_controls(evidence.name),
            "narrative": strip_controls(evidence.narrative),
            "genre": strip_controls(evidence.genre),
            "audience": strip_controls(evidence.audience),
        }
    )


def _image_document(image: Image | None) -> JsonObject | str:
    """Text if there is only an address, an object if there is a caption."""
    if image is None:
        return ""
    if not image.caption:
        return image.url
    return {"type": "Image", "id": image.url, "caption": strip_controls(image.caption)}


def _related_document(ob3_id: str, ob3_type: str) -> JsonObject:
    """Source: Open Badges 3.0 Implementation Guide, "OpenBadges 2.0 with related OpenBadges 3.0"."""
    return {"type": [ob3_type], "id": ob3_id, "version": OB3_VERSION}


def _related_profiles(profile: Profile) -> list[JsonObject]:
    """The organisation's Open Badges 3.0 profile by its web address.

    Not by its DID: the official Python validator refuses a document that names an id other than http(s) and
    urn:uuid. The 3.0 profile, for its part, names the 2.0 issuer.
    Source: did:web method specification, "Read (Resolve)", without its last step.
    """
    method, _, name = profile.did.partition("did:web:")
    if method or not name:
        return []
    host, *path = (unquote(part) for part in name.split(":"))
    address = f"{urlsplit(profile.ob2_url).scheme}://{host}/" + "/".join(path)
    return [_related_document(address, OB3_PROFILE_TYPE)]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
