"""A badge for showing how badges work: by a did:key, which is nobody's, and over after a day. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from badges.ids import RandomSource
from badges.standards.moments import write_moment
from badges.standards.ob3.documents import OB_CONTEXT, VC_CONTEXT
from badges.vocab.json import JsonObject

LIFETIME: Final = timedelta(days=1)
TITLE: Final = "Demonstration badge"
WARNING: Final = (
    "This badge is a demonstration. It proves nothing about any person or organisation: anybody can make one like it."
)


def demonstration_document(issuer_did: str, valid_from: datetime, random: RandomSource) -> JsonObject:
    """Return a demonstration as an unsigned OpenBadgeCredential. It points nowhere, so it can be checked offline.

    issuer_did: a did:key. valid_from: aware, in whole seconds.
    Source: Open Badges 3.0, "AchievementCredential"; did:key method v0.9.
    """
    return {
        "@context": [VC_CONTEXT, OB_CONTEXT],
        "id": random.uuid().urn,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": TITLE,
        "description": WARNING,
        "issuer": {"id": issuer_did, "type": ["Profile"], "name": "Nobody (demonstration)", "description": WARNING},
        "validFrom": write_moment(valid_from),
        "validUntil": write_moment(valid_from + LIFETIME),
        "credentialSubject": {
            "id": random.uuid().urn,
            "type": ["AchievementSubject"],
            "achievement": {
                "id": random.uuid().urn,
                "type": ["Achievement"],
                "name": TITLE,
                "description": WARNING,
                "criteria": {"narrative": "Nothing needs to be done for it."},
            },
        },
    }
