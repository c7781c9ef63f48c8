"""What holds for every kind of place where keys are kept: a new kind is added to `PLACES`, and passes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import boto3
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from moto.kms import utils as moto_kms
from moto.server import ThreadedMotoServer

from badges.errors import ConfigurationError
from badges.keyring import KEY_PLACES
from badges.keyring.folder import KeyFolder
from badges.keyring.keyring import LocalKeyring
from badges.keyring.kms import KmsKeys
from badges.keyring.place import KeyPlace
from badges.keyring.signers import fits
from badges.standards.signer import KeyAlgorithm
from tests.kms import REGION, KmsServer

# Texts of every length that we sign: hash pairs, tokens, tokens with pictures inside.
DATA: Final = (b"h" * 64, b"header.payload" * 20, b"x" * 20_000)


@dataclass(frozen=True)
class Stand:
    """A place in a test. new: makes a key and returns a URI of it. swap: puts another key under that URI."""

    scheme: str
    place: KeyPlace
    new: Callable[[KeyAlgorithm], str]
    swap: Callable[[str, KeyAlgorithm], None]
    missing: str


@pytest.fixture
def files(tmp_path: Path) -> Stand:
    folder = KeyFolder(tmp_path / "keys")
    folder.prepare()

    def swap(uri: str, algorithm: KeyAlgorithm) -> None:
        other = folder.make(algorithm).uri.removeprefix("file:")
        (tmp_path / "keys" / other).replace(tmp_path / "keys" / uri.removeprefix("file:"))

    return Stand("file", folder, lambda algorithm: folder.make(algorithm).uri, swap, "file:0123456789abcdef.pem")


@pytest.fixture
def moto(lead_to_kms: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    """AWS KMS as moto plays it: RSA and P-256. It does not know that a message may be a digest; that is added here."""
    digest = Prehashed(hashes.SHA256())
    monkeypatch.setattr(
        moto_kms.RSAPrivateKey, "sign", lambda key, data, _: key.private_key.sign(data, padding.PKCS1v15(), digest)
    )
    monkeypatch.setattr(
        moto_kms.ECDSAPrivateKey, "sign", lambda key, data, _: key.private_key.sign(data, ec.ECDSA(digest))
    )
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    lead_to_kms(f"http://{host}:{port}")
    client: Any = boto3.client("kms")
    specs = {KeyAlgorithm.RS256: "RSA_2048", KeyAlgorithm.ES256: "ECC_NIST_P256"}

    def made(algorithm: KeyAlgorithm) -> str:
        answer = client.create_key(KeySpec=specs[algorithm], KeyUsage="SIGN_VERIFY")
        return str(answer["KeyMetadata"]["Arn"])

    def new(algorithm: KeyAlgorithm) -> str:
        alias = f"alias/{uuid4()}"  # moto remembers those of the test before
        client.create_alias(AliasName=alias, TargetKeyId=made(algorithm))
        return f"aws-kms:{alias}"

    def swap(uri: str, algorithm: KeyAlgorithm) -> None:
        client.update_alias(AliasName=uri.removeprefix("aws-kms:"), TargetKeyId=made(algorithm))

    yield Stand("aws-kms", KmsKeys(makes_keys=True), new, swap, "aws-kms:alias/none")
    server.stop()


@pytest.fixture
def kms_stand(kms: KmsServer) -> Stand:
    """A server of the shape of AWS KMS: all three."""
    specs = {
        KeyAlgorithm.EDDSA: "ECC_NIST_EDWARDS25519",
        KeyAlgorithm.RS256: "RSA_2048",
        KeyAlgorithm.ES256: "ECC_NIST_P256",
    }

    def new(algorithm: KeyAlgorithm) -> str:
        kms.new_key(specs[algorithm], f"alias/{algorithm}")
        return f"aws-kms:alias/{algorithm}"

    def swap(uri: str, algorithm: KeyAlgorithm) -> None:
        kms.new_key(specs[algorithm], uri.removeprefix("aws-kms:"))

    missing = f"aws-kms:arn:aws:kms:{REGION}:111122223333:key/none"
    return Stand("aws-kms", KmsKeys(makes_keys=True), new, swap, missing)


EDDSA, RS256, ES256 = KeyAlgorithm.EDDSA, KeyAlgorithm.RS256, KeyAlgorithm.ES256
PLACES: Final = {"files": (EDDSA, RS256, ES256), "moto": (RS256, ES256), "kms_stand": (EDDSA, RS256, ES256)}
CASES: Final = [(name, algorithm) for name, algorithms in PLACES.items() for algorithm in algorithms]
every_case = pytest.mark.parametrize(("stand", "algorithm"), CASES, indirect=["stand"])
every_place = pytest.mark.parametrize("stand", PLACES, indirect=True)


@pytest.fixture
def stand(request: pytest.FixtureRequest) -> Stand:
    found: Stand = request.getfixturevalue(request.param)
    return found


def test_every_kind_of_the_table_is_tried(files: Stand, moto: Stand) -> None:
    assert {files.scheme, moto.scheme} == set(KEY_PLACES)


@every_case
def test_signature_fits_and_has_its_fixed_length(stand: Stand, algorithm: KeyAlgorithm) -> None:
    """Source: RFC 8032; RFC 7518, 3.3 and 3.4."""
    signer = stand.place.open(stand.new(algorithm)).signer
    assert signer.algorithm is algorithm
    for data in DATA:
        if algorithm is EDDSA and stand.scheme == "aws-kms" and len(data) > 4096:
            continue  # it says so: test_kms.py
        signature = signer.sign(data)
        assert fits(signer.public_key, signature, data)
        assert len(signature) == (256 if algorithm is RS256 else 64)
        assert not fits(signer.public_key, signature, data + b"!")


@every_case
def test_key_that_is_made_can_be_opened_again(stand: Stand, algorithm: KeyAlgorithm) -> None:
    like = f"{stand.scheme}:" if stand.scheme == "file" else f"aws-kms:arn:aws:kms:{REGION}:111122223333:key/old"
    kept = stand.place.make(algorithm, like)
    assert kept.uri.startswith(f"{stand.scheme}:")
    again = stand.place.open(kept.uri)
    assert again.uri == kept.uri
    assert (again.signer.key_id, again.signer.algorithm) == (kept.signer.key_id, algorithm)
    assert again.signer.public_key == kept.signer.public_key


@every_case
def test_swapped_key_is_refused_before_anything_is_signed(stand: Stand, algorithm: KeyAlgorithm) -> None:
    uri = stand.new(algorithm)
    signer = stand.place.open(uri).signer
    stand.swap(uri, algorithm)
    keyring = LocalKeyring({stand.scheme: stand.place})
    with pytest.raises(ConfigurationError, match=f"{signer.key_id} should be, holds another key"):
        keyring.signer(uri, signer.key_id, algorithm, signer.public_key)


@every_place
def test_key_that_is_not_there_is_named(stand: Stand) -> None:
    name = stand.missing.rpartition("/")[2].removeprefix("file:")
    with pytest.raises(ConfigurationError, match=name):
        stand.place.open(stand.missing)


@every_place
@pytest.mark.parametrize("rest", ["", " ", "../x", "a b", "arn:aws:s3:::bucket x", "alias/x\n", "é"])
def test_name_that_is_none_is_refused(stand: Stand, rest: str) -> None:
    with pytest.raises(ConfigurationError):
        stand.place.open(f"{stand.scheme}:{rest}")
