"""Endorsements as Open Badges 3.0 documents: credentials of their own, which may travel inside what they endorse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from badges.standards.members import without_empty
from badges.standards.moments import write_moment
from badges.standards.ob3.documents import (
    EXTENSIONS_CONTEXT,
    OB_CONTEXT,
    SCHEMA_TYPE,
    VC_CONTEXT,
    profile_document,
)
from badges.standards.plain_text import strip_controls
from badges.standards.status.status_list import status_entry
from badges.vocab.endorsement import Endorsement
from badges.vocab.json import JsonObject

ENDORSEMENT_SCHEMA: Final = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_endorsementcredential_schema.json"
)


@dataclass(frozen=True, slots=True)
class Endorsements:
    """Signed endorsements that travel inside a credential, exactly as signed, by what they speak of."""

    of_credential: tuple[JsonObject, ...] = ()
    of_achievement: tuple[JsonObject, ...] = ()
    of_issuer: tuple[JsonObject, ...] = ()


def endorsement_document(endorsement: Endorsement) -> JsonObject:
    """Return the endorsement as an EndorsementCredential without a proof.

    Raises StandardsError if the moment has no zone or no whole seconds, InvalidInputError if a text is damaged.
    Source: Open Badges 3.0, "EndorsementCredential", "EndorsementSubject".
    """
    return without_empty(
        {
            "@context": [VC_CONTEXT, OB_CONTEXT, EXTENSIONS_CONTEXT],
            "id": endorsement.url,
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "name": strip_controls(endorsement.name),
            "issuer": profile_document(endorsement.endorser),
            "validFrom": write_moment(endorsement.valid_from),
            "credentialSubject": without_empty(
                {
                    "id": endorsement.endorsed_id,
                    "type": ["EndorsementSubject"],
                    "endorsementComment": strip_controls(endorsement.comment),
                }
            ),
            "credentialSchema": [{"id": ENDORSEMENT_SCHEMA, "type": SCHEMA_TYPE}],
            "credentialStatus": status_entry(endorsement.status) if endorsement.status else None,
        }
    )


def with_endorsements(credential: JsonObject, endorsements: Endorsements) -> JsonObject:
    """Return an unsigned credential that carries these endorsements, each in the thing that it speaks of.

    Only as objects with a proof of their own: on `endorsementJwt` the copies of the context that circulate differ.
    Source: Open Badges 3.0, "EndorsementCredential".
    """
    subject = credential["credentialSubject"]
    return {
        **_carrying(credential, endorsements.of_credential),
        "issuer": _carrying(credential["issuer"], endorsements.of_issuer),
        "credentialSubject": {
            **subject,
            "achievement": _carrying(subject["achievement"], endorsements.of_achievement),
        },
    }


def _carrying(document: JsonObject, endorsements: tuple[JsonObject, ...]) -> JsonObject:
    return {**document, "endorsement": list(endorsements)} if endorsements else document
