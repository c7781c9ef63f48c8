"""Changing which keys sign: rotation, retirement, and taking in a key that was made elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from badges.errors import BadgesError, ConfigurationError, ConflictError, InvalidInputError
from badges.keyring.folder import FILE_SCHEME
from badges.keyring.signers import fits
from badges.services.audit import leave_line
from badges.services.context import Installation
from badges.services.signing_keys import (
    algorithms_of,
    create_key,
    find_key,
    list_owned_keys,
    lock_keys,
    owner_name,
    place_of,
    store_key,
)
from badges.storage.records import KeyState, OrganisationRecord, SigningKeyRecord
from badges.vocab.audit import Action
from badges.wording import Wording


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation did. fresh: the keys that sign from now on. left: those that still sign, and why."""

    fresh: tuple[SigningKeyRecord, ...]
    left: tuple[tuple[SigningKeyRecord, Wording], ...]


def rotate_keys(session: Session, installation: Installation, *owners: OrganisationRecord | None) -> Rotation:
    """Make a new key of every algorithm, where the old one is kept, and retire those that signed until now.

    owners: None for the service itself. A key that is kept elsewhere than in a file signs on where no new one can be
    made in its place: nothing is moved into a file unasked.
    """
    lock_keys(session, *owners)
    fresh: list[SigningKeyRecord] = []
    left: list[tuple[SigningKeyRecord, Wording]] = []
    for owner in owners:
        active = _active_keys(session, owner)
        for algorithm in algorithms_of(owner):
            old = [key for key in active if key.algorithm == algorithm]
            like = old[-1].uri if old else FILE_SCHEME
            try:
                fresh.append(create_key(session, installation, owner, algorithm, like=like))
            except BadgesError as problem:
                if not old or place_of(old[-1]) == FILE_SCHEME:
                    raise
                left.append((old[-1], problem.message))
                active.remove(old[-1])
        for key in active:
            _retire(session, installation, key)
    return Rotation(tuple(fresh), tuple(left))


def use_key(
    session: Session, installation: Installation, owner: OrganisationRecord | None, uri: str
) -> SigningKeyRecord:
    """Let a key sign that was made elsewhere, and retire those of the same algorithm. Returns the key.

    uri: where it is kept. Its public half is fetched from there, and it signs a trial.
    owner: None for the service itself.

    Raises as KeyPlace.open; InvalidInputError for an algorithm that is not used; ConflictError for a key that is known
    here already, whoever's it is: each has keys of their own.
    """
    lock_keys(session, owner)
    kept = installation.keys.find(uri)
    signer = kept.signer
    if signer.algorithm not in algorithms_of(owner):
        raise InvalidInputError(
            "%(name)s has no use for a key of the kind %(kind)s.",
            field="uri",
            name=owner_name(owner),
            kind=signer.algorithm,
        )
    if session.get(SigningKeyRecord, signer.key_id) is not None:
        raise ConflictError("The key %(key)s is known here already; `badges keys list` shows it.", key=signer.key_id)
    trial = b"A trial of the key " + signer.key_id.encode()
    if not fits(signer.public_key, signer.sign(trial), trial):
        raise ConfigurationError("What %(uri)s signed does not fit its own public half.", uri=uri)
    for key in _active_keys(session, owner):
        if key.algorithm == signer.algorithm:
            _retire(session, installation, key)
    return store_key(session, installation, owner, kept)


def retire_key(session: Session, installation: Installation, key_id: str) -> SigningKeyRecord:
    """Stop signing with one key. It stays published, and its badges stay valid.

    Raises NotFoundError, ConflictError when it signs no more already or is the last one of its kind.
    """
    record = find_key(session, key_id)
    lock_keys(session, record.organisation)
    if record.state != KeyState.ACTIVE:
        raise ConflictError("The key %(key)s signs no more already.", key=key_id)
    if not any(
        key.algorithm == record.algorithm and key.id != record.id for key in _active_keys(session, record.organisation)
    ):
        raise ConflictError(
            "The key %(key)s is the only one of its kind that signs for %(name)s. `badges keys rotate` makes a new one "
            "and retires this one in the same step.",
            key=key_id,
            name=owner_name(record.organisation),
        )
    _retire(session, installation, record)
    return record


def _active_keys(session: Session, owner: OrganisationRecord | None) -> list[SigningKeyRecord]:
    return [key for key in list_owned_keys(session, owner) if key.state == KeyState.ACTIVE]


def _retire(session: Session, installation: Installation, key: SigningKeyRecord) -> None:
    key.state, key.retired_at = KeyState.RETIRED, installation.clock()
    leave_line(session, installation, Action.KEY_RETIRED, key.id, organisation=key.organisation)
