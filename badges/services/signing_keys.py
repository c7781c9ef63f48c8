"""The signing keys of organisations: made, found, rotated, retired, published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.addresses import Addresses
from badges.errors import ConfigurationError, ConflictError, NotFoundError
from badges.services.context import Installation
from badges.standards.did.jwk import jwk_to_public_key, public_key_to_jwk
from badges.standards.did.multikey import encode_public_key
from badges.standards.signer import KeyAlgorithm, Signer
from badges.storage.records import KeyState, OrganisationRecord, SigningKeyRecord
from badges.vocab.json import JsonObject


@dataclass(frozen=True, slots=True)
class SigningHand:
    """A key that signs now. verification_method: the name under which the issuer's DID document lists it."""

    key_id: str
    signer: Signer
    verification_method: str
    key_url: str


def create_key(
    session: Session, installation: Installation, organisation: OrganisationRecord, algorithm: KeyAlgorithm
) -> SigningKeyRecord:
    """Make a key pair, keep the private half in the keyring and the public half in the database."""
    key_id, uri, public_key = installation.keys.generate(algorithm)
    record = SigningKeyRecord(
        id=key_id,
        organisation_id=organisation.id,
        organisation=organisation,
        algorithm=algorithm,
        public_jwk=public_key_to_jwk(public_key, key_id, algorithm),
        uri=uri,
        state=KeyState.ACTIVE,
        created_at=installation.clock(),
    )
    session.add(record)
    session.flush()
    return record


def list_keys(session: Session, organisation_id: int | None = None) -> Sequence[SigningKeyRecord]:
    """Return every key that ever signed, oldest first: retired ones stay published for ever."""
    query = select(SigningKeyRecord).order_by(SigningKeyRecord.created_at, SigningKeyRecord.id)
    if organisation_id is not None:
        query = query.where(SigningKeyRecord.organisation_id == organisation_id)
    return session.scalars(query).all()


def find_key(session: Session, key_id: str) -> SigningKeyRecord:
    """Return one key. Raises NotFoundError."""
    record = session.get(SigningKeyRecord, key_id)
    if record is None:
        raise NotFoundError('There is no signing key "%(key)s" here. `badges keys list` shows them.', key=key_id)
    return record


def signing_hand(
    session: Session, installation: Installation, organisation: OrganisationRecord, algorithm: KeyAlgorithm
) -> SigningHand:
    """Return the organisation's newest active key of this algorithm. Raises ConfigurationError."""
    record = session.scalars(
        select(SigningKeyRecord)
        .where(
            SigningKeyRecord.organisation_id == organisation.id,
            SigningKeyRecord.algorithm == algorithm,
            SigningKeyRecord.state == KeyState.ACTIVE,
        )
        .order_by(SigningKeyRecord.created_at.desc(), SigningKeyRecord.id)
        .limit(1)
    ).one_or_none()
    if record is None:
        raise ConfigurationError(
            "%(name)s has no active %(algorithm)s key. Make one with `badges keys rotate`.",
            name=organisation.name,
            algorithm=algorithm,
        )
    signer = installation.keys.signer(record.uri, record.id, algorithm, jwk_to_public_key(record.public_jwk))
    return SigningHand(
        key_id=record.id,
        signer=signer,
        verification_method=f"{installation.addresses.organisation_did(organisation.slug)}#{key_fragment(record)}",
        key_url=installation.addresses.url("key", key_id=record.id),
    )


def rotate_keys(
    session: Session, installation: Installation, organisation: OrganisationRecord
) -> list[SigningKeyRecord]:
    """Make a new key of every algorithm in use and retire those that signed until now. Returns the new keys."""
    now = installation.clock()
    active = [key for key in list_keys(session, organisation.id) if key.state == KeyState.ACTIVE]
    algorithms = {KeyAlgorithm(key.algorithm) for key in active} | {KeyAlgorithm.EDDSA, KeyAlgorithm.RS256}
    fresh = [create_key(session, installation, organisation, algorithm) for algorithm in sorted(algorithms)]
    for key in active:
        key.state, key.retired_at = KeyState.RETIRED, now
    return fresh


def retire_key(session: Session, installation: Installation, key_id: str) -> SigningKeyRecord:
    """Stop signing with one key. It stays published, and its badges stay valid.

    Raises NotFoundError, ConflictError when it is retired already or is the last one of its kind.
    """
    record = find_key(session, key_id)
    if record.state != KeyState.ACTIVE:
        raise ConflictError("The key %(key)s is retired already.", key=key_id)
    others = [
        key
        for key in list_keys(session, record.organisation_id)
        if key.state == KeyState.ACTIVE and key.algorithm == record.algorithm and key.id != record.id
    ]
    if not others:
        raise ConflictError(
            "The key %(key)s is the only one of its kind that signs for %(name)s. `badges keys rotate` makes a new one "
            "and retires this one in the same step.",
            key=key_id,
            name=record.organisation.name,
        )
    record.state, record.retired_at = KeyState.RETIRED, installation.clock()
    return record


def key_fragment(record: SigningKeyRecord) -> str:
    """Return the key's name inside its organisation's DID document.

    An Ed25519 key is named by its own multibase text: some verifiers read the key from there, others look it up.
    """
    if record.algorithm == KeyAlgorithm.EDDSA:
        return encode_public_key(jwk_to_public_key(record.public_jwk))
    return record.id


def published_jwk(record: SigningKeyRecord, addresses: Addresses) -> JsonObject:
    """Return the bare public JWK of a key, with the issuer that it belongs to.

    Source: OB 3.0, "JWK Set endpoint" (`iss` where one host serves several issuers).
    """
    return {**record.public_jwk, "iss": addresses.organisation_did(record.organisation.slug)}
