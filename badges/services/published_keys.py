"""The public halves of our keys as others read them: DID documents, JWKs, key documents of Open Badges 2.0."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.hazmat.primitives import serialization
from sqlalchemy.orm import Session

from badges.addresses import Addresses
from badges.errors import NotFoundError
from badges.services.ledger import ledger_url
from badges.services.signing_keys import key_fragment, list_owned_keys, method_name, owner_did
from badges.standards.did.did_web import PublishedKey, did_document
from badges.standards.did.jwk import jwk_to_public_key
from badges.standards.ledger import KEY_MEMBER, SINCE_MEMBER, ledger_service
from badges.standards.moments import write_moment
from badges.standards.ob2.documents import key_document
from badges.standards.signer import KeyAlgorithm
from badges.storage.records import OrganisationRecord, SigningKeyRecord
from badges.vocab.json import JsonObject


def owner_document(
    session: Session, addresses: Addresses, owner: OrganisationRecord | None, *, services: Sequence[JsonObject] = ()
) -> JsonObject:
    """Return the DID document of an organisation, or of the service (None).

    Every key that ever signed is in it, old ones too: old badges stay verifiable.
    """
    keys = list_owned_keys(session, owner)
    also_known_as = [addresses.url("organisation", organisation=owner.slug)] if owner else []
    document = did_document(
        owner_did(owner, addresses),
        [
            PublishedKey(
                key_fragment(key),
                jwk_to_public_key(key.public_jwk),
                KeyAlgorithm(key.algorithm),
                key.compromised_since,
            )
            for key in keys
        ],
        also_known_as=also_known_as,
    )
    ledgers = [
        ledger_service(document["id"], method_name(key, addresses), ledger_url(key, addresses))
        for key in keys
        if key.compromised_since is not None
    ]
    every = [*services, *ledgers]
    return {**document, "service": every} if every else document


def published_jwk(record: SigningKeyRecord, addresses: Addresses) -> JsonObject:
    """Return the bare public JWK of a key, with the issuer that it belongs to.

    Source: OB 3.0, "JWK Set endpoint" (`iss` where one host serves several issuers); OpenID Federation 1.0,
    "Federation Historical Keys" (`revoked`).
    """
    jwk = {**record.public_jwk, "iss": owner_did(record.organisation, addresses)}
    if record.compromised_since is not None:
        jwk["revoked"] = {"revoked_at": int(record.compromised_since.timestamp()), "reason": "compromised"}
        jwk[KEY_MEMBER] = ledger_url(record, addresses)
    return jwk


def ob2_key_document(record: SigningKeyRecord, addresses: Addresses) -> JsonObject:
    """Return a key as Open Badges 2.0 wants it. Raises NotFoundError for one that does not sign 2.0."""
    if record.organisation is None or record.algorithm != KeyAlgorithm.RS256:
        raise NotFoundError("This key does not sign Open Badges 2.0.")
    pem = jwk_to_public_key(record.public_jwk).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    owner = addresses.url("ob2_issuer", organisation=record.organisation.slug)
    document = key_document(addresses.url("ob2_key", key_id=record.id), owner, pem.decode())
    if record.compromised_since is not None:
        # Open Badges 2.0 has no words for this. Readers of JSON-LD leave out members that it does not know.
        document[SINCE_MEMBER] = write_moment(record.compromised_since)
        document[KEY_MEMBER] = ledger_url(record, addresses)
    return document
