"""Keys as files: one encrypted PKCS#8 file each, mode 0600, in a folder of mode 0700."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from badges.errors import ConfigurationError, UnavailableError
from badges.keyring.signers import PrivateKey, PrivateKeySigner, new_private_key
from badges.standards.signer import KeyAlgorithm, PublicKey, Signer

PASSPHRASE_FILE: Final = "passphrase"  # noqa: S105 — the name of a file
SECRETS: Final = ("links", "sessions", "jobs")
_SCHEME: Final = "file:"
_SECRET: Final = re.compile(r"[0-9a-f]{64}")


class KeyFolder:
    """The keys folder of one installation. Keys are read once and kept: reading an RSA key takes 50 ms."""

    def __init__(self, folder: Path, passphrase: str = "") -> None:
        """passphrase: what the key files are encrypted with; "" reads it from the file `passphrase` in the folder."""
        self._folder = folder
        self._passphrase = passphrase
        self._signers: dict[str, Signer] = {}

    @property
    def keeps_passphrase(self) -> bool:
        """Whether the passphrase is a file beside the keys."""
        return not self._passphrase

    def prepare(self) -> None:
        """Make the folder with passphrase and secrets of a new instance; what is there stays. Raises UnavailableError.

        All are made here and never later: a copy of the folder made now is complete, and one that is missing is
        missed, instead of being replaced by another that opens nothing.
        """
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.chmod(0o700)
        except OSError as problem:
            raise UnavailableError(
                "The keys folder %(path)s cannot be made: %(problem)s.",
                path=self._folder,
                problem=problem.strerror,
            ) from problem
        names = [f"{name}.secret" for name in SECRETS]
        for name in names if self._passphrase else [PASSPHRASE_FILE, *names]:
            if not (self._folder / name).exists():
                with contextlib.suppress(FileExistsError):  # another process was faster: its secret is the one
                    self._write(name, secrets.token_hex(32).encode() + b"\n")

    def generate(self, algorithm: KeyAlgorithm) -> tuple[str, str, PublicKey]:
        """Make a new key pair and write its file. Returns (key id, URI, public key). Raises UnavailableError."""
        private_key = new_private_key(algorithm)
        public_key = private_key.public_key()
        key_id = _key_id(public_key)
        pem = private_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(self._read_passphrase()),
        )
        name = f"{key_id}.pem"
        self._write(name, pem)
        return key_id, _SCHEME + name, public_key

    def signer(self, uri: str, key_id: str, algorithm: KeyAlgorithm, public_key: PublicKey) -> Signer:
        """Return the signer of this key.

        public_key: what the database says the key's public half is; a file that holds another key is refused.
        Raises ConfigurationError when the file is missing, cannot be decrypted, or is another key's.
        """
        if uri not in self._signers:
            private_key = self._read_key(uri)
            if _raw(private_key.public_key()) != _raw(public_key):
                raise ConfigurationError(
                    "The file of the signing key %(key)s holds another key. Put the right file back from your copy.",
                    key=key_id,
                )
            self._signers[uri] = PrivateKeySigner(key_id, algorithm, private_key)
        return self._signers[uri]

    def secret(self, name: str) -> bytes:
        """Return the 32 secret bytes of this name, one of SECRETS. They never reach the database.

        Raises ConfigurationError when the file is missing or damaged: with a short secret anybody could make our
        links.
        """
        path = self._folder / f"{name}.secret"
        if not path.exists():
            raise ConfigurationError(
                "The secret file %(path)s is missing. Put it back from your copy: it belongs to the links in mails "
                "and to the sessions of those who are signed in.",
                path=path,
            )
        text = self._read(path).decode("ascii", "replace").strip()
        if not _SECRET.fullmatch(text):
            raise ConfigurationError("The secret file %(path)s is damaged. Put it back from your copy.", path=path)
        return bytes.fromhex(text)

    def _read_passphrase(self) -> bytes:
        if self._passphrase:
            return self._passphrase.encode()
        path = self._folder / PASSPHRASE_FILE
        if not path.exists():
            raise ConfigurationError(
                "The passphrase of the signing keys is missing: set BADGES_KEY_PASSPHRASE, "
                "or put the file %(path)s back.",
                path=path,
            )
        passphrase = self._read(path).strip()
        if not passphrase:
            raise ConfigurationError(
                "The file %(path)s with the passphrase of the signing keys is empty. Put it back from your copy.",
                path=path,
            )
        return passphrase

    def _read_key(self, uri: str) -> PrivateKey:
        name = uri.removeprefix(_SCHEME)
        if not uri.startswith(_SCHEME) or "/" in name or name.startswith("."):
            raise ConfigurationError('The signing key "%(uri)s" is of a kind that is not known here.', uri=uri)
        path = self._folder / name
        if not path.exists():
            raise ConfigurationError(
                "The file of a signing key is missing: %(path)s. Put it back from your copy, or make a new key with "
                "`badges keys rotate`. Badges that were signed with it stay valid.",
                path=path,
            )
        try:
            key = serialization.load_pem_private_key(self._read(path), self._read_passphrase())
        except (ValueError, TypeError) as problem:
            raise ConfigurationError(
                "The signing key %(path)s cannot be opened: the passphrase is wrong or the file is damaged.",
                path=path,
            ) from problem
        if not isinstance(key, ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise ConfigurationError("The signing key %(path)s is of a kind that is not used here.", path=path)
        return key

    def _read(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as problem:
            raise ConfigurationError(
                "The file %(path)s cannot be read: %(problem)s.", path=path, problem=problem.strerror
            ) from problem

    def _write(self, name: str, content: bytes) -> None:
        """Write a new file of mode 0600, whole or not at all. Raises FileExistsError, UnavailableError."""
        path = self._folder / name
        fresh = self._folder / f".{name}.{secrets.token_hex(4)}"
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.link(fresh, path)
        except FileExistsError:
            raise
        except OSError as problem:
            raise UnavailableError(
                "The file %(path)s cannot be written: %(problem)s.", path=path, problem=problem.strerror
            ) from problem
        finally:
            fresh.unlink(missing_ok=True)


def _raw(key: PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _key_id(key: PublicKey) -> str:
    """Return a short name that follows from the key, so that two keys never share one."""
    return hashlib.sha256(_raw(key)).hexdigest()[:16]
