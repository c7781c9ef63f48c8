"""Keys as files: one encrypted PKCS#8 file each, mode 0600, in a folder of mode 0700."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from badges.errors import ConfigurationError
from badges.keyring.archive import check_passphrase
from badges.keyring.files import make_folder, open_to_others, read_file, replace_file, write_new
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
        return open_to_others(self._folder, "*.pem", f"{PASSPHRASE_FILE}*")

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

    def key_files(self) -> list[Path]:
        """Return the file of every key, of those that signed long ago too."""
        return sorted(path for path in self._folder.glob("*.pem") if not path.name.startswith("."))

    def read_key(self, path: Path, *passphrases: bytes) -> PrivateKey:
        """Return the private key of a file of the folder. passphrases: more that may open it.

        Raises ConfigurationError.
        """
        pem, tried = read_file(path), [self.read_passphrase(), *passphrases]
        if self._next_file.exists():  # a change of the passphrase was broken off
            tried.append(read_file(self._next_file).strip())
        for passphrase in tried[:-1]:
            try:
                return decrypted(pem, passphrase, path)
            except ConfigurationError:
                continue
        return decrypted(pem, tried[-1], path)

    def put_key(self, name: str, key: PrivateKey) -> None:
        """Write a key that is not here yet, encrypted with the passphrase of now.

        Raises FileExistsError, UnavailableError, ConfigurationError.
        """
        write_new(self._folder / name, encrypted(key, self.read_passphrase()))

    def change_passphrase(self, new: str) -> int:
        """Encrypt all keys anew. new: what with; "" for one made by chance, kept where the old one is.

        Broken off at any moment, all keys still open: with the old or the new one where it was given, by themselves
        where it is kept in a file. Running it again goes on. Returns how many keys there are.

        Raises ConfigurationError, before anything is changed, when a key does not open or the passphrase of now is in
        no file that could be replaced; InvalidInputError; UnavailableError.
        """
        if new:
            wanted = check_passphrase(new).encode()
        elif self._passphrase:
            raise ConfigurationError(
                "The passphrase is in BADGES_KEY_PASSPHRASE, so nobody but you can change it there. Give a new one."
            )
        else:
            wanted = secrets.token_hex(32).encode()
            if self._next_file.exists():
                wanted = read_file(self._next_file).strip()
        keys = {path: self.read_key(path, wanted) for path in self.key_files()}
        if not new:
            replace_file(self._next_file, wanted + b"\n")
        for path, key in keys.items():
            replace_file(path, encrypted(key, wanted))
        if not new:
            self._next_file.replace(self._passphrase_file)
            return len(keys)
        self._next_file.unlink(missing_ok=True)
        if self.keeps_passphrase:
            self._passphrase_file.unlink(missing_ok=True)
        return len(keys)

    @property
    def _next_file(self) -> Path:
        """Where a new passphrase is while keys are encrypted anew."""
        return self._passphrase_file.with_name(f"{self._passphrase_file.name}.next")

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
        return self.read_key(path)


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
