"""A keyring finds a key wherever it is kept, opens it once, and refuses any other than the one that is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from badges.errors import ConfigurationError
from badges.keyring.folder import KeyFolder
from badges.keyring.keyring import LocalKeyring
from badges.standards.signer import KeyAlgorithm


@pytest.fixture
def keyring(tmp_path: Path) -> LocalKeyring:
    folder = KeyFolder(tmp_path / "keys")
    folder.prepare()
    return LocalKeyring({"file": folder})


def test_signer_is_that_of_the_key_that_was_made(keyring: LocalKeyring) -> None:
    kept = keyring.make(KeyAlgorithm.EDDSA)
    made = kept.signer
    assert keyring.signer(kept.uri, made.key_id, KeyAlgorithm.EDDSA, made.public_key) is made


def test_opened_key_is_compared_each_time(keyring: LocalKeyring) -> None:
    kept, other = keyring.make(KeyAlgorithm.EDDSA), keyring.make(KeyAlgorithm.EDDSA).signer
    uri, made = kept.uri, kept.signer
    with pytest.raises(ConfigurationError, match="holds another key"):
        keyring.signer(uri, made.key_id, KeyAlgorithm.EDDSA, other.public_key)
    with pytest.raises(ConfigurationError, match="holds another key"):
        keyring.signer(uri, made.key_id, KeyAlgorithm.ES256, made.public_key)


@pytest.mark.parametrize("uri", ["kms:abc", "key.pem", "", "http://example.org/key"])
def test_unknown_kind_of_place_is_said_with_those_that_are_known(keyring: LocalKeyring, uri: str) -> None:
    with pytest.raises(ConfigurationError, match=r"not known here: .*file:"):
        keyring.find(uri)
    with pytest.raises(ConfigurationError, match="not known here"):
        keyring.make(KeyAlgorithm.EDDSA, "kms")
