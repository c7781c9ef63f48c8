"""Private keys. Everything else sees only a `Signer`, named by the key's URI; its scheme says where the key is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from badges.config import Settings
from badges.keyring.folder import FILE_SCHEME, KeyFolder
from badges.keyring.keyring import LocalKeyring
from badges.keyring.kms import KMS_SCHEME, KmsKeys
from badges.keyring.place import KeyPlace


def key_folder(settings: Settings) -> KeyFolder:
    """Return the keys folder of these settings."""
    return KeyFolder(settings.keys_folder, settings.key_passphrase, settings.key_passphrase_file)


def _kms(settings: Settings) -> KmsKeys:
    return KmsKeys(makes_keys=settings.kms_makes_keys)


KEY_PLACES: Final[Mapping[str, Callable[[Settings], KeyPlace]]] = {FILE_SCHEME: key_folder, KMS_SCHEME: _kms}


def local_keyring(settings: Settings) -> LocalKeyring:
    """Return the keyring of a process that may use the keys itself. Nothing is opened yet."""
    return LocalKeyring({scheme: make_place(settings) for scheme, make_place in KEY_PLACES.items()})
