"""Signing keys, of organisations and of the service itself: made, found, used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from badges.addresses import Addresses
from badges.errors import ConfigurationError, NotFoundError
from badges.keyring.folder import FILE_SCHEME
from badges.keyring.place import KeptKey
from badges.services.audit import leave_line
from badges.services.context import Installation
from badges.services.locks import lock_organisations
from badges.standards.did.jwk import jwk_to_public_key, public_key_to_jwk
from badges.standards.did.multikey import encode_public_key
from badges.standards.signer import KeyAlgorithm, Signer
from badges.storage.records import KeyState, OrganisationRecord, SigningKeyRecord
from badges.vocab.audit import Action
from badges.vocab.profile import OrganisationKind

# Embedded proofs and status lists; JWT and Open Badges 2.0; JWT for those who want short ones.
ORGANISATION_ALGORITHMS: Final = (KeyAlgorithm.EDDSA, KeyAlgorithm.RS256, KeyAlgorithm.ES256)
# What the service says in its own name, such as which organisations take part.
SERVICE_ALGORITHMS: Final = (KeyAlgorithm.EDDSA,)
_SERVICE_NAME: Final = "The service itself"


@dataclass(frozen=True, slots=True)
class SigningHand:
    """A key that signs now. verification_method: the name under which its owner's DID document lists it.

    key_url: the address of the bare JWK.
    """

    key_id: str
    signer: Signer
    verification_method: str
    key_url: str


def create_key(
    session: Session,
    installation: Installation,
    owner: OrganisationRecord | None,
    algorithm: KeyAlgorithm,
    *,
    like: str = FILE_SCHEME,
) -> SigningKeyRecord:
    """Make a key pair, keep the private half in the keyring and the public half in the database.

    owner: None for the service itself. like: the URI of a key in whose place it is kept; a file if left out.
    Raises as KeyPlace.make.
    """
    return store_key(session, installation, owner, installation.keys.make(algorithm, like))


def store_key(
    session: Session, installation: Installation, owner: OrganisationRecord | None, kept: KeptKey
) -> SigningKeyRecord:
    """Keep the public half of a key that signs from now on, and where it is."""
    signer = kept.signer
    record = SigningKeyRecord(
        id=signer.key_id,
        organisation_id=owner.id if owner else None,
        organisation=owner,
        algorithm=signer.algorithm,
        public_jwk=public_key_to_jwk(signer.public_key, signer.key_id, signer.algorithm),
        uri=kept.uri,
        state=KeyState.ACTIVE,
        created_at=installation.clock(),
    )
    session.add(record)
    session.flush()
    place = place_of(record)
    leave_line(
        session, installation, Action.KEY_MADE, record.id, organisation=owner, algorithm=record.algorithm, place=place
    )
    return record


def create_missing_keys(
    session: Session, installation: Installation, owner: OrganisationRecord | None
) -> list[SigningKeyRecord]:
    """Make a key of every algorithm that has no active one. Returns the new keys. Safe to repeat."""
    return [create_key(session, installation, owner, algorithm) for algorithm in missing_algorithms(session, owner)]


def missing_algorithms(session: Session, owner: OrganisationRecord | None) -> list[KeyAlgorithm]:
    """Return the algorithms for which an organisation, or the service (None), has no active key."""
    there = {key.algorithm for key in list_owned_keys(session, owner) if key.state == KeyState.ACTIVE}
    return [algorithm for algorithm in algorithms_of(owner) if algorithm not in there]


def list_keys(session: Session) -> Sequence[SigningKeyRecord]:
    """Return every key that ever signed, oldest first: old ones stay published for ever."""
    return session.scalars(select(SigningKeyRecord).order_by(SigningKeyRecord.created_at, SigningKeyRecord.id)).all()


def list_owned_keys(session: Session, owner: OrganisationRecord | None) -> Sequence[SigningKeyRecord]:
    """Return every key that ever signed for an organisation, or for the service (None), oldest first."""
    return session.scalars(
        select(SigningKeyRecord)
        .where(SigningKeyRecord.organisation_id == (owner.id if owner else None))
        .order_by(SigningKeyRecord.created_at, SigningKeyRecord.id)
    ).all()


def lock_keys(session: Session, *owners: OrganisationRecord | None) -> None:
    """Let nobody else change these owners' keys, or sign their status lists, until the transaction ends; read the keys
    again. owners: None for the service itself.
    """
    ids = [owner.id for owner in owners if owner is not None]
    lock_organisations(session, ids)
    whose = SigningKeyRecord.organisation_id.in_(ids)
    query = select(SigningKeyRecord).where(
        or_(whose, SigningKeyRecord.organisation_id.is_(None)) if None in owners else whose
    )
    locked = query.order_by(SigningKeyRecord.id).with_for_update(of=SigningKeyRecord, key_share=True)
    session.scalars(locked).all()


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
    return _hand(session, installation, organisation, algorithm)


def service_hand(session: Session, installation: Installation) -> SigningHand:
    """Return the Ed25519 key with which the service itself signs, as its did:web. Raises ConfigurationError."""
    return _hand(session, installation, None, KeyAlgorithm.EDDSA)


def _hand(
    session: Session, installation: Installation, owner: OrganisationRecord | None, algorithm: KeyAlgorithm
) -> SigningHand:
    record = session.scalars(
        select(SigningKeyRecord)
        .where(
            SigningKeyRecord.organisation_id == (owner.id if owner else None),
            SigningKeyRecord.algorithm == algorithm,
            SigningKeyRecord.state == KeyState.ACTIVE,
        )
        .order_by(SigningKeyRecord.created_at.desc(), SigningKeyRecord.id)
        .limit(1)
    ).one_or_none()
    if record is None:
        raise ConfigurationError(
            "%(name)s has no active %(algorithm)s key. `badges init` makes what is missing.",
            name=owner_name(owner),
            algorithm=algorithm,
        )
    return SigningHand(
        key_id=record.id,
        signer=open_signer(installation, record),
        verification_method=method_name(record, installation.addresses),
        key_url=installation.addresses.url("key", key_id=record.id),
    )


def open_signer(installation: Installation, record: SigningKeyRecord) -> Signer:
    """Return the signer of a key, whatever its state. Raises ConfigurationError when it cannot be opened, or is another
    than the database says.
    """
    algorithm = KeyAlgorithm(record.algorithm)
    return installation.keys.signer(record.uri, record.id, algorithm, jwk_to_public_key(record.public_jwk))


def owner_name(owner: OrganisationRecord | None) -> str:
    """Return whose keys they are, for people."""
    return owner.name if owner else _SERVICE_NAME


def place_of(record: SigningKeyRecord) -> str:
    """Return in what kind of place the private half is kept: the scheme of its URI."""
    return record.uri.partition(":")[0]


def owner_did(owner: OrganisationRecord | None, addresses: Addresses) -> str:
    """Return the did:web whose document lists the keys of an organisation, or of the service (None)."""
    return addresses.organisation_did(owner.slug) if owner else addresses.service_did


def key_fragment(record: SigningKeyRecord) -> str:
    """Return the key's name inside its owner's DID document.

    An Ed25519 key is named by its own multibase text: some verifiers read the key from there, others look it up.
    """
    if record.algorithm == KeyAlgorithm.EDDSA:
        return encode_public_key(jwk_to_public_key(record.public_jwk))
    return record.id


def method_name(record: SigningKeyRecord, addresses: Addresses) -> str:
    """Return the full name of the key in its owner's DID document."""
    return f"{owner_did(record.organisation, addresses)}#{key_fragment(record)}"


def algorithms_of(owner: OrganisationRecord | None) -> tuple[KeyAlgorithm, ...]:
    """Return what an organisation, or the service (None), signs with: a key for each. An endorser awards nothing."""
    signs_little = owner is None or owner.kind == OrganisationKind.ENDORSER
    return SERVICE_ALGORITHMS if signs_little else ORGANISATION_ALGORITHMS
