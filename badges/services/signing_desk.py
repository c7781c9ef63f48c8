"""What the signing agent does when it is asked: it signs with keys that the database knows, and only what we sign.

Who asks may have been taken over. It can still have badges of its own invention signed while it can ask, because what a
badge says is decided there; it never gets a key, and nothing else signed: no sign-in token, no text of another issuer.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from badges.errors import ConflictError, NotFoundError, RefusedError, StandardsError
from badges.keyring.place import KeptKey
from badges.keyring.wire import Letter
from badges.services.context import Installation
from badges.services.signing_keys import find_key, open_signer, owner_did
from badges.standards.json_text import read_json_object
from badges.standards.proofs.jws import parse_compact
from badges.standards.signer import KeyAlgorithm
from badges.storage.engine import Database
from badges.storage.records import KeyState, SigningKeyRecord
from badges.vocab.json import JsonObject

# Two SHA-256 hashes, of the proof's options and of the document. Source: VC-DI-EDDSA 1.0, 3.2.4 and 3.3.4.
_HASH_PAIR_BYTES: Final = 64
_HEADERS: Final = frozenset({"alg", "kid", "typ"})
# Keys whose transaction has not ended: they may sign in it. More than any transaction makes.
_FRESH_FOR: Final = timedelta(minutes=10)
_MOST_FRESH: Final = 600


@dataclass(frozen=True, slots=True)
class _FreshKey:
    kept: KeptKey
    made_at: datetime


class SigningDesk:
    """Answers the questions that the agent takes in."""

    def __init__(self, database: Database, installation: Installation) -> None:
        self._database = database
        self._installation = installation
        self._fresh: dict[str, _FreshKey] = {}
        self._making = threading.Lock()

    def answer(self, question: Letter) -> Letter:
        """Return the answer to a question. Raises RefusedError for one that is none, and as `_sign` and `_make`."""
        match question.head:
            case {"do": "sign", "key": str(key_id)}:
                return Letter({}, self._sign(key_id, question.data))
            case {"do": "make", "algorithm": str(algorithm), "like": str(like)} if algorithm in set(KeyAlgorithm):
                return self._make(KeyAlgorithm(algorithm), like)
            case {"do": "greet"}:
                return Letter({})
        raise RefusedError("This is no question to the signing agent.")

    def _sign(self, key_id: str, data: bytes) -> bytes:
        """Raises NotFoundError, ConflictError for a key that signs no more, RefusedError for what we do not sign."""
        try:
            with self._database.read() as session:
                record = find_key(session, key_id)
        except NotFoundError:
            fresh = self._fresh.get(key_id)
            if fresh is None or fresh.made_at < self._installation.clock() - _FRESH_FOR:
                raise
            _check_hash_pair(data)
            return fresh.kept.signer.sign(data)
        self._fresh.pop(key_id, None)
        if record.state != KeyState.ACTIVE:
            raise ConflictError("The key %(key)s signs no more.", key=key_id)
        self._check_content(record, data)
        return open_signer(self._installation, record).sign(data)

    def _check_content(self, record: SigningKeyRecord, data: bytes) -> None:
        """Raise RefusedError unless it is what this key signs here: a hash pair, or a token of its owner."""
        if record.algorithm == KeyAlgorithm.EDDSA:
            _check_hash_pair(data)
            return
        header, payload = _read_token(data)
        is_ours = (
            header.get("alg") == record.algorithm
            and header.keys() <= _HEADERS
            and "@context" in payload  # a badge, and no token of another kind
            and (self._is_credential(record, header, payload) or self._is_assertion(record, header, payload))
        )
        if not is_ours:
            raise RefusedError("The key %(key)s signs no such token.", key=record.id)

    def _is_credential(self, record: SigningKeyRecord, header: JsonObject, payload: JsonObject) -> bool:
        """Whether it is a VC-JWT of the key's owner."""
        addresses = self._installation.addresses
        return bool(
            header.get("kid") == addresses.url("key", key_id=record.id)
            and payload.get("iss") == owner_did(record.organisation, addresses)
        )

    def _is_assertion(self, record: SigningKeyRecord, header: JsonObject, payload: JsonObject) -> bool:
        """Whether it is an assertion of Open Badges 2.0 that names this key."""
        key_url = self._installation.addresses.url("ob2_key", key_id=record.id)
        wanted = {"type": "SignedBadge", "creator": key_url}
        return "kid" not in header and "iss" not in payload and payload.get("verification") == wanted

    def _make(self, algorithm: KeyAlgorithm, like: str) -> Letter:
        """Raises RefusedError when too many keys were made of which the database does not know."""
        with self._making:
            now = self._installation.clock()
            self._fresh = {name: key for name, key in self._fresh.items() if key.made_at >= now - _FRESH_FOR}
            if len(self._fresh) >= _MOST_FRESH:
                raise RefusedError("Too many keys were made in the last minutes that nobody uses.")
            kept = self._installation.keys.make(algorithm, like)
            self._fresh[kept.signer.key_id] = _FreshKey(kept, now)
        public = kept.signer.public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return Letter({"uri": kept.uri}, public)


def _check_hash_pair(data: bytes) -> None:
    if len(data) != _HASH_PAIR_BYTES:
        raise RefusedError("An Ed25519 key signs the hashes of documents here, and nothing else.")


def _read_token(data: bytes) -> tuple[JsonObject, JsonObject]:
    """Return header and payload of a token that is to be signed. Raises RefusedError."""
    try:
        parsed = parse_compact(f"{data.decode('ascii')}.")
        return parsed.header, read_json_object(parsed.payload)
    except (StandardsError, UnicodeDecodeError) as problem:
        raise RefusedError("An RSA or P-256 key signs tokens here, and nothing else.") from problem
