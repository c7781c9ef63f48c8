"""An encrypted text that any JOSE software opens with its passphrase, also when this service is long gone."""

from __future__ import annotations

from typing import Final

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from badges.errors import InvalidInputError

SHORTEST_PASSPHRASE: Final = 12
LIMIT_BYTES: Final = 64 * 1024 * 1024
_KEY_WRAPPING: Final = "PBES2-HS512+A256KW"
_CONTENT: Final = "A256GCM"
# More than OWASP asks for (210,000 with SHA-512), and less than what JOSE software refuses as an attack (300,000).
_ROUNDS: Final = 250_000


def check_passphrase(text: str) -> str:
    """Return a new passphrase. Raises InvalidInputError for one that is too short, or cannot be typed again."""
    if len(text) < SHORTEST_PASSPHRASE or text != text.strip() or not text.isprintable():
        raise InvalidInputError(
            "A passphrase has at least %(least)s characters, in one line, with no space before or after. "
            "Five words that have nothing to do with each other are good.",
            field="passphrase",
            least=SHORTEST_PASSPHRASE,
        )
    return text


def seal(content: bytes, passphrase: str) -> str:
    """Return content, encrypted, as one line. Raises InvalidInputError as check_passphrase.

    Source: RFC 7516, 7.1; RFC 7518, 4.8 (PBES2, here with SHA-512 and 250,000 rounds) and 5.3 (AES-256-GCM).
    """
    header = {"alg": _KEY_WRAPPING, "enc": _CONTENT, "p2c": _ROUNDS, "typ": "JWE"}
    key = OctKey.import_key(check_passphrase(passphrase).encode())
    return jwe.encrypt_compact(header, content, key, algorithms=[_KEY_WRAPPING, _CONTENT])


def unseal(text: str, passphrase: str) -> bytes:
    """Return what was encrypted. Raises InvalidInputError when it does not open: it is damaged, or has another
    passphrase.
    """
    try:
        if not passphrase or len(text) > LIMIT_BYTES:
            raise ValueError(text[:20])
        key = OctKey.import_key(passphrase.encode())
        content = jwe.decrypt_compact(text.strip(), key, algorithms=[_KEY_WRAPPING, _CONTENT]).plaintext
    except (JoseError, ValueError, TypeError, AttributeError, KeyError) as problem:
        raise InvalidInputError(
            "This backup does not open: the passphrase is another, or the file is damaged.", field="passphrase"
        ) from problem
    return content or b""
