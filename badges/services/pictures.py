"""Pictures that somebody uploads: made safe in a child process, which may fail without harm."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from threading import BoundedSemaphore
from typing import Any, Final

from badges.errors import InvalidInputError, UnavailableError
from badges.rendering.cleaning import MOST_BYTES, Picture

PATIENCE_SECONDS: Final = 15
# So many pictures at once in this process: each may take the memory of one child.
_PLACES: Final = BoundedSemaphore(2)


def checked_picture(data: bytes, *, field: str = "picture") -> Picture:
    """Return an uploaded picture, cleaned and drawn: PNG, JPEG or SVG by its bytes, at most 2 MB.

    field: the input to name in the error.

    Raises InvalidInputError for what is no picture or is not safe, UnavailableError when too many are being opened.
    """
    if not data:
        raise InvalidInputError("Choose a picture.", field=field)
    if len(data) > MOST_BYTES:
        raise InvalidInputError(
            "The picture is too large: at most %(most)s megabytes.", field=field, most=MOST_BYTES // 1024**2
        )
    if not _PLACES.acquire(timeout=PATIENCE_SECONDS):
        raise UnavailableError("Too many pictures are being opened. Try again in a minute.")
    try:
        answer = _ask_child(data)
    finally:
        _PLACES.release()
    if answer is None:
        raise InvalidInputError(
            "This picture took too much memory or time to open. Save it smaller, as a PNG.", field=field
        )
    if "problem" in answer:
        raise InvalidInputError(answer["problem"], field=field, **answer["values"])
    return Picture(answer["svg"], base64.b64decode(answer["png"]), answer["width"], answer["height"])


def _ask_child(data: bytes) -> Any:
    """Return what the child says; None when it died."""
    command = [sys.executable, "-m", "badges.rendering.cleaning_child"]
    try:
        done = subprocess.run(  # noqa: S603 — our own module, and the picture only on its input
            command, input=data, capture_output=True, timeout=PATIENCE_SECONDS, check=False
        )
        return json.loads(done.stdout) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError):
        return None
