"""Keys as files: one encrypted PKCS#8 file each, mode 0600, in a folder of mode 0700."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from badges.errors import ConfigurationError
from badges.keyring.files import make_folder, open_to_others, read_file, write_new
from badges.keyring.place import KeptKey, key_id_of, usable_key
from badges.keyring.signers import PrivateKey, PrivateKeySigner, new_private_key
from badges.standards.signer import KeyAlgorithm
from badges.wording import Wording

PASSPHRASE_FILE: Final = "passphrase"  # noqa: S105 — the name of a file
FILE_SCHEME: Final = "file"


class KeyFolder:
    """The keys folder of one installation."""

    def __init__(self, folder: Path, passphrase: str = "", passphrase_file: Path | None = None) -> None:
        """passphrase: what the key files are encrypted with; "" reads it from the file, by default `passphrase` in the
        folder.
        """
        self._folder = folder
        self._passphrase = passphrase
        self._passphrase_file = passphrase_file or folder / PASSPHRASE_FILE

    def prepare(self) -> None:
        """Make the folder of a new instance, and a passphrase where none is set; what is there stays.

        Raises UnavailableError.
        """
        make_folder(self._folder)
        if self.keeps_passphrase and not self._passphrase_file.exists():
            with contextlib.suppress(FileExistsError):  # another process was faster: its passphrase is the one
                write_new(self._passphrase_file, secrets.token_hex(32).encode() + b"\n")

    @property
    def reads_passphrase_from_file(self) -> bool:
        """Whether it is a file, wherever that is."""
        return not self._passphrase

    @property
    def keeps_passphrase(self) -> bool:
        """Whether the passphrase is a file beside the keys."""
        return not self._passphrase and self._passphrase_file.parent == self._folder

    def open(self, uri: str) -> KeptKey:
        """As KeyPlace.open. uri: file:NAME, a file of the folder. Reading an RSA key takes 50 ms."""
        private_key = self._read_key(self._path(uri))
        public_key, algorithm = usable_key(private_key.public_key(), uri)
        return KeptKey(uri, PrivateKeySigner(key_id_of(public_key), algorithm, private_key))

    def make(self, algorithm: KeyAlgorithm, like: str = FILE_SCHEME) -> KeptKey:  # noqa: ARG002 — there is one folder
        """As KeyPlace.make: writes the file of a new key."""
        private_key = new_private_key(algorithm)
        key_id = key_id_of(private_key.public_key())
        name = f"{key_id}.pem"
        write_new(self._folder / name, encrypted(private_key, self.read_passphrase()))
        return KeptKey(f"{FILE_SCHEME}:{name}", PrivateKeySigner(key_id, algorithm, private_key))

    def doubts(self) -> list[Wording]:
        """Say which files others can read."""
        return open_to_others(self._folder, "*.pem", PASSPHRASE_FILE)

    def read_passphrase(self) -> bytes:
        """Return what the key files are encrypted with. Raises ConfigurationError."""
        if self._passphrase:
            return self._passphrase.encode()
        path = self._passphrase_file
        if not path.exists():
            raise ConfigurationError(
                "The passphrase of the signing keys is missing: set BADGES_KEY_PASSPHRASE, "
                "or put the file %(path)s back.",
                path=path,
            )
        passphrase = read_file(path).strip()
        if not passphrase:
            raise ConfigurationError(
                "The file %(path)s with the passphrase of the signing keys is empty. Put it back from your copy.",
                path=path,
            )
        return passphrase

    def _path(self, uri: str) -> Path:
        scheme, _, name = uri.partition(":")
        if scheme != FILE_SCHEME or not name or "/" in name or name.startswith("."):
            raise ConfigurationError('The signing key "%(uri)s" is none of the keys folder.', uri=uri)
        return self._folder / name

    def _read_key(self, path: Path) -> PrivateKey:
        if not path.exists():
            raise ConfigurationError(
                "The file of a signing key is missing: %(path)s. Put it back from your copy, or make a new key with "
                "`badges keys rotate`. Badges that were signed with it stay valid.",
                path=path,
            )
        return decrypted(read_file(path), self.read_passphrase(), path)


def encrypted(key: PrivateKey, passphrase: bytes) -> bytes:
    """Return a private key as PEM, encrypted PKCS#8."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase),
    )


def decrypted(pem: bytes, passphrase: bytes, path: Path) -> PrivateKey:
    """Return the private key of an encrypted PEM. path: where it is from. Raises ConfigurationError."""
    try:
        key = serialization.load_pem_private_key(pem, passphrase)
    except (ValueError, TypeError) as problem:
        raise ConfigurationError(
            "The signing key %(path)s cannot be opened: the passphrase is wrong or the file is damaged.", path=path
        ) from problem
    if not isinstance(key, ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise ConfigurationError("The signing key %(path)s is of a kind that is not used here.", path=path)
    return key
