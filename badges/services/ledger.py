"""The ledger of issued credentials: written with every signature, published when a key is compromised."""

from __future__ import annotations

from typing import Final

from sqlalchemy import insert, select, union_all
from sqlalchemy.orm import Session

from badges.addresses import Addresses
from badges.errors import NotFoundError
from badges.services.audit import leave_line
from badges.services.context import Installation
from badges.services.signing_keys import find_key
from badges.standards.ledger import is_prefix, issued_hash, shard_document
from badges.storage.records import (
    CredentialTextRecord,
    EndorsementRecord,
    KeyState,
    LedgerChunkRecord,
    LedgerEntryRecord,
    OrganisationRecord,
    SigningKeyRecord,
    SupersededTextRecord,
)
from badges.vocab.audit import Action
from badges.vocab.json import JsonObject

HASH_BYTES: Final = 32
_KEPT_TEXTS: Final = (CredentialTextRecord, SupersededTextRecord, EndorsementRecord)


def record_issued(
    session: Session,
    installation: Installation,
    text: str,
    key_id: str,
    *,
    subject: object,
    organisation: OrganisationRecord | None,
) -> None:
    """Write down, here and in the audit, that a key of ours signed this credential. Call it in the transaction that
    stores the text. Safe to repeat.

    text: a JSON credential with an embedded proof, or a compact JWS. subject: the number of what it is about.
    organisation: who signed; None for the service itself.
    """
    issued = issued_hash(text)
    session.merge(LedgerEntryRecord(signing_key_id=key_id, hash=issued))
    leave_line(session, installation, Action.SIGNED, key_id, organisation=organisation, of=str(subject), hash=issued)


def complete_ledger(session: Session, key: SigningKeyRecord) -> int:
    """Write down, entry by entry, what a key signed in batches, and what is kept of its credentials and is not in the
    ledger: they are older than it.

    Returns how many entries the key has then.
    """
    found = set(session.scalars(select(LedgerEntryRecord.hash).where(LedgerEntryRecord.signing_key_id == key.id)))
    in_batches = select(LedgerChunkRecord.hashes).where(LedgerChunkRecord.signing_key_id == key.id)
    for hashes in session.scalars(in_batches.execution_options(yield_per=100)):
        fresh = {hashes[place : place + HASH_BYTES].hex() for place in range(0, len(hashes), HASH_BYTES)} - found
        if fresh:
            session.execute(insert(LedgerEntryRecord), [{"signing_key_id": key.id, "hash": each} for each in fresh])
        found |= fresh
    texts = union_all(
        *(select(kept.content).where(kept.signing_key_id == key.id, kept.content.is_not(None)) for kept in _KEPT_TEXTS)
    )
    for text in session.scalars(texts.execution_options(yield_per=500)):
        assert text is not None
        issued = issued_hash(text)
        if issued not in found:
            found.add(issued)
            session.add(LedgerEntryRecord(signing_key_id=key.id, hash=issued))
    session.flush()
    return len(found)


def ledger_url(key: SigningKeyRecord, addresses: Addresses) -> str:
    """Return where the ledger of a key is published. It ends with a slash."""
    return addresses.url("key_ledger", key_id=key.id, prefix="")


def ledger_part(session: Session, addresses: Addresses, key_id: str, prefix: str) -> JsonObject:
    """Return the part of a compromised key's ledger whose hashes begin with a prefix.

    Raises NotFoundError for a key that is not compromised, and for a prefix that is none.
    """
    key = find_key(session, key_id)
    if key.state != KeyState.COMPROMISED or not is_prefix(prefix):
        raise NotFoundError("There is no ledger at this address.")
    hashes = session.scalars(
        select(LedgerEntryRecord.hash).where(
            LedgerEntryRecord.signing_key_id == key.id,
            LedgerEntryRecord.hash >= prefix,
            LedgerEntryRecord.hash < prefix + "g",  # what follows "f", the last digit
        )
    ).all()
    return shard_document(addresses.url("key", key_id=key.id), prefix, hashes)
