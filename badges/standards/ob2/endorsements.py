"""Endorsements as hosted Open Badges 2.0 documents."""

from __future__ import annotations

from badges.standards.members import without_empty
from badges.standards.moments import write_moment
from badges.standards.ob2.documents import OB2_CONTEXT
from badges.standards.plain_text import strip_controls
from badges.vocab.endorsement import Endorsement
from badges.vocab.json import JsonObject


def hosted_endorsement_document(endorsement: Endorsement) -> JsonObject:
    """Return the endorsement as a hosted Endorsement.

    Raises StandardsError if the moment has no zone or no whole seconds.
    Source: Open Badges 2.0 Endorsements, "Endorsement"; Open Badges 2.0, "HostedBadge Verification".
    """
    return {
        "@context": OB2_CONTEXT,
        "type": "Endorsement",
        "id": endorsement.ob2_url,
        "issuer": endorsement.endorser.ob2_url,
        "claim": without_empty(
            {"id": endorsement.endorsed_ob2_url, "endorsementComment": strip_controls(endorsement.comment)}
        ),
        "issuedOn": write_moment(endorsement.valid_from),
        "verification": {"type": "HostedBadge"},
    }


def withdrawn_endorsement_document(url: str, reason: str) -> JsonObject:
    """Return what the address of a withdrawn endorsement answers (with status 410)."""
    return without_empty(
        {
            "@context": OB2_CONTEXT,
            "type": "Endorsement",
            "id": url,
            "revoked": True,
            "revocationReason": strip_controls(reason),
        }
    )
