"""A backup opens with its passphrase and nothing else, by other software too, and never keeps anybody busy."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap

from badges.errors import InvalidInputError
from badges.keyring.archive import seal, unseal

WORDS = "five words that are good"


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_opens_with_its_passphrase_only() -> None:
    text = seal(b"content", WORDS)
    assert unseal(text + "\n", WORDS) == b"content"
    assert "\n" not in text
    for other in ("five words that are bad", "", WORDS + " "):
        with pytest.raises(InvalidInputError, match="does not open"):
            unseal(text, other)


def test_opens_by_the_standard_without_our_code() -> None:
    """As whoever finds it in twenty years would. Source: RFC 7516, 5.2; RFC 7518, 4.8.1."""
    header_part, key_part, nonce, content, tag = seal(b"content", WORDS).split(".")
    header = json.loads(decoded(header_part))
    assert (header["alg"], header["enc"]) == ("PBES2-HS512+A256KW", "A256GCM")
    assert header["p2c"] >= 210_000  # OWASP, "Password Storage Cheat Sheet", for SHA-512
    salt = header["alg"].encode() + b"\0" + decoded(header["p2s"])
    wrapping = PBKDF2HMAC(hashes.SHA512(), 32, salt, header["p2c"]).derive(WORDS.encode())
    key = aes_key_unwrap(wrapping, decoded(key_part))
    opened = AESGCM(key).decrypt(decoded(nonce), decoded(content) + decoded(tag), header_part.encode())
    assert opened == b"content"


@pytest.mark.parametrize("place", range(5))
def test_one_changed_letter_is_noticed(place: int) -> None:
    parts = seal(b"content", WORDS).split(".")
    middle = len(parts[place]) // 2
    parts[place] = parts[place][:middle] + ("A" if parts[place][middle] != "A" else "B") + parts[place][middle + 1 :]
    with pytest.raises(InvalidInputError, match="does not open"):
        unseal(".".join(parts), WORDS)


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "PBES2-HS512+A256KW", "enc": "A256GCM", "p2c": 10**9, "p2s": "AAAAAAAAAAA"},
        {"alg": "dir", "enc": "A256GCM"},
        {"alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2c": 1, "p2s": "AAAAAAAAAAA"},
        {"alg": "none"},
        {},
    ],
    ids=str,
)
def test_header_of_another_kind_is_refused_at_once(header: dict[str, object]) -> None:
    rest = seal(b"content", WORDS).split(".", 1)[1]
    began = time.monotonic()
    with pytest.raises(InvalidInputError):
        unseal(f"{encoded(header)}.{rest}", WORDS)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("text", ["", "text", "....", "a.b.c.d.e", "é" * 100, "e30.e30.e30.e30.e30", "\0"])
def test_what_is_no_backup_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        unseal(text, WORDS)
