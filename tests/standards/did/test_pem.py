"""Public keys in PEM."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from badges.standards.did.pem import PemError, pem_to_public_key
from badges.standards.signer import KeyAlgorithm
from tests.standards.local_signer import signer_for


def pem_of(key: object) -> str:
    text: bytes = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined]
    return text.decode()


@pytest.mark.parametrize("algorithm", list(KeyAlgorithm))
def test_reads_the_keys_that_we_use(algorithm: KeyAlgorithm) -> None:
    key = signer_for(algorithm).public_key
    assert pem_to_public_key(pem_of(key)) == key


def test_reads_the_older_form_of_rsa_keys() -> None:
    key = signer_for(KeyAlgorithm.RS256).public_key
    assert pem_to_public_key(key.public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()) == key


def secret() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.mark.parametrize(
    "pem",
    [
        None,
        7,
        "",
        "x",
        "-----BEGIN PUBLIC KEY-----\n\n-----END PUBLIC KEY-----",
        "é" * 100,
        "x" * 10_000,
        secret(),
        pem_of(rsa.generate_private_key(public_exponent=65537, key_size=1024).public_key()),
        pem_of(rsa.generate_private_key(public_exponent=3, key_size=2048).public_key()),
        pem_of(ec.generate_private_key(ec.SECP256K1()).public_key()),
        pem_of(ed448.Ed448PrivateKey.generate().public_key()),
        pem_of(dsa.generate_private_key(1024).public_key()),
    ],
    ids=range(13),
)
def test_refuses_what_cannot_be_trusted(pem: object) -> None:
    with pytest.raises(PemError):
        pem_to_public_key(pem)
