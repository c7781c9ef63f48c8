"""Secrets that must be read again, kept in the database in a form that opens only with the keys folder."""

from __future__ import annotations

import base64
import hmac
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from badges.errors import ConfigurationError
from badges.services.context import Installation

_NONCE_BYTES: Final = 12


def seal_secret(installation: Installation, text: str, *, of: str) -> str:
    """Return a secret, encrypted. of: what it belongs to, such as "totp:7"; it opens for nothing else."""
    nonce = os.urandom(_NONCE_BYTES)
    return base64.b64encode(nonce + AESGCM(_key(installation)).encrypt(nonce, text.encode(), of.encode())).decode()


def open_secret(installation: Installation, kept: str, *, of: str) -> str:
    """Return a secret in clear. Raises ConfigurationError when it was made with another keys folder."""
    raw = base64.b64decode(kept)
    try:
        return AESGCM(_key(installation)).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], of.encode()).decode()
    except InvalidTag as error:
        raise ConfigurationError(
            "A secret in the database does not open with links.secret in the keys folder. Put the right file back "
            "from your copy."
        ) from error


def secret_digest(installation: Installation, text: str, *, of: str) -> str:
    """Return a keyed hash of a secret that need not be read again: 64 hex digits."""
    return hmac.digest(_key(installation), f"{of}:{text}".encode(), "sha256").hex()


def _key(installation: Installation) -> bytes:
    return hmac.digest(installation.secrets.secret("links"), b"secrets in the database", "sha256")
