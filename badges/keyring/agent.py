"""The keyring of a process without private keys: it asks the signing agent, which the worker runs."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.serialization import load_der_public_key

from badges import errors
from badges.errors import BadgesError, ConfigurationError, UnavailableError
from badges.keyring.folder import FILE_SCHEME
from badges.keyring.place import KeptKey, key_id_of, usable_key
from badges.keyring.wire import DATA_LIMIT_BYTES, Letter, address_of, receive_letter, send_letter
from badges.standards.signer import KeyAlgorithm, PublicKey, Signer
from badges.vocab.json import JsonObject

# A worker that was just started again is waited for; more would hold up others who wait for the database.
_START_PATIENCE_SECONDS: Final = 2.0
# A key in a KMS may take several tries.
_ANSWER_SECONDS: Final = 20.0
_KINDS: Final = {
    kind.__name__: kind
    for kind in (
        errors.ConfigurationError,
        errors.ConflictError,
        errors.NotFoundError,
        errors.RefusedError,
        errors.UnavailableError,
    )
}


class AgentKeyring:
    """A `Keyring` whose signers ask the agent. It holds no key and no passphrase."""

    def __init__(self, path: Path) -> None:
        """path: of the agent's socket."""
        self._path = path

    def signer(self, uri: str, key_id: str, algorithm: KeyAlgorithm, public_key: PublicKey) -> Signer:  # noqa: ARG002
        """As Keyring.signer. The agent looks up where the key is, and compares it, by itself."""
        return AgentSigner(self, key_id, algorithm, public_key)

    def find(self, uri: str) -> KeptKey:
        """Raises ConfigurationError: which keys there are beside the known ones is not for this process to ask."""
        raise ConfigurationError(
            "The key %(uri)s can only be taken in where the keys are: run `badges keys use` in the shell.", uri=uri
        )

    def make(self, algorithm: KeyAlgorithm, like: str = FILE_SCHEME) -> KeptKey:
        answer = self.ask({"do": "make", "algorithm": algorithm, "like": like})
        uri = str(answer.head["uri"])
        public_key, algorithm = usable_key(load_der_public_key(answer.data), uri)
        return KeptKey(uri, AgentSigner(self, key_id_of(public_key), algorithm, public_key))

    def ask(self, head: JsonObject, data: bytes = b"") -> Letter:
        """Return the agent's answer.

        Raises what the agent raised; UnavailableError when there is none, or it ends in the middle.
        """
        try:
            with self._connect() as connection:
                send_letter(connection, Letter(head, data))
                answer = receive_letter(connection)
        except OSError as problem:
            raise UnavailableError(
                "Signing is not possible at the moment. Nothing was changed. Try again in a minute."
            ) from problem
        if "problem" in answer.head:
            raise _problem_of(answer.head)
        return answer

    def _connect(self) -> socket.socket:
        address = address_of(self._path)
        deadline = time.monotonic() + _START_PATIENCE_SECONDS
        while True:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(_ANSWER_SECONDS)
            try:
                connection.connect(address)
            except OSError as problem:
                connection.close()
                is_away = isinstance(problem, FileNotFoundError | ConnectionRefusedError)
                if not is_away or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return connection


class AgentSigner:
    """Signs by asking the agent."""

    def __init__(self, agent: AgentKeyring, key_id: str, algorithm: KeyAlgorithm, public_key: PublicKey) -> None:
        self._agent = agent
        self._key_id = key_id
        self._algorithm = algorithm
        self._public_key = public_key

    @property
    def key_id(self) -> str:
        return self._key_id

    @property
    def algorithm(self) -> KeyAlgorithm:
        return self._algorithm

    @property
    def public_key(self) -> PublicKey:
        return self._public_key

    def sign(self, data: bytes) -> bytes:
        """As Signer.sign. Raises what the agent raises: it does not sign everything."""
        if len(data) > DATA_LIMIT_BYTES:
            raise errors.RefusedError("This is more than the signing agent takes.")
        return self._agent.ask({"do": "sign", "key": self._key_id}, data).data


def _problem_of(head: JsonObject) -> BadgesError:
    kind = _KINDS.get(str(head["problem"]), UnavailableError)
    return kind("%(message)s", message=str(head.get("message", "")))
