"""A keyring: finds the signer of a key by its URI, wherever the key is kept, and makes sure that it is that key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from badges.errors import ConfigurationError
from badges.keyring.folder import FILE_SCHEME
from badges.keyring.place import KeptKey, KeyPlace
from badges.standards.signer import KeyAlgorithm, PublicKey, Signer


class Keyring(Protocol):
    """What the services see of private keys."""

    def signer(self, uri: str, key_id: str, algorithm: KeyAlgorithm, public_key: PublicKey) -> Signer:
        """Return the signer of this key.

        public_key: what the database says the key's public half is; where another key is kept, it is refused.
        Raises as KeyPlace.open.
        """
        ...

    def find(self, uri: str) -> KeptKey:
        """Return whatever key is kept under a URI. Raises as KeyPlace.open."""
        ...

    def make(self, algorithm: KeyAlgorithm, like: str = FILE_SCHEME) -> KeptKey:
        """As KeyPlace.make. like: a key that is kept in the same kind of place, or the place's scheme."""
        ...


class LocalKeyring:
    """The keyring of a process that may use the keys itself. A key is opened once and kept."""

    def __init__(self, places: Mapping[str, KeyPlace]) -> None:
        """places: by the scheme of their URIs."""
        self._places = places
        self._opened: dict[str, Signer] = {}

    def signer(self, uri: str, key_id: str, algorithm: KeyAlgorithm, public_key: PublicKey) -> Signer:
        found = self._opened.get(uri) or self.find(uri).signer
        if found.public_key != public_key or found.key_id != key_id or found.algorithm is not algorithm:
            raise ConfigurationError(
                "%(uri)s, where the signing key %(key)s should be, holds another key. "
                "Put the right one back from your copy.",
                uri=uri,
                key=key_id,
            )
        self._opened[uri] = found
        return found

    def find(self, uri: str) -> KeptKey:
        return self._place(uri).open(uri)

    def make(self, algorithm: KeyAlgorithm, like: str = FILE_SCHEME) -> KeptKey:
        made = self._place(like).make(algorithm, like)
        self._opened[made.uri] = made.signer
        return made

    def _place(self, uri: str) -> KeyPlace:
        scheme = uri.partition(":")[0]
        if scheme not in self._places:
            raise ConfigurationError(
                'The signing key "%(uri)s" is of a kind that is not known here: %(known)s are.',
                uri=uri,
                known=", ".join(f"{known}:" for known in self._places),
            )
        return self._places[scheme]
