"""Rules of Open Badges 0.5 to 1.1 that a table of members cannot express."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from badges.standards.shapes import Severity, ShapeProblem, join_path
from badges.vocab.json import JsonObject
from badges.wording import say

_HASH: Final = re.compile(r"(?:md5\$[0-9a-f]{32}|sha1\$[0-9a-f]{40}|sha256\$[0-9a-f]{64})", re.IGNORECASE | re.ASCII)


def check_old_identity(identity: JsonObject, path: str) -> Iterator[ShapeProblem]:
    """A recipient is an e-mail address, or the hash of one.

    Source: Open Badges 1.1, "IdentityHash"; 0.5, "recipient".
    """
    text = identity.get("identity")
    if not isinstance(text, str):
        return
    is_hash = _HASH.fullmatch(text) is not None
    if is_hash is identity.get("hashed") and (is_hash or "@" in text):
        return
    message = say("The recipient must be an e-mail address, or the hash of one.")
    yield ShapeProblem(join_path(path, "identity"), message, Severity.ERROR, "Open Badges 1.1, “IdentityObject”")
